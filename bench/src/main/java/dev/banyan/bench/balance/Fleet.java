package dev.banyan.bench.balance;

import java.util.Arrays;

/**
 * The simulated servers: each has so many workers, which take its requests in the order they came.
 *
 * @param speeds of a worker, by server
 * @param weights what the balancer is told, by server
 * @param workers of each server
 */
record Fleet(double[] speeds, int[] weights, int workers) {
    static Fleet equal(int servers) {
        double[] speeds = new double[servers];
        int[] weights = new int[servers];
        Arrays.fill(speeds, 1);
        Arrays.fill(weights, 1);
        return new Fleet(speeds, weights, 1);
    }

    /** Speeds 1, 2 and 4 in turn, of which the balancer is told. */
    static Fleet weighted(int servers) {
        Fleet fleet = equal(servers);
        for (int i = 0; i < servers; i++) {
            fleet.weights[i] = 1 << i % 3;
            fleet.speeds[i] = fleet.weights[i];
        }
        return fleet;
    }

    /** One in five has a quarter of the speed, of which the balancer is not told. */
    static Fleet withSlowOnes(int servers) {
        Fleet fleet = equal(servers);
        for (int i = 0; i < servers; i += 5) {
            fleet.speeds[i] = 0.25;
        }
        return fleet;
    }

    /** The same with more workers at each server. */
    Fleet withWorkers(int more) {
        return new Fleet(speeds, weights, more);
    }

    int size() {
        return speeds.length;
    }

    /** How many workers of speed 1 they make together. */
    double capacity() {
        return workers * Arrays.stream(speeds).sum();
    }
}
