package dev.banyan.telemetry;

/**
 * How many durations fell into each bucket. Quantiles are a bucket's middle: within 1.6 % of the true one, or 64 ns below 4 us.
 * Immutable.
 */
public final class Distribution {
    /** Nothing recorded. */
    public static final Distribution EMPTY = new Distribution(new long[Buckets.COUNT], 0);

    private final long[] counts;
    private final long sumNanos;
    private final long count;

    Distribution(long[] counts, long sumNanos) {
        this.counts = counts;
        this.sumNanos = sumNanos;
        long all = 0;
        for (long each : counts) {
            all += each;
        }
        this.count = all;
    }

    public long count() {
        return count;
    }

    /** All durations together, in nanoseconds; exact. */
    public long sumNanos() {
        return sumNanos;
    }

    /** The mean, in nanoseconds; 0 when there is none. */
    public long meanNanos() {
        return count == 0 ? 0 : sumNanos / count;
    }

    /**
     * The least duration that at least this share of all does not exceed, in nanoseconds; 0 when there is none.
     *
     * @param share 0.5 for the median, 0.99 for p99; over 0, at most 1
     */
    public long quantileNanos(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a quantile's share is over 0 and at most 1, not " + share);
        }
        long rank = (long) Math.ceil(share * count);
        long seen = 0;
        for (int i = 0; i < counts.length && rank > 0; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Buckets.middleNanos(i);
            }
        }
        return 0;
    }

    /** What was recorded after {@code earlier}; all of this one if the series began anew in between. */
    public Distribution minus(Distribution earlier) {
        return earlier.count > count ? this : combine(earlier, -1);
    }

    public Distribution plus(Distribution other) {
        return combine(other, 1);
    }

    /**
     * How many did not exceed this. Inside a bucket, interpolated: so a count at a bound is off by at most that one bucket's, and still
     * never goes back as more is recorded.
     */
    public long atMost(long nanos) {
        int last = Buckets.index(nanos);
        long below = 0;
        for (int i = 0; i < last; i++) {
            below += counts[i];
        }
        double part = (nanos - Buckets.lowestNanos(last)) / (double) Buckets.widthNanos(last);
        return below + (long) (counts[last] * Math.clamp(part, 0, 1));
    }

    private Distribution combine(Distribution other, int sign) {
        long[] combined = new long[counts.length];
        for (int i = 0; i < combined.length; i++) {
            combined[i] = Math.max(0, counts[i] + sign * other.counts[i]);
        }
        return new Distribution(combined, Math.max(0, sumNanos + sign * other.sumNanos));
    }
}
