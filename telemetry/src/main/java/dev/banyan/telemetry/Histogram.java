package dev.banyan.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long things take. Any thread may record: two adds in its own stripe, no allocation (but for 8 KiB when a stripe is first used), no
 * lock. Two threads of one stripe are still counted right; they only share cache lines.
 */
public final class Histogram implements Series {
    private static final int STRIPES = Math.min(8, Integer.highestOneBit(Math.max(1, 2 * Runtime.getRuntime().availableProcessors() - 1)));
    private static final int SUM = Buckets.COUNT;

    // A stripe is published by a race, which is safe: AtomicLongArray's only field is final.
    private final AtomicLongArray[] stripes = new AtomicLongArray[STRIPES];

    private final boolean silent;

    Histogram() {
        this(false);
    }

    /** @param silent whether it records nothing */
    Histogram(boolean silent) {
        this.silent = silent;
    }

    /** @param nanos how long it took, in nanoseconds; a negative one counts as 0 */
    public void record(long nanos) {
        if (silent) {
            return;
        }
        AtomicLongArray mine = stripe((int) Thread.currentThread().threadId() & STRIPES - 1);
        mine.getAndIncrement(Buckets.index(nanos));
        mine.getAndAdd(SUM, Math.max(0, nanos));
    }

    /** All that was recorded so far; what is being recorded may be missing. */
    public Distribution distribution() {
        long[] counts = new long[Buckets.COUNT];
        long sumNanos = 0;
        for (AtomicLongArray stripe : stripes) {
            if (stripe != null) {
                sumNanos += stripe.getPlain(SUM);
                for (int i = 0; i < Buckets.COUNT; i++) {
                    counts[i] += stripe.getPlain(i);
                }
            }
        }
        return new Distribution(counts, sumNanos);
    }

    @Override
    public Reading read() {
        return new Reading.Spread(distribution());
    }

    private AtomicLongArray stripe(int index) {
        AtomicLongArray stripe = stripes[index];
        return stripe != null ? stripe : begin(index);
    }

    private synchronized AtomicLongArray begin(int index) {
        if (stripes[index] == null) {
            stripes[index] = new AtomicLongArray(Buckets.COUNT + 1);
        }
        return stripes[index];
    }
}
