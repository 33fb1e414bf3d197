package dev.banyan.photos;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Ranks drawn by Zipf's law: rank k (from 0) has a share in proportion to {@code 1 / (k + 1)^exponent}. Exponent 0 is uniform; about 1 is
 * how followers are spread over people: few celebrities, a long tail.
 */
final class Zipf {
    private final double[] upTo;

    /** @throws IllegalArgumentException unless there is a rank and the exponent is from 0 to 5 */
    Zipf(int ranks, double exponent) {
        if (ranks < 1 || !(exponent >= 0 && exponent <= 5)) {
            throw new IllegalArgumentException("Zipf needs 1 rank or more and an exponent from 0 to 5, not " + ranks + " and " + exponent);
        }
        upTo = new double[ranks];
        double sum = 0;
        for (int k = 0; k < ranks; k++) {
            sum += Math.pow(k + 1, -exponent);
            upTo[k] = sum;
        }
    }

    int next(RandomGenerator random) {
        double at = random.nextDouble() * upTo[upTo.length - 1];
        int found = Arrays.binarySearch(upTo, at);
        return Math.min(upTo.length - 1, found >= 0 ? found + 1 : -found - 1);
    }
}
