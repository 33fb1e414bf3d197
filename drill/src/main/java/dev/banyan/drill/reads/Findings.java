package dev.banyan.drill.reads;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What all sessions found. Safe for any thread. */
final class Findings {
    private static final int EXAMPLES = 10;
    private static final long MOST_MICROS = 3_600_000_000L;

    final LongAdder reads = new LongAdder();
    final LongAdder writes = new LongAdder();
    final LongAdder transactions = new LongAdder();
    final LongAdder carried = new LongAdder();
    final LongAdder reconnects = new LongAdder();
    private final AtomicLong left;
    private final Histogram readTimes = new ConcurrentHistogram(MOST_MICROS, 3);
    private final Histogram writeTimes = new ConcurrentHistogram(MOST_MICROS, 3);
    private final Map<Violation.Kind, Long> violations = new EnumMap<>(Violation.Kind.class);
    private final SortedMap<String, Long> failures = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();

    Findings(long operations) {
        this.left = new AtomicLong(operations);
    }

    /** Takes one operation of those that are left. */
    boolean take() {
        return left.getAndDecrement() > 0;
    }

    /** No more operations. */
    void stop() {
        left.set(0);
    }

    long left() {
        return Math.max(0, left.get());
    }

    void read(long nanos) {
        reads.increment();
        readTimes.recordValue(micros(nanos));
    }

    void written(long nanos) {
        writes.increment();
        writeTimes.recordValue(micros(nanos));
    }

    private static long micros(long nanos) {
        return Math.clamp(nanos / 1_000, 0, MOST_MICROS);
    }

    synchronized void violated(Violation violation) {
        violations.merge(violation.kind(), 1L, Long::sum);
        if (examples.size() < EXAMPLES) {
            examples.add(violation.sentence());
        }
    }

    /** @param state an SQLSTATE, or what else there is */
    synchronized void failed(String state) {
        failures.merge(state, 1L, Long::sum);
    }

    synchronized SortedMap<String, Long> violations() {
        SortedMap<String, Long> byKind = new TreeMap<>();
        violations.forEach((kind, count) -> byKind.put(kind.key(), count));
        return byKind;
    }

    synchronized SortedMap<String, Long> failures() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(failures));
    }

    synchronized List<String> examples() {
        return List.copyOf(examples);
    }

    ReadYourWritesReport.Times readTimes() {
        return times(readTimes);
    }

    ReadYourWritesReport.Times writeTimes() {
        return times(writeTimes);
    }

    private static ReadYourWritesReport.Times times(Histogram of) {
        return of.getTotalCount() == 0 ? new ReadYourWritesReport.Times(0, 0, 0)
                : new ReadYourWritesReport.Times(of.getValueAtPercentile(50) / 1e3, of.getValueAtPercentile(99) / 1e3, of.getMaxValue() / 1e3);
    }
}
