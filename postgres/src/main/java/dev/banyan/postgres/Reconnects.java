package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When the next connection to a member may be opened: at any time while it answers; after a failure, one attempt at a time with a growing and
 * scattered pause; once it answers again twice as many each time, so that a server that comes back is not run over. Guarded by the monitor of
 * its {@link MemberPlaces}.
 */
final class Reconnects {
    private static final long LEAST_PAUSE_NANOS = 50_000_000;
    private static final long MOST_PAUSE_NANOS = 1_000_000_000;

    private final RandomGenerator random;
    private Optional<PostgresError> lastFailure = Optional.empty();
    private long pauseNanos;
    private long notBeforeNanos;
    private int atATime = Integer.MAX_VALUE;

    Reconnects(RandomGenerator random) {
        this.random = random;
    }

    /** Whether one more may be opened while so many are being opened. */
    boolean allow(int opening, long nowNanos) {
        return opening < atATime && (lastFailure.isEmpty() || nowNanos - notBeforeNanos >= 0);
    }

    void succeeded() {
        lastFailure = Optional.empty();
        pauseNanos = 0;
        atATime = atATime > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : 2 * atATime;
    }

    /** Attempts that began together and fail together count once. */
    void failed(PostgresError why, long nowNanos) {
        boolean first = lastFailure.isEmpty();
        lastFailure = Optional.of(why);
        atATime = 1;
        if (first || nowNanos - notBeforeNanos >= 0) {
            pauseNanos = Math.clamp(2 * pauseNanos, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS);
            notBeforeNanos = nowNanos + pauseNanos / 2 + random.nextLong(pauseNanos / 2 + 1);
        }
    }

    /** Why it could not be reached; empty while it can. */
    Optional<PostgresError> lastFailure() {
        return lastFailure;
    }
}
