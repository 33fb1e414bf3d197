package dev.banyan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * No request is answered twice, no byte of one answer is in another, what may not be sent twice is not, every request ends, nothing is
 * lost; whatever servers and clients do. {@code -Dsim.seeds=N} runs more of them, {@code -Dsim.first=N} from another on.
 */
class FrontDoorSimTest {
    private static final int SEEDS = Integer.getInteger("sim.seeds", 1_000);
    private static final int FIRST = Integer.getInteger("sim.first", 1);

    @Test
    void everythingHolds_whateverTheSeed() {
        List<String> wrongs = new ArrayList<>();
        for (int seed = FIRST; seed < FIRST + SEEDS && wrongs.size() < 10; seed++) {
            for (String wrong : FrontDoorSim.run(seed)) {
                wrongs.add("seed " + seed + ": " + wrong);
            }
        }
        assertThat(wrongs).isEmpty();
    }
}
