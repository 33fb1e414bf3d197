package dev.banyan.drill;

import java.util.ArrayList;
import java.util.List;

/** When nothing was acknowledged: gaps of more than 50 ms between one write's acknowledgement and the next, of all workers. Safe for any thread. */
public final class Gaps {
    /** Shorter ones are scheduling. */
    public static final long LEAST_NANOS = 50_000_000;

    private final List<Gap> gaps = new ArrayList<>();
    private long count;
    private long lastNanos;

    private record Gap(long fromNanos, long untilNanos) {
        long nanos() {
            return untilNanos - fromNanos;
        }
    }

    public synchronized void acknowledged(long nanos) {
        if (count++ > 0 && nanos - lastNanos > LEAST_NANOS) {
            gaps.add(new Gap(lastNanos, nanos));
        }
        lastNanos = count == 1 || nanos - lastNanos > 0 ? nanos : lastNanos;
    }

    /** How many were acknowledged. */
    public synchronized long count() {
        return count;
    }

    /** The longest time without an acknowledgement that a fault at this moment, healed at that one, has caused; 0 when there was no gap. */
    public synchronized long longest(long faultNanos, long healedNanos) {
        return gaps.stream().filter(gap -> gap.untilNanos() - faultNanos > 0 && gap.fromNanos() - healedNanos < 0).mapToLong(Gap::nanos).max().orElse(0);
    }
}
