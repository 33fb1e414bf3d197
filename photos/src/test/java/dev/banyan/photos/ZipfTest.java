package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ZipfTest {
    @Test
    void sharesFollowTheLaw() {
        int[] hits = hits(100, 1.1, 200_000);
        double sum = 0;
        for (int k = 1; k <= 100; k++) {
            sum += Math.pow(k, -1.1);
        }
        for (int rank : new int[] {0, 1, 4, 9}) {
            assertThat(hits[rank] / 200_000.0).isCloseTo(Math.pow(rank + 1, -1.1) / sum, within(0.005));
        }
    }

    @Test
    void exponentZeroIsUniform() {
        for (int count : hits(10, 0, 100_000)) {
            assertThat(count / 100_000.0).isCloseTo(0.1, within(0.005));
        }
    }

    @Test
    void theSameSeedGivesTheSameRanks() {
        assertThat(hits(50, 1, 1_000)).isEqualTo(hits(50, 1, 1_000));
    }

    @Test
    void oneRankIsAlwaysThatRank() {
        assertThat(hits(1, 2, 10)).containsExactly(10);
    }

    @Test
    void refusesNoRanksAndStrangeExponents() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Zipf(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Zipf(5, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Zipf(5, Double.NaN));
    }

    private static int[] hits(int ranks, double exponent, int draws) {
        SplittableRandom random = new SplittableRandom(42);
        Zipf zipf = new Zipf(ranks, exponent);
        int[] hits = new int[ranks];
        for (int i = 0; i < draws; i++) {
            hits[zipf.next(random)]++;
        }
        return hits;
    }
}
