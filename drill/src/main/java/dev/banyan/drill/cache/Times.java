package dev.banyan.drill.cache;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.node.ObjectNode;

/** In milliseconds. */
public record Times(double p50Ms, double p99Ms, double maxMs) {
    private static final long MOST_MICROS = 3_600_000_000L;

    /** What they are made of. Safe for any thread. */
    static final class Recorder {
        private final Histogram micros = new ConcurrentHistogram(MOST_MICROS, 3);

        void record(long nanos) {
            micros.recordValue(Math.clamp(nanos / 1_000, 0, MOST_MICROS));
        }

        Times times() {
            return micros.getTotalCount() == 0 ? new Times(0, 0, 0)
                    : new Times(micros.getValueAtPercentile(50) / 1e3, micros.getValueAtPercentile(99) / 1e3, micros.getMaxValue() / 1e3);
        }
    }

    void write(ObjectNode to, String name) {
        to.put(name + "_p50_ms", p50Ms).put(name + "_p99_ms", p99Ms).put(name + "_max_ms", maxMs);
    }
}
