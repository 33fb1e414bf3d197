package dev.banyan.balance;

/**
 * Passive health: how long a server is left alone after its requests failed. The first ejection lasts the base time, each further one that
 * long again, up to ten times; each base time served well takes one repeat off. Owned by its group's lock.
 */
final class Ejections {
    static final int MOST_REPEATS = 10;

    private boolean ejected;
    private int repeats;
    private long untilNanos;
    private long calmSinceNanos;

    boolean ejected() {
        return ejected;
    }

    /** Ejects, and returns for how many nanoseconds. */
    long eject(long baseNanos, long nowNanos) {
        ejected = true;
        repeats = Math.min(repeats + 1, MOST_REPEATS);
        long length = baseNanos * repeats;
        untilNanos = nowNanos + length;
        return length;
    }

    /** Ends an ejection whose time is over; true when it did. */
    boolean end(long nowNanos) {
        if (!ejected || nowNanos - untilNanos < 0) {
            return false;
        }
        ejected = false;
        calmSinceNanos = nowNanos;
        return true;
    }

    /** Takes off the repeats that good time has made up for. */
    void forgive(long baseNanos, long nowNanos) {
        while (!ejected && repeats > 0 && nowNanos - calmSinceNanos >= baseNanos) {
            repeats--;
            calmSinceNanos += baseNanos;
        }
    }

    /** How often in short time it was ejected, 1 to 10. */
    int repeats() {
        return repeats;
    }
}
