package dev.banyan.drill.tour;

import dev.banyan.drill.LoadInterval;
import dev.banyan.drill.LoadReport.FailedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Intervals of the load, added up from a moment on. Owned by a {@link TourLog}. */
final class Sum {
    private final double fromS;
    private final SortedMap<String, Long> byKind = new TreeMap<>();
    private final List<FailedRequest> firstFailures = new ArrayList<>();
    private Optional<Histogram> latency = Optional.empty();
    private long requests;
    private long failed;

    Sum(double fromS) {
        this.fromS = fromS;
    }

    void add(LoadInterval interval) {
        requests += interval.requests();
        failed += interval.failed();
        interval.byKind().forEach((kind, count) -> byKind.merge(kind, count, Long::sum));
        interval.firstFailures().stream().limit(Math.max(0, Phase.MOST_FAILURES - firstFailures.size())).forEach(firstFailures::add);
        latency.ifPresentOrElse(all -> all.add(interval.latency()), () -> latency = Optional.of(interval.latency().copy()));
    }

    double fromS() {
        return fromS;
    }

    long requests() {
        return requests;
    }

    long failed() {
        return failed;
    }

    SortedMap<String, Long> byKind() {
        return byKind;
    }

    List<FailedRequest> firstFailures() {
        return firstFailures;
    }

    /** Whether any of the users' steps ended. */
    boolean timed() {
        return latency.filter(all -> all.getTotalCount() > 0).isPresent();
    }

    /** 0 when none ended. */
    double percentileMillis(double percentile) {
        return timed() ? latency.orElseThrow().getValueAtPercentile(percentile) / 1_000.0 : 0;
    }
}
