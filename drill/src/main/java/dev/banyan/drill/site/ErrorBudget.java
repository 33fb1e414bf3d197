package dev.banyan.drill.site;

import java.time.Duration;

/**
 * How many requests may fail before a drill is given up: a share of those of the last two seconds. Two failures are never too many, for at a low rate they would be a large share.
 * Safe for any thread.
 */
final class ErrorBudget {
    static final Duration SPAN = Duration.ofSeconds(2);
    private static final int SLOTS = 20;
    private static final long SLOT_NANOS = SPAN.toNanos() / SLOTS;
    private static final long NEVER_TOO_MANY = 2;

    private final double share;
    private final long originNanos;
    private final long[] requests = new long[SLOTS];
    private final long[] failed = new long[SLOTS];
    private long last;

    /** @param share above which it is used up, 0 to 1 */
    ErrorBudget(double share, long nowNanos) {
        this.share = share;
        this.originNanos = nowNanos;
    }

    synchronized void ended(boolean failure, long nanos) {
        int slot = slot(nanos);
        requests[slot]++;
        failed[slot] += failure ? 1 : 0;
    }

    /** Of the last two seconds. */
    synchronized Share now(long nanos) {
        slot(nanos);
        long all = 0;
        long bad = 0;
        for (int i = 0; i < SLOTS; i++) {
            all += requests[i];
            bad += failed[i];
        }
        return new Share(bad, all, bad > NEVER_TOO_MANY && bad > share * all);
    }

    /** So many of so many failed; whether that is too many. */
    record Share(long failed, long requests, boolean usedUp) {
        double percent() {
            return requests == 0 ? 0 : 100.0 * failed / requests;
        }
    }

    /** Slots between the last one and this are forgotten; one who comes late counts now. */
    private int slot(long nanos) {
        long number = Math.max(last, (nanos - originNanos) / SLOT_NANOS);
        for (long old = Math.max(last + 1, number - SLOTS + 1); old <= number; old++) {
            requests[(int) (old % SLOTS)] = 0;
            failed[(int) (old % SLOTS)] = 0;
        }
        last = number;
        return (int) (number % SLOTS);
    }
}
