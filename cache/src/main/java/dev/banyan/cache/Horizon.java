package dev.banyan.cache;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From where on the changes are known: after a start or a gap in the log nobody knows what a late replica lacks, so only the primary is asked,
 * until a replica has ended all that had begun by then. Safe for any thread.
 */
final class Horizon {
    private static final long UNKNOWN = Long.MAX_VALUE;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Clock clock;
    /** What a replica's xmin must have reached. */
    private final AtomicLong floor = new AtomicLong(UNKNOWN);
    private volatile long replicasFromNanos;

    Horizon(Clock clock) {
        this.clock = clock;
        this.replicasFromNanos = clock.nanos();
    }

    /** Changes may have been missed until now. */
    void gap() {
        floor.set(UNKNOWN);
    }

    /** Whether asking a replica may give something that can be kept. */
    boolean asksReplicas() {
        return floor.get() != UNKNOWN && clock.nanos() - replicasFromNanos >= 0;
    }

    /** Whether a load with this snapshot has all changes from before the horizon. */
    boolean allows(Snapshot snapshot) {
        if (!snapshot.standby()) {
            floor.compareAndSet(UNKNOWN, snapshot.xmax());
            return true;
        }
        boolean far = snapshot.xmin() >= floor.get();
        if (!far) {
            replicasFromNanos = clock.nanos() + PAUSE.toNanos();
        }
        return far;
    }
}
