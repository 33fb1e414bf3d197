package dev.banyan.drill;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Times as an HdrHistogram of microseconds, three significant digits, up to an hour. Recording is wait-free from any thread; reading
 * belongs to one thread.
 */
final class Latencies {
    private static final long MOST_MICROS = 3_600_000_000L;
    private static final int DIGITS = 3;

    private final Recorder recorder = recorder();
    private final Histogram total = new Histogram(MOST_MICROS, DIGITS);
    private Histogram interval;

    void record(long nanos) {
        recorder.recordValue(micros(nanos));
    }

    static Recorder recorder() {
        return new Recorder(MOST_MICROS, DIGITS);
    }

    static long micros(long nanos) {
        return Math.clamp(nanos / 1_000, 0, MOST_MICROS);
    }

    /** What was recorded since the last call; valid until the next one. */
    Histogram interval() {
        interval = recorder.getIntervalHistogram(interval);
        total.add(interval);
        return interval;
    }

    /** All that was recorded; valid until the next call. */
    Histogram total() {
        interval();
        return total;
    }

    static double percentileMillis(Histogram times, double percentile) {
        return times.getTotalCount() == 0 ? 0 : times.getValueAtPercentile(percentile) / 1_000.0;
    }

    static double maxMillis(Histogram times) {
        return percentileMillis(times, 100);
    }
}
