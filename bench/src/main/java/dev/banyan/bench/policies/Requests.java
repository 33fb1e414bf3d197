package dev.banyan.bench.policies;

import dev.banyan.bench.cache.ZipfLaw;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A trace: which object each request is for, and how large objects are.
 *
 * @param objects the object of each request, from 0 on
 * @param sizes of each object in bytes
 */
record Requests(String name, int[] objects, int[] sizes) {
    /** Sizes as web objects have them: many small, few large, bounded (Pareto with an exponent of 1.2 between 1 KiB and 4 MiB; 5 KB on average). */
    private static final double EXPONENT = 1.2;
    private static final double LEAST = 1 << 10;
    private static final double MOST = 4 << 20;

    private static final int CATALOGUE = 100_000;

    /** Independent requests by Zipf's law. */
    static Requests zipf(double skew, int count, long seed) {
        return new Requests("zipf " + skew, new ZipfLaw(CATALOGUE, skew).draw(count, new SplittableRandom(seed)), sizes(CATALOGUE, seed));
    }

    /** Each object once, then again in the same order: what a crawler does. */
    static Requests scan(int count, long seed) {
        int[] objects = new int[count];
        for (int i = 0; i < count; i++) {
            objects[i] = i % (count / 2);
        }
        return new Requests("scan twice", objects, sizes(count / 2, seed));
    }

    /** Twenty thousand objects round and round. */
    static Requests loop(int count, long seed) {
        int[] objects = new int[count];
        for (int i = 0; i < count; i++) {
            objects[i] = i % 20_000;
        }
        return new Requests("loop", objects, sizes(20_000, seed));
    }

    /** Zipf of 0.9, and ten times somebody asks, between the others, for 10,000 objects that nobody else wants. */
    static Requests zipfAndScan(int count, long seed) {
        int[] objects = zipf(0.9, count, seed).objects;
        int next = CATALOGUE;
        int every = count / 10;
        for (int from = every / 2; from + 20_000 < count; from += every) {
            for (int i = 0; i < 20_000; i += 2) {
                objects[from + i] = next++;
            }
        }
        return new Requests("zipf 0.9 and scans", objects, sizes(next, seed));
    }

    /** Zipf of 0.9 over objects of which, each hundredth part of the trace, one in a hundred goes out of fashion and another takes its rank. */
    static Requests shifting(int count, long seed) {
        int[] ranks = zipf(0.9, count, seed).objects;
        int[] at = new int[CATALOGUE];
        Arrays.setAll(at, i -> i);
        SplittableRandom random = new SplittableRandom(seed + 1);
        int next = CATALOGUE;
        for (int i = 0; i < count; i++) {
            if (i % Math.max(1, count / 100) == 0) {
                for (int changed = 0; changed < CATALOGUE / 100; changed++) {
                    at[random.nextInt(CATALOGUE)] = next++;
                }
            }
            ranks[i] = at[ranks[i]];
        }
        return new Requests("shifting zipf 0.9", ranks, sizes(next, seed));
    }

    /** Bytes of all objects that are asked for. */
    long footprint() {
        boolean[] asked = new boolean[sizes.length];
        long sum = 0;
        for (int object : objects) {
            if (!asked[object]) {
                asked[object] = true;
                sum += sizes[object];
            }
        }
        return sum;
    }

    private static int[] sizes(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x5EED);
        int[] sizes = new int[count];
        double tail = Math.pow(LEAST / MOST, EXPONENT);
        for (int i = 0; i < count; i++) {
            sizes[i] = (int) (LEAST / Math.pow(1 - random.nextDouble() * (1 - tail), 1 / EXPONENT));
        }
        return sizes;
    }
}
