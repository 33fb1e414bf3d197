package dev.banyan.drill.site;

import org.HdrHistogram.Histogram;

/** The requests that ended within one second. Not safe for several threads. */
final class Second {
    private static final long MOST_MICROS = 3_600_000_000L;

    private final Histogram times = new Histogram(1, MOST_MICROS, 2);
    private long failed;

    void ended(boolean failure, long nanos) {
        times.recordValue(Math.clamp(nanos / 1_000, 0, MOST_MICROS));
        failed += failure ? 1 : 0;
    }

    long requests() {
        return times.getTotalCount();
    }

    long failed() {
        return failed;
    }

    double p99Ms() {
        return requests() == 0 ? 0 : times.getValueAtPercentile(99) / 1e3;
    }

    /** As good as the steady state: requests were answered, none failed, and the slowest waited no longer than is usual. */
    boolean asBefore(double boundMs) {
        return requests() > 0 && failed == 0 && p99Ms() <= boundMs;
    }

    /** All that ended in either. */
    void add(Second other) {
        times.add(other.times);
        failed += other.failed;
    }

    double percentileMs(double percentile) {
        return requests() == 0 ? 0 : times.getValueAtPercentile(percentile) / 1e3;
    }
}
