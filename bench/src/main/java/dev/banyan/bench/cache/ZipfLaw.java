package dev.banyan.bench.cache;

import java.util.SplittableRandom;

/**
 * Keys drawn by rank: the k-th hottest with a probability in proportion to 1/k^skew (Zipf). A skew of 0.99 is YCSB's, and near what is seen of web
 * caches (Breslau et al., "Web Caching and Zipf-like Distributions", 1999); 0 makes all alike.
 */
public final class ZipfLaw {
    private final double[] upTo;

    /** @param keys how many */
    public ZipfLaw(int keys, double skew) {
        upTo = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += Math.pow(i + 1.0, -skew);
            upTo[i] = sum;
        }
    }

    /** The share of all that the hottest so many keys get. */
    double share(int hottest) {
        return upTo[hottest - 1] / upTo[upTo.length - 1];
    }

    /** Draws so many keys, 0 the hottest. */
    public int[] draw(int count, SplittableRandom random) {
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            drawn[i] = at(random.nextDouble() * upTo[upTo.length - 1]);
        }
        return drawn;
    }

    private int at(double point) {
        int found = java.util.Arrays.binarySearch(upTo, point);
        return Math.min(upTo.length - 1, found < 0 ? -found - 1 : found + 1);
    }
}
