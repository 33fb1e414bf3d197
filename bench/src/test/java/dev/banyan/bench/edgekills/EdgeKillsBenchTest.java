package dev.banyan.bench.edgekills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The quick form of {@code bench/edge-kills}, whole. */
class EdgeKillsBenchTest {
    @Test
    void whateverDies_whatMayBeStoredIsServed_andEveryFailureIsOneThatMustBe() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        List<Phase> phases;
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            phases = EdgeKillsBench.run(new String[] {"--quick"}, out);
        }
        String said = printed.toString(StandardCharsets.UTF_8);
        assertThat(phases).extracting(Phase::name).containsExactly("all up", "edge-1 dead", "all up, edge-1 empty at first", "edge-2 dead", "all up, edge-2 empty at first", "origin dead",
                "origin and edge-1 dead", "all up again");
        assertThat(phases).as(said).allSatisfy(phase -> {
            assertThat(phase.requests()).isGreaterThan(100);
            assertThat(phase.storableFailed()).isZero();
        });
        for (Phase phase : phases) {
            boolean originDead = phase.name().startsWith("origin");
            boolean justBack = phase.name().equals("all up again");
            if (!originDead && !justBack) {
                assertThat(phase.failures().keySet()).as(said).allMatch(why -> why.startsWith("another edge after"));
            }
        }
        assertThat(phases.get(1).moves() + phases.get(3).moves()).as("clients whose edge died").isPositive();
        assertThat(phases.get(5).hits()).as("hits without an origin").isPositive();
        assertThat(phases.get(5).failures().keySet()).as("what nobody may store fails without an origin").anyMatch(why -> why.startsWith("not storable: status 50"));
    }

    @Test
    void whatCannotBeUsedIsRefusedWithASentence() {
        assertThatThrownBy(() -> EdgeKillsBench.run(new String[] {"--fast"}, System.out)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("usage: bench/edge-kills");
    }
}
