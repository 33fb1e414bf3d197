package dev.banyan.balance;

/**
 * A server's time to first byte as a moving average that forgets with time: after the peak-sensitive average of Finagle's load balancer. An
 * answer faster than the average moves it by the time since the last answer, 1 - exp(-dt/tau); a slower one by a tenth of the difference at
 * least, so that a server that turns slow is left alone after a few answers. A server without answers is forgiven, so that it is asked again.
 *
 * <p>Shared by all threads. Two that write at once may lose one sample of thousands; nothing else can go wrong, so nothing is locked.
 */
final class ResponseTime {
    /** In seconds: after so long without answers 37 % of the average are left. */
    private static final double TAU_NANOS = 10e9;

    /**
     * The part of the difference by which one slower answer raises the average. Finagle's 1 follows the longest answers of the last seconds,
     * which says little when times vary; in {@code bench/balance} anything from 0.03 to 0.1 is best, and 0.25 already a third worse when they
     * vary much.
     */
    private static final double RISE = 0.1;

    private volatile double averageNanos;
    private volatile long lastNanos;

    /** The first byte of an answer was seen so long after its request was sent. */
    void observe(long ttfbNanos, long nowNanos) {
        double average = averageNanos;
        double sample = Math.max(ttfbNanos, 1);
        double part = average == 0 ? 1 : 1 - Math.exp(-Math.max(nowNanos - lastNanos, 0) / TAU_NANOS);
        if (sample > average) {
            part = Math.max(part, RISE);
        }
        averageNanos = average + (sample - average) * part;
        lastNanos = nowNanos;
    }

    /** Forgives a server that has not answered since: called about once a second. */
    void forgive(long nowNanos) {
        long idle = nowNanos - lastNanos;
        if (averageNanos > 0 && idle > 1_000_000_000L) {
            averageNanos = Math.max(averageNanos * Math.exp(-idle / TAU_NANOS), 1);
            lastNanos = nowNanos;
        }
    }

    /** In nanoseconds; 0 before the first answer. */
    double averageNanos() {
        return averageNanos;
    }
}
