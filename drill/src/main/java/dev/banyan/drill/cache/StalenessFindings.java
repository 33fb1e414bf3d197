package dev.banyan.drill.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What the readers and writers found. Safe for any thread. */
final class StalenessFindings {
    private static final int EXAMPLES = 10;

    private final Duration bound;
    private final LongAdder writes = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder behind = new LongAdder();
    private final Times.Recorder visible = new Times.Recorder();
    private final Times.Recorder readTimes = new Times.Recorder();
    private final SortedMap<String, Long> failures = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();
    private long stale;
    private long back;
    private long invented;
    private long missing;
    private long stalestNanos;

    StalenessFindings(Duration bound) {
        this.bound = bound;
    }

    void written() {
        writes.increment();
    }

    /** A change was shown so long after its acknowledgement. */
    void visible(long nanos) {
        visible.record(nanos);
    }

    /** @param state an SQLSTATE, or what else there is */
    synchronized void failed(String state) {
        failures.merge(state, 1L, Long::sum);
    }

    /**
     * A read.
     *
     * @param version -1 when nothing was shown
     * @param least what a read that had ended before this began was shown
     */
    void read(String key, long version, Row row, long least, long begunNanos, long tookNanos) {
        reads.increment();
        readTimes.record(tookNanos);
        long replaced = version < 0 ? 0 : row.replacedFor(version, begunNanos);
        if (replaced > 0) {
            behind.increment();
        }
        if (version < least || replaced > bound.toNanos() || version > row.tried()) {
            violated(key, version, row, least, replaced);
        }
        noteStalest(replaced);
    }

    private synchronized void noteStalest(long nanos) {
        stalestNanos = Math.max(stalestNanos, nanos);
    }

    private synchronized void violated(String key, long version, Row row, long least, long replaced) {
        String sentence;
        if (version < 0) {
            missing++;
            sentence = key + " was not there, and its row is";
        } else if (version > row.tried()) {
            invented++;
            sentence = key + " showed version " + version + ", which nobody has written";
        } else if (replaced > bound.toNanos()) {
            stale++;
            sentence = key + " showed version " + version + ", replaced " + replaced / 1_000_000 + " ms before";
        } else {
            back++;
            sentence = key + " showed version " + version + " after " + least;
        }
        if (examples.size() < EXAMPLES) {
            examples.add(sentence);
        }
    }

    synchronized StalenessReport report(List<String> prefixes, CacheDrillOptions options, double seconds, long forgotten) {
        return new StalenessReport(prefixes, options.rows() * prefixes.size(), seconds, writes.sum(), reads.sum(), behind.sum(), bound.toMillis(), stale, back, invented, missing,
                forgotten, stalestNanos / 1e6, visible.times(), readTimes.times(), failures, examples);
    }
}
