package dev.banyan.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** Counts what happens. Any thread may add; an add is a striped one and allocates nothing once the stripes are there. */
public final class Counter implements Series {
    private final LongAdder count = new LongAdder();
    private final boolean silent;

    Counter() {
        this(false);
    }

    /** @param silent whether it counts nothing */
    Counter(boolean silent) {
        this.silent = silent;
    }

    public void increment() {
        add(1);
    }

    /** @param more at least 0: a counter never goes back */
    public void add(long more) {
        assert more >= 0;
        if (!silent) {
            count.add(more);
        }
    }

    /** How many so far; adds that run at the same time may be missing. */
    public long total() {
        return count.sum();
    }

    @Override
    public Reading read() {
        return new Reading.Count(total());
    }
}
