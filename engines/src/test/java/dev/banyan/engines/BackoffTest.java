package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration AT_ONCE = Duration.ofMillis(10);

    @Test
    void doublesFromAQuarterSecondToHalfAMinute() {
        Backoff backoff = new Backoff(() -> 0L);
        List<Long> waits = IntStream.range(0, 10).mapToObj(i -> backoff.after(AT_ONCE).toMillis()).toList();
        assertThat(waits).containsExactly(250L, 500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L, 30_000L);
        assertThat(backoff.attempt()).isEqualTo(10);
    }

    @Test
    void shortensEachWaitByAFifthAtMost() {
        Backoff backoff = new Backoff(() -> -1L);
        assertThat(backoff.after(AT_ONCE).toMillis()).isEqualTo(200);
    }

    @Test
    void beginsAnew_afterAProcessThatStayedUp() {
        Backoff backoff = new Backoff(() -> 0L);
        IntStream.range(0, 5).forEach(i -> backoff.after(Duration.ofSeconds(29)));
        assertThat(backoff.after(Duration.ofSeconds(30))).isEqualTo(Duration.ofMillis(250));
        assertThat(backoff.attempt()).isEqualTo(1);
    }

    @Test
    void neverOverflows() {
        Backoff backoff = new Backoff(RandomGenerator.of("L64X128MixRandom"));
        assertThat(IntStream.range(0, 10_000).mapToObj(i -> backoff.after(AT_ONCE))).allMatch(wait -> wait.isPositive() && wait.toSeconds() <= 30);
    }
}
