package dev.banyan.engines;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next restart: 250 ms, doubling to 30 s, each shortened by up to a fifth at random so that instances that fell
 * together do not come back together. A process that had stayed up for 30 s begins anew. Owned by one thread.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration STABLE = Duration.ofSeconds(30);
    private static final double JITTER = 0.2;

    private final RandomGenerator random;
    private int attempt;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The wait after a process that ran this long. */
    Duration after(Duration ran) {
        attempt = ran.compareTo(STABLE) >= 0 ? 1 : attempt + 1;
        int doublings = Math.min(attempt - 1, 20);
        long whole = Math.min(FIRST.toMillis() << doublings, LONGEST.toMillis());
        return Duration.ofMillis(Math.round(whole * (1 - JITTER * random.nextDouble())));
    }

    /** How many restarts in a row, this one included. */
    int attempt() {
        return attempt;
    }
}
