package dev.banyan.balance;

import java.time.Duration;

/**
 * How fast tokens come back and how many may be taken at once: a token bucket, kept as the generic cell rate algorithm (ITU-T I.371) keeps
 * it. What a key has used is one number, its debt: the time after which its bucket is full again. A token costs {@link #intervalNanos}, and
 * the debt may be {@link #capacityNanos}.
 *
 * @param intervalNanos the time in which one token comes back
 * @param burst tokens of a full bucket
 */
public record TokenRate(long intervalNanos, int burst) {
    /** About 36 years, so that sums of moments and debts stay within a long. */
    private static final long LARGEST = 1L << 60;

    /** @throws IllegalArgumentException when either is below 1, or a bucket would take more than 36 years to fill */
    public TokenRate {
        if (intervalNanos < 1 || burst < 1 || intervalNanos > LARGEST / burst) {
            throw new IllegalArgumentException("a bucket of " + burst + " tokens, one each " + intervalNanos + " ns, must have at least one and fill within 36 years");
        }
    }

    /** So many tokens a time. */
    public static TokenRate of(int tokens, Duration per, int burst) {
        return new TokenRate(Math.max(1, per.toNanos() / tokens), burst);
    }

    /** One part of so many, at least a token at once. */
    TokenRate over(int parts) {
        return new TokenRate(Math.min(intervalNanos * parts, LARGEST / burst), Math.max(1, burst / parts));
    }

    /** The largest debt: that of an empty bucket. */
    public long capacityNanos() {
        return intervalNanos * burst;
    }

    /** Whole tokens that are left to whom has this debt. */
    public int left(long debtNanos) {
        return (int) Math.max(0, (capacityNanos() - debtNanos) / intervalNanos);
    }

    /** The time until one token more is there, 0 when the bucket is full. */
    public long untilNextNanos(long debtNanos) {
        return left(debtNanos) == burst ? 0 : debtNanos - (burst - left(debtNanos) - 1) * intervalNanos;
    }
}
