package dev.banyan.balance;

/** Slow start: a new or recovered server's share grows in a straight line from a tenth to the whole. Owned by its group's lock. */
final class Ramp {
    static final double FIRST_SHARE = 0.1;

    private boolean ramping;
    private long startNanos;

    void start(long nowNanos) {
        ramping = true;
        startNanos = nowNanos;
    }

    boolean ramping() {
        return ramping;
    }

    /** Its share of its weight by now, 0.1 to 1; the ramp is over once it is 1. */
    double share(long durationNanos, long nowNanos) {
        long elapsed = nowNanos - startNanos;
        if (ramping && elapsed >= durationNanos) {
            ramping = false;
        }
        return ramping ? FIRST_SHARE + (1 - FIRST_SHARE) * Math.max(elapsed, 0) / durationNanos : 1;
    }
}
