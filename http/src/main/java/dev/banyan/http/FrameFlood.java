package dev.banyan.http;

import java.util.concurrent.TimeUnit;

/**
 * Counts the frames of an HTTP/2 connection that cost work and carry nothing: PING, SETTINGS, PRIORITY. More than any client needs is a
 * flood (CVE-2019-9512, 9515). Owned by one IO loop.
 */
final class FrameFlood {
    /** A busy gRPC client measures its bandwidth with some ten pings a second. */
    static final int MOST = 1000;
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private long windowEnds = Long.MIN_VALUE;
    private int count;

    /** Counts one more; true when that is too many. */
    boolean seen(long now) {
        if (now >= windowEnds) {
            windowEnds = now + WINDOW_NANOS;
            count = 0;
        }
        return ++count > MOST;
    }
}
