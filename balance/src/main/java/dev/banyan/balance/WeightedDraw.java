package dev.banyan.balance;

/**
 * Draws an index with a chance in proportion to its weight, in constant time: the alias method (Walker 1977, built as by Vose, "A linear
 * algorithm for generating random numbers with a given distribution", 1991).
 */
final class WeightedDraw {
    private static final double ONE = 0x1p32;

    private final int size;
    private final boolean even;
    /** By column: below this (of 2^32) the column itself is drawn, else its alias. */
    private final long[] keep;
    private final int[] alias;

    WeightedDraw(double[] weights) {
        size = weights.length;
        keep = new long[size];
        alias = new int[size];
        double sum = 0;
        boolean same = true;
        for (double weight : weights) {
            sum += weight;
            same &= weight == weights[0];
        }
        even = same;
        fill(weights, sum / Math.max(size, 1));
    }

    /** An index from 64 random bits. */
    int index(long random) {
        int column = Hash64.index(random, size);
        return even || (random & 0xFFFF_FFFFL) < keep[column] ? column : alias[column];
    }

    /** Fills each column that is below the mean from one that is above it. */
    private void fill(double[] weights, double mean) {
        double[] part = new double[size];
        int[] low = new int[size];
        int[] high = new int[size];
        int lows = 0;
        int highs = 0;
        for (int i = 0; i < size; i++) {
            part[i] = weights[i] / mean;
            alias[i] = i;
            keep[i] = (long) ONE;
            if (part[i] < 1) {
                low[lows++] = i;
            } else {
                high[highs++] = i;
            }
        }
        while (lows > 0 && highs > 0) {
            int small = low[--lows];
            int large = high[highs - 1];
            keep[small] = (long) (part[small] * ONE);
            alias[small] = large;
            part[large] -= 1 - part[small];
            if (part[large] < 1) {
                low[lows++] = large;
                highs--;
            }
        }
    }
}
