package dev.banyan.control.database;

import java.time.Duration;

/** The PostgreSQL router, as control uses it. Thread-safe; only {@link #hold} blocks. */
public interface DatabaseDoor {
    /** The servers to use from now on. Never throws. */
    void use(View view);

    /**
     * New transactions wait from now on.
     *
     * @return when no transaction is open at the primary or the time is over
     */
    Held hold(Duration atMost) throws InterruptedException;

    /** New transactions wait no longer. */
    void release();

    /**
     * How a hold began.
     *
     * @param open transactions that are still open; 0 when all have ended
     */
    record Held(int open) {}
}
