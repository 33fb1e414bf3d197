package dev.banyan.net;

import java.time.Duration;
import java.time.Instant;

/** Time, handed to whatever needs it: monotonic nanoseconds for waiting, wall time for telling. */
public interface Clock {
    /** Nanoseconds from an arbitrary origin, never going back. */
    long nanos();

    /** The wall clock's time. */
    Instant now();

    /** Blocks the calling thread, which must not be an IO loop's. */
    void sleep(Duration time) throws InterruptedException;

    static Clock system() {
        return SystemClock.INSTANCE;
    }
}
