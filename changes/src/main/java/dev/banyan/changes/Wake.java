package dev.banyan.changes;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the one that waits, or the next one to wait. Any thread may ring. */
final class Wake {
    private final Semaphore rung = new Semaphore(0);

    void ring() {
        if (rung.availablePermits() == 0) {
            rung.release();
        }
    }

    /** Waits for a ring, at most so long. */
    void await(Duration time) throws InterruptedException {
        rung.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS);
        rung.drainPermits();
    }
}
