package dev.banyan.telemetry;

import dev.banyan.topology.Telemetry.Traces;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which traces are recorded. Those that come without a word of it: a share, by their ids, so that everybody who knows the share says the same.
 * Those that come with one: as it says; but a client that nobody knows cannot have all of them recorded. Either way only so many a second.
 * Safe for any thread.
 */
final class Sampling {
    /** The part of a trace's id that is random in any case. */
    private static final long RANDOM = (1L << 56) - 1;

    private final Allowance own = new Allowance();
    private final Allowance asked = new Allowance();
    private final Allowance told = new Allowance();
    private volatile long below;
    private volatile long most;

    Sampling(Traces traces) {
        use(traces);
    }

    void use(Traces traces) {
        below = (long) (traces.sample().of1() * (RANDOM + 1));
        most = traces.most();
    }

    /** A trace that begins here. */
    boolean begins(long traceLow, long nowNanos) {
        return (traceLow & RANDOM) < below && own.take(most, nowNanos);
    }

    /** A trace that a stranger wants recorded. */
    boolean asked(long nowNanos) {
        return asked.take(most, nowNanos);
    }

    /** A trace that an edge records: no more than edges of this site would begin, lest one that only passes on what its clients say has all recorded. */
    boolean told(long nowNanos) {
        return told.take(2 * most, nowNanos);
    }

    /** So many in each second; one word: the second in the high half, how many were taken in it in the low. */
    private static final class Allowance {
        private final AtomicLong taken = new AtomicLong(-1L << 32);

        boolean take(long most, long nowNanos) {
            long second = nowNanos / 1_000_000_000 & 0x7fff_ffffL;
            while (true) {
                long before = taken.get();
                long count = before >>> 32 == second ? before & 0xffff_ffffL : 0;
                if (count >= most) {
                    return false;
                }
                if (taken.compareAndSet(before, second << 32 | count + 1)) {
                    return true;
                }
            }
        }
    }
}
