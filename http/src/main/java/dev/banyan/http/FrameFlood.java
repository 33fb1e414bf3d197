package dev.banyan.http;

import java.util.concurrent.TimeUnit;

/**
 * Counts what costs work on an HTTP/2 connection and carries nothing: PING, SETTINGS and PRIORITY frames (CVE-2019-9512, 9515), or streams
 * that must be reset for their client's faults (CVE-2025-8671). More than any client needs is a flood. Owned by one IO loop.
 */
final class FrameFlood {
    /** A busy gRPC client measures its bandwidth with some ten pings a second. */
    static final int MOST_CONTROL_FRAMES = 1000;
    static final int MOST_STREAM_ERRORS = 200;
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int most;
    private long windowEnds = Long.MIN_VALUE;
    private int count;

    /** @param most in {@link #WINDOW_NANOS} */
    FrameFlood(int most) {
        this.most = most;
    }

    /** Counts one more; true when that is too many. */
    boolean seen(long now) {
        if (now >= windowEnds) {
            windowEnds = now + WINDOW_NANOS;
            count = 0;
        }
        return ++count > most;
    }
}
