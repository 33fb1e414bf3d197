package dev.banyan.bench.balance;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Generates traces: Poisson arrivals, exponential or heavy-tailed work, keys that are uniform or Zipf-distributed. The same seed makes the same trace. */
final class TraceMaker {
    /** Mean work of a request: 10 ms. */
    static final double WORK_NANOS = 10e6;

    /** Pareto's index: the variance would be infinite without the cap. */
    private static final double PARETO = 1.5;

    /** The most work of one request, in means of the uncapped distribution. */
    private static final double LARGEST = 100;

    private final RandomGenerator random;

    TraceMaker(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** The shape of the work. */
    enum Work {
        EXPONENTIAL,
        HEAVY_TAILED
    }

    /**
     * @param erlangs how many servers of speed 1 the trace keeps busy
     * @param zipf 0 for uniform keys, else the exponent of their frequencies
     */
    Trace make(int requests, double erlangs, Work work, int keys, double zipf) {
        long[] at = new long[requests];
        long[] works = new long[requests];
        long[] drawn = new long[requests];
        double[] frequency = cumulative(keys, zipf);
        double now = 0;
        for (int i = 0; i < requests; i++) {
            now += random.nextExponential() * WORK_NANOS / erlangs;
            at[i] = (long) now;
            works[i] = (long) Math.max(1, work == Work.EXPONENTIAL ? random.nextExponential() * WORK_NANOS : pareto());
            drawn[i] = key(frequency);
        }
        return new Trace(at, works, drawn);
    }

    /** Pareto cut at its largest value, scaled to the mean. */
    private double pareto() {
        double smallest = (PARETO - 1) / PARETO;
        double lost = Math.pow(smallest / LARGEST, PARETO);
        double value = smallest / Math.pow(1 - random.nextDouble() * (1 - lost), 1 / PARETO);
        double mean = PARETO * Math.pow(smallest, PARETO) / (1 - lost) / (PARETO - 1) * (Math.pow(smallest, 1 - PARETO) - Math.pow(LARGEST, 1 - PARETO));
        return value / mean * WORK_NANOS;
    }

    private long key(double[] frequency) {
        int found = Arrays.binarySearch(frequency, random.nextDouble());
        return Math.min(found < 0 ? -found - 1 : found, frequency.length - 1);
    }

    private static double[] cumulative(int keys, double zipf) {
        double[] sums = new double[keys];
        double sum = 0;
        for (int rank = 0; rank < keys; rank++) {
            sum += Math.pow(rank + 1, -zipf);
            sums[rank] = sum;
        }
        for (int rank = 0; rank < keys; rank++) {
            sums[rank] /= sum;
        }
        return sums;
    }
}
