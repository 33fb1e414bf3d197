package dev.banyan.drill.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;

/**
 * What was sent to each counter and each row of its own worker, and what of it was acknowledged. A command without an answer, or with an error, may have
 * been done or not. Safe for any thread.
 */
final class WriteLedger {
    private static final int EXAMPLES = 10;

    private final AtomicLongArray acknowledged;
    private final AtomicLongArray unknown;
    private final AtomicLongArray lastSet;
    private final AtomicLongArray lastTried;
    private final List<Set<Long>> sums;
    private final AtomicLong repeated = new AtomicLong();

    WriteLedger(int counters, int workers) {
        this.acknowledged = new AtomicLongArray(counters);
        this.unknown = new AtomicLongArray(counters);
        this.lastSet = new AtomicLongArray(workers);
        this.lastTried = new AtomicLongArray(workers);
        this.sums = Stream.<Set<Long>>generate(ConcurrentHashMap::newKeySet).limit(counters).toList();
    }

    /** @param sum what the answer said it counts now: each may be said once */
    void counted(int counter, long sum) {
        acknowledged.incrementAndGet(counter);
        if (!sums.get(counter).add(sum)) {
            repeated.incrementAndGet();
        }
    }

    /** Sums that were answered more than once: two clients that each had, say, ticket 17. */
    long repeated() {
        return repeated.get();
    }

    void mayHaveCounted(int counter) {
        unknown.incrementAndGet(counter);
    }

    /** The next value of a worker's own row. */
    long next(int worker) {
        return lastTried.incrementAndGet(worker);
    }

    void set(int worker, long value) {
        lastSet.set(worker, value);
    }

    /** Additions that may have been done or not, of all counters. */
    long unknown() {
        long sum = 0;
        for (int i = 0; i < unknown.length(); i++) {
            sum += unknown.get(i);
        }
        return sum;
    }

    /** What a look at the database found: acknowledged writes that are not there, and effects that nobody asked for. */
    record Verdict(long lost, long doubled, List<String> examples) {
        Verdict {
            examples = List.copyOf(examples);
        }
    }

    /**
     * Compares.
     *
     * @param counts of each counter, as the database has it
     * @param values of each worker's own row
     */
    Verdict compare(List<Long> counts, List<Long> values) {
        long lost = 0;
        long doubled = 0;
        List<String> examples = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            long least = acknowledged.get(i);
            long most = least + unknown.get(i);
            lost += Math.max(0, least - counts.get(i));
            doubled += Math.max(0, counts.get(i) - most);
            tell(examples, "counter " + i, counts.get(i), least, most);
        }
        for (int i = 0; i < values.size(); i++) {
            lost += values.get(i) < lastSet.get(i) ? 1 : 0;
            doubled += values.get(i) > lastTried.get(i) ? 1 : 0;
            tell(examples, "worker " + i + "'s row", values.get(i), lastSet.get(i), lastTried.get(i));
        }
        return new Verdict(lost, doubled, examples);
    }

    private static void tell(List<String> examples, String what, long is, long least, long most) {
        if ((is < least || is > most) && examples.size() < EXAMPLES) {
            examples.add(what + " is " + is + ", must be " + least + " to " + most);
        }
    }
}
