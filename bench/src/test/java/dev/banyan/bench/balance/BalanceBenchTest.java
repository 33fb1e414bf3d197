package dev.banyan.bench.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The quick form of {@code bench/balance}: it runs, and what its algorithms are known for shows. */
class BalanceBenchTest {
    private static final ByteArrayOutputStream PRINTED = new ByteArrayOutputStream();
    private static BalanceReport report;
    private static JsonNode json;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void runTheQuickForm() throws IOException {
        Path file = folder.resolve("balance.json");
        try (PrintStream out = new PrintStream(PRINTED, true, StandardCharsets.UTF_8)) {
            report = BalanceBench.run(new String[] {"--quick", "--json", file.toString()}, out);
        }
        json = new ObjectMapper().readTree(Files.readString(file));
    }

    @Test
    void everyAlgorithmIsPrintedAndWrittenForEveryCase() {
        String printed = PRINTED.toString(StandardCharsets.UTF_8);
        assertThat(printed).contains("power-of-two", "consistent-hash, bound 125%", "[maglev]", "[random(2)]");
        assertThat(json.get("rows").size()).isEqualTo(report.rows().size()).isEqualTo(7 * 10 + 6);
        assertThat(json.get("moves").size()).isEqualTo(4);
        assertThat(json.get("ratios").size()).isEqualTo(7);
    }

    @Test
    void powerOfTwoWaitsNoLongerThanTheSameOfHAProxy() {
        assertThat(report.ratios().values()).allMatch(ratio -> ratio < 1.1);
    }

    @Test
    void theQueuesAreThoseOfTheory() {
        double work = 10;
        assertThat(first("[random]").meanWaitMs()).isCloseTo(work * QueueTheory.random(0.9), within(30.0));
        assertThat(first("power-of-two").meanWaitMs()).isCloseTo(work * QueueTheory.twoChoices(0.9), within(5.0));
        assertThat(first("least-connections").meanWaitMs()).isGreaterThan(work * QueueTheory.oneQueue(20, 0.9));
        assertThat(QueueTheory.oneQueue(1, 0.9)).isCloseTo(QueueTheory.random(0.9), within(1e-9));
    }

    @Test
    void theRingMovesOnlyWhatMustMoveAndMaglevIsEvenerButMovesMore() {
        KeyMoves.Moves ring = moves("consistent-hash");
        KeyMoves.Moves maglev = moves("[maglev]");
        assertThat(ring.movedByAdding()).isCloseTo(1 / 11.0, within(0.02));
        assertThat(ring.movedByRemoving()).isCloseTo(0.1, within(0.02));
        assertThat(maglev.movedByAdding()).isGreaterThan(1 / 11.0 - 0.005);
        assertThat(maglev.most()).isLessThan(ring.most());
        assertThat(moves("hash").movedByAdding()).isGreaterThan(0.85);
    }

    @Test
    void aRecordedTraceIsPlayed() throws IOException {
        Path log = folder.resolve("access.log");
        Files.write(log, List.of(
                "{\"time\":\"2026-01-02T03:04:05.100Z\",\"ms\":20,\"path\":\"/a\",\"status\":200}",
                "",
                "{\"time\":\"2026-01-02T03:04:05.300Z\",\"ms\":45.5,\"waited_ms\":5,\"path\":\"/b\"}",
                "{\"time\":\"2026-01-02T03:04:05.200Z\",\"ms\":10,\"path\":\"/a\"}"));
        Trace trace = RecordedTrace.read(log, 1);
        assertThat(trace.atNanos()).containsExactly(0, 100_000_000, 200_000_000);
        assertThat(trace.workNanos()).containsExactly(20_000_000, 10_000_000, 40_500_000);
        assertThat(trace.keys()[0]).isEqualTo(trace.keys()[1]).isNotEqualTo(trace.keys()[2]);
        BalanceReport played = BalanceBench.run(new String[] {"--trace", log.toString(), "--servers", "2"}, new PrintStream(PRINTED));
        assertThat(played.rows()).hasSize(11).allMatch(row -> row.result().meanWaitMs() < 100);
    }

    @Test
    void whatCannotBeUsedIsRefusedWithItsReason() throws IOException {
        Path log = Files.writeString(folder.resolve("bad.log"), "{\"time\":\"2026-01-02T03:04:05Z\",\"ms\":1,\"path\":\"/\"}\n{\"ms\":1}\n");
        refused("line 2 has no field 'time'", "--trace", log.toString());
        refused("unknown argument --fast", "--fast");
        refused("--json needs a value", "--json");
        refused("--servers is 2.0 to 1000.0, not 1", "--servers", "1");
        refused("needs a number, not 'x'", "--speed-up", "x");
    }

    private static void refused(String reason, String... arguments) {
        assertThatThrownBy(() -> BalanceBench.run(arguments, System.out)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(reason);
    }

    private static PolicySimulation.Result first(String subject) {
        return report.rows().stream().map(BalanceReport.Row::result).filter(result -> result.subject().equals(subject)).findFirst().orElseThrow();
    }

    private static KeyMoves.Moves moves(String subject) {
        return report.moves().stream().filter(moves -> moves.subject().equals(subject)).findFirst().orElseThrow();
    }
}
