package dev.banyan.bench.balance;

/**
 * Requests to be balanced, in the order they come.
 *
 * @param atNanos when each comes
 * @param workNanos how long a server of speed 1 needs for it
 * @param keys what a hash algorithm hashes of it
 */
record Trace(long[] atNanos, long[] workNanos, long[] keys) {
    int size() {
        return atNanos.length;
    }

    /** From the first arrival to the last. */
    long lengthNanos() {
        return atNanos[size() - 1] - atNanos[0];
    }

    /** The work that comes in each second, in seconds: how many servers of speed 1 it keeps busy. */
    double erlangs() {
        double work = 0;
        for (long nanos : workNanos) {
            work += nanos;
        }
        return work / lengthNanos();
    }
}
