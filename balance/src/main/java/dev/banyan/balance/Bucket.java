package dev.banyan.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one key has used: the moment at which its bucket is full again, and whether it was refused since it last was full, in one word; for
 * shared limits also what its door has admitted and not yet settled. Shared by all loops; every change is one compare-and-set.
 */
final class Bucket {
    /** Taken out of its table: whoever still holds it looks again. */
    static final long GONE = Long.MIN_VALUE;
    /** No more is noted. */
    static final int NONE = Integer.MIN_VALUE;

    private static final VarHandle WORD;
    private static final VarHandle UNSETTLED;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Bucket.class, "word", long.class);
            UNSETTLED = MethodHandles.lookup().findVarHandle(Bucket.class, "unsettled", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    final long key;
    /** The moment in its upper 63 bits, whether it was refused in the lowest. */
    private volatile long word;
    private volatile int unsettled;

    Bucket(long key) {
        this.key = key;
    }

    /** As {@link TokenBuckets#take}, or {@link #GONE}. */
    long take(TokenRate rate, long at) {
        while (true) {
            long seen = word;
            if (seen == GONE) {
                return GONE;
            }
            long before = Math.max((seen >> 1) - at, 0);
            long debt = before + rate.intervalNanos();
            long over = debt - rate.capacityNanos();
            if (over > 0) {
                if ((seen & 1) != 0 || WORD.compareAndSet(this, seen, seen | 1)) {
                    return -over;
                }
            } else if (WORD.compareAndSet(this, seen, (at + debt) << 1 | (before > 0 ? seen & 1 : 0))) {
                return debt;
            }
        }
    }

    /** What {@link #take} would return, with nothing changed. */
    long peek(TokenRate rate, long at) {
        long debt = debt(at) + rate.intervalNanos();
        long over = debt - rate.capacityNanos();
        return over > 0 ? -over : debt;
    }

    void giveBack(TokenRate rate) {
        long seen;
        do {
            seen = word;
        } while (seen != GONE && !WORD.compareAndSet(this, seen, seen - (rate.intervalNanos() << 1)));
    }

    long debt(long at) {
        long seen = word;
        return seen == GONE ? 0 : Math.max((seen >> 1) - at, 0);
    }

    /** Leaves its table if it is full again, or if it lacks no more than one token, was not refused and has nothing to settle. */
    boolean leave(TokenRate rate, long at) {
        long seen = word;
        boolean full = (seen >> 1) <= at;
        boolean little = (seen >> 1) - at <= rate.intervalNanos() && (seen & 1) == 0;
        return seen != GONE && unsettled <= 0 && (full || little) && WORD.compareAndSet(this, seen, GONE);
    }

    /** Takes note of one more token admitted here; how many are by now (below 1 while some were given back), or {@link #NONE} when so many wait to be settled. */
    int owe(int most) {
        while (true) {
            int seen = unsettled;
            if (seen >= most) {
                return NONE;
            }
            if (UNSETTLED.compareAndSet(this, seen, seen + 1)) {
                return seen + 1;
            }
        }
    }

    /** So many fewer are to be settled; how many are left. */
    int settle(int tokens) {
        return (int) UNSETTLED.getAndAdd(this, -tokens) - tokens;
    }

    int unsettled() {
        return unsettled;
    }

    /** The shared debt is known anew: as it was told, and what was admitted here and is not in it. */
    void learn(TokenRate rate, long debtNanos, long at) {
        long seen;
        long next;
        do {
            seen = word;
            next = (at + debtNanos + unsettled * rate.intervalNanos()) << 1 | seen & 1;
        } while (seen != GONE && !WORD.compareAndSet(this, seen, next));
    }
}
