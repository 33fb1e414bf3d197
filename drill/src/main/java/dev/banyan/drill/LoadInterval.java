package dev.banyan.drill;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What a running load saw between two looks at it. A request counts where it ends.
 *
 * @param requests that ended
 * @param failed of those
 * @param byKind failures by kind, as in {@link LoadReport#byKind}
 * @param firstFailures the first few of each kind
 * @param latency of the arrivals that ended, microseconds from the intended send time; nobody writes to it any more
 */
public record LoadInterval(long requests, long failed, SortedMap<String, Long> byKind, List<LoadReport.FailedRequest> firstFailures, Histogram latency) {
    public LoadInterval {
        byKind = Collections.unmodifiableSortedMap(new TreeMap<>(byKind));
        firstFailures = List.copyOf(firstFailures);
    }

    /** Milliseconds; 0 when no arrival ended. */
    public double percentileMillis(double percentile) {
        return Latencies.percentileMillis(latency, percentile);
    }
}
