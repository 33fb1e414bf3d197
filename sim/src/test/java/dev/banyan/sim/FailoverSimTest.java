package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Never two servers that take writes, no acknowledged commit missing at the primary in use, and all well again after the storm; whatever crashes,
 * hangs and is lost. {@code -Dsim.seeds=N} runs more of them, {@code -Dsim.first=N} from another on.
 */
class FailoverSimTest {
    private static final int SEEDS = Integer.getInteger("sim.seeds", 1_000);
    private static final int FIRST = Integer.getInteger("sim.first", 1);
    private static final int MANY = 5_000;

    @Test
    void everythingHolds_whateverTheSeed() {
        List<String> wrongs = new ArrayList<>();
        for (int seed = FIRST; seed < FIRST + SEEDS && wrongs.size() < 10; seed++) {
            for (String wrong : FailoverSim.run(seed)) {
                wrongs.add("seed " + seed + ": " + wrong);
            }
        }
        assertThat(wrongs).isEmpty();
    }

    @Test
    void theSameSeedIsTheSameRun() {
        assertThat(FailoverSim.run(7)).isEqualTo(FailoverSim.run(7));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void aFlawedWorldIsSeen(Flaw flaw) {
        assertThat(IntStream.rangeClosed(1, MANY).anyMatch(seed -> !FailoverSim.run(seed, flaw).isEmpty())).isTrue();
    }
}
