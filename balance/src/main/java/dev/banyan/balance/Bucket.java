package dev.banyan.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one key has used: the moment at which its bucket is full again; for shared limits also what its door has admitted and not yet
 * settled. Shared by all loops; every change is one compare-and-set.
 */
final class Bucket {
    /** Taken out of its table: whoever still holds it looks again. */
    static final long GONE = Long.MIN_VALUE;
    /** No more is noted. */
    static final int NONE = Integer.MIN_VALUE;

    private static final VarHandle FULL_AT;
    private static final VarHandle UNSETTLED;

    static {
        try {
            FULL_AT = MethodHandles.lookup().findVarHandle(Bucket.class, "fullAt", long.class);
            UNSETTLED = MethodHandles.lookup().findVarHandle(Bucket.class, "unsettled", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    final long key;
    private volatile long fullAt;
    private volatile int unsettled;

    Bucket(long key) {
        this.key = key;
    }

    /** As {@link TokenLimit#take}, or {@link #GONE}. */
    long take(TokenRate rate, long at) {
        while (true) {
            long seen = fullAt;
            if (seen == GONE) {
                return GONE;
            }
            long debt = Math.max(seen - at, 0) + rate.intervalNanos();
            long over = debt - rate.capacityNanos();
            if (over > 0) {
                return -over;
            }
            if (FULL_AT.compareAndSet(this, seen, at + debt)) {
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
            seen = fullAt;
        } while (seen != GONE && !FULL_AT.compareAndSet(this, seen, seen - rate.intervalNanos()));
    }

    long debt(long at) {
        long seen = fullAt;
        return seen == GONE ? 0 : Math.max(seen - at, 0);
    }

    /** Leaves its table if it is full again and has nothing to settle: nothing is lost with it. */
    boolean leave(long at) {
        long seen = fullAt;
        return seen != GONE && seen <= at && unsettled <= 0 && FULL_AT.compareAndSet(this, seen, GONE);
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
            seen = fullAt;
            next = at + debtNanos + unsettled * rate.intervalNanos();
        } while (seen != GONE && !FULL_AT.compareAndSet(this, seen, next));
    }
}
