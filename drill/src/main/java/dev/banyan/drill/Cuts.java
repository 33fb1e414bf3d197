package dev.banyan.drill;

import dev.banyan.net.Clock;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Cuts a run into intervals at whatever moment is asked for. Written from any thread; cut by one at a time. */
final class Cuts {
    private final Clock clock;
    private final Recorder times = Latencies.recorder();
    private volatile FirstFailures failures;
    private long requestsBefore;
    private long failedBefore;
    private Map<String, Long> kindsBefore = Map.of();

    Cuts(Clock clock) {
        this.clock = clock;
        this.failures = new FirstFailures(clock);
    }

    void ended(long nanos) {
        times.recordValue(Latencies.micros(nanos));
    }

    void failed(Request request, Outcome outcome, Failure why) {
        failures.add(request, outcome, why);
    }

    /** @param kinds all failures so far */
    synchronized LoadInterval cut(long requests, long failed, SortedMap<String, Long> kinds) {
        Histogram latency = times.getIntervalHistogram();
        FirstFailures first = failures;
        failures = new FirstFailures(clock);
        SortedMap<String, Long> since = new TreeMap<>(kinds);
        kindsBefore.forEach((kind, count) -> since.merge(kind, -count, Long::sum));
        since.values().removeIf(count -> count == 0);
        LoadInterval interval = new LoadInterval(requests - requestsBefore, failed - failedBefore, since, first.list(), latency);
        requestsBefore = requests;
        failedBefore = failed;
        kindsBefore = kinds;
        return interval;
    }
}
