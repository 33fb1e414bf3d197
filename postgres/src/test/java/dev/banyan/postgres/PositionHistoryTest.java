package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PositionHistoryTest {
    private static final long NONE = Long.MIN_VALUE;
    private static final long SECOND = 1_000_000_000;

    @Test
    void tellsWhatWasWithinAPositionAndSinceWhenSomethingIsMissing() {
        PositionHistory history = new PositionHistory(0);
        history.add(10, 100);
        history.add(20, 100);
        history.add(30, 200);
        history.add(40, 300);

        assertThat(history.through(99, NONE)).isEqualTo(NONE);
        assertThat(history.isBefore(99)).isTrue();
        assertThat(history.through(100, NONE)).isEqualTo(20);
        assertThat(history.missingSince(100, NONE)).isEqualTo(30);
        assertThat(history.through(299, NONE)).isEqualTo(30);
        assertThat(history.missingSince(299, NONE)).isEqualTo(40);
        assertThat(history.through(300, NONE)).isEqualTo(40);
        assertThat(history.missingSince(300, NONE)).isEqualTo(NONE);
    }

    @Test
    void aSmallerPositionIsAnotherLog() {
        PositionHistory history = new PositionHistory(0);
        history.add(10, 500);
        history.add(20, 100);
        assertThat(history.through(400, NONE)).isEqualTo(20);
        history.clear();
        assertThat(history.isEmpty()).isTrue();
        assertThat(history.through(400, NONE)).isEqualTo(NONE);
    }

    @Test
    void neverFlattersAReplica_howeverMuchItForgets() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PositionHistory history = new PositionHistory(random.nextLong(20 * SECOND));
            TreeMap<Long, Long> byTime = new TreeMap<>();
            long time = -SECOND;
            long position = 1;
            for (int i = 0; i < 5_000; i++) {
                time += 1 + random.nextLong(20_000_000);
                position += random.nextInt(3) == 0 ? 0 : random.nextInt(1_000);
                history.add(time, position);
                byTime.put(time, position);
            }
            for (int i = 0; i < 200; i++) {
                long replayed = random.nextLong(position + 100);
                long through = history.through(replayed, NONE);
                if (through != NONE) {
                    assertThat(byTime.get(through)).isLessThanOrEqualTo(replayed);
                }
                long missing = history.missingSince(replayed, NONE);
                assertThat(missing == NONE).isEqualTo(replayed >= position);
                assertThat(missing == NONE || byTime.get(missing) > replayed).isTrue();
            }
        }
    }

    @Test
    void reachesAsFarBackAsItIsTold() {
        PositionHistory history = new PositionHistory(10 * SECOND);
        for (long i = 1; i <= 6_000; i++) {
            history.add(i * 10_000_000, i);
        }
        long now = 60 * SECOND;
        assertThat(now - history.through(5_000, NONE)).isBetween(10 * SECOND, 10 * SECOND + 40_000_000);
        assertThat(history.isBefore(5_000)).isFalse();
    }
}
