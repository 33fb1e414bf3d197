package dev.banyan.changes;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next try: doubling from 50 ms to 1 s, each shortened by up to a half at random. Owned by one thread. */
final class Backoff {
    private static final long FIRST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 1_000;

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    Duration next() {
        long whole = Math.min(FIRST_MILLIS << Math.min(failures, 10), LONGEST_MILLIS);
        failures++;
        return Duration.ofMillis(Math.round(whole * (1 - 0.5 * random.nextDouble())));
    }

    /** It went well. */
    void reset() {
        failures = 0;
    }
}
