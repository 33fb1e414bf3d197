package dev.banyan.telemetry;

/**
 * Log-linear buckets of durations: 32 of equal width in each power of two, as in HdrHistogram. The finest is 128 ns wide, the last ends at
 * 2^43 ns (2.4 hours) and takes all that is longer. A bucket's middle is within 1.6 % of each duration in it, or within 64 ns below 4 us.
 */
final class Buckets {
    static final int COUNT = 1_024;
    private static final int UNIT_BITS = 7;
    private static final int SUB_BITS = 5;
    private static final int SUBS = 1 << SUB_BITS;
    private static final long LONGEST_NANOS = (1L << 43) - 1;

    private Buckets() {}

    /** The bucket of a duration; a negative one (clocks of two cores) counts as 0. */
    static int index(long nanos) {
        long units = Math.clamp(nanos, 0, LONGEST_NANOS) >>> UNIT_BITS;
        int shift = Math.max(0, Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(units));
        return (shift << SUB_BITS) + (int) (units >>> shift);
    }

    static long lowestNanos(int index) {
        int shift = shift(index);
        return (long) (index - (shift << SUB_BITS)) << shift << UNIT_BITS;
    }

    static long widthNanos(int index) {
        return 1L << shift(index) << UNIT_BITS;
    }

    static long middleNanos(int index) {
        return lowestNanos(index) + widthNanos(index) / 2;
    }

    private static int shift(int index) {
        return Math.max(0, index / SUBS - 1);
    }
}
