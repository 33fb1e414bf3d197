package dev.banyan.bench.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ZipfLawTest {
    private static final int DRAWN = 200_000;

    @Test
    void keysAreDrawnAsOftenAsTheLawSays() {
        ZipfLaw law = new ZipfLaw(1000, 0.99);
        int[] drawn = law.draw(DRAWN, new SplittableRandom(1));
        assertThat(IntStream.of(drawn)).allMatch(key -> key >= 0 && key < 1000);
        for (int hottest : new int[] {1, 10, 100}) {
            double share = IntStream.of(drawn).filter(key -> key < hottest).count() / (double) DRAWN;
            assertThat(share).as("of the hottest " + hottest).isCloseTo(law.share(hottest), within(0.01));
        }
        assertThat(law.share(1)).isCloseTo(0.13, within(0.01));
        assertThat(law.share(1000)).isEqualTo(1);
    }

    @Test
    void withoutSkewAllAreAlike() {
        ZipfLaw law = new ZipfLaw(100, 0);
        assertThat(law.share(50)).isEqualTo(0.5);
        assertThat(IntStream.of(law.draw(DRAWN, new SplittableRandom(2))).distinct().count()).isEqualTo(100);
    }
}
