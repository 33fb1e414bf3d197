package dev.banyan.balance;

import java.util.Arrays;

/**
 * Points of servers on a circle of hashes (Karger et al., "Consistent Hashing and Random Trees", 1997; virtual nodes as in Dynamo, 2007). A
 * server's k-th point depends on its name and k alone: a server that comes takes keys from the others and moves none between them, and one
 * whose weight grows only adds points.
 *
 * <p>A point is one {@code long}: the hash's upper 47 bits, then the index of its server. A guide by the first bits makes finding a key's
 * point constant time: hashes are even, so the scan from the guide is one or two points.
 */
final class Ring {
    /** Points for each unit of weight: a server's part of the circle then varies by about 1/sqrt(160) = 8 %. */
    static final int POINTS = 160;

    private static final double HEAVIEST = 64;
    private static final int MOST_POINTS = 1 << 20;
    private static final int OWNER_BITS = 16; // Roster.MOST
    private static final long OWNER = (1L << OWNER_BITS) - 1;

    private final long[] points;
    private final int[] guide;
    private final int shift;

    /**
     * @param names of the servers, by index; at most 65,536
     * @param weights above 0; one of weight 64 has 10,240 points, and heavier sets are scaled down to that
     */
    Ring(String[] names, double[] weights) {
        int[] counts = counts(weights);
        points = new long[Arrays.stream(counts).sum()];
        int filled = 0;
        for (int server = 0; server < names.length; server++) {
            long seed = Hash64.of(names[server]);
            for (int k = 0; k < counts[server]; k++) {
                points[filled++] = Hash64.mix(seed + k * Hash64.GOLDEN) >>> 1 & ~OWNER | server;
            }
        }
        Arrays.sort(points);
        int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(points.length - 1));
        shift = 63 - bits;
        guide = guide(1 << bits);
    }

    int size() {
        return points.length;
    }

    /** The first point at or after a key's place; past the last comes the first. */
    int find(long hash) {
        long place = hash >>> 1;
        int point = guide[(int) (place >>> shift)];
        while (point < points.length && points[point] < place) {
            point++;
        }
        return point == points.length ? 0 : point;
    }

    int next(int point) {
        return point + 1 == points.length ? 0 : point + 1;
    }

    /** Where a point lies on the circle of 2^63 places. */
    long place(int point) {
        return points[point];
    }

    /** The index of the server whose point it is. */
    int owner(int point) {
        return (int) (points[point] & OWNER);
    }

    /** Memory of the points and the guide. */
    long bytes() {
        return (long) points.length * Long.BYTES + (long) guide.length * Integer.BYTES;
    }

    /** For each leading part of a hash the first point that may follow it. */
    private int[] guide(int parts) {
        int[] first = new int[parts];
        int point = 0;
        for (int part = 0; part < parts; part++) {
            long from = (long) part << shift;
            while (point < points.length && points[point] < from) {
                point++;
            }
            first[part] = point;
        }
        return first;
    }

    private static int[] counts(double[] weights) {
        double sum = 0;
        double heaviest = 0;
        for (double weight : weights) {
            sum += weight;
            heaviest = Math.max(heaviest, weight);
        }
        double scale = POINTS * Math.min(1, Math.min(HEAVIEST / heaviest, MOST_POINTS / (POINTS * sum)));
        int[] counts = new int[weights.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (int) Math.max(1, Math.round(weights[i] * scale));
        }
        return counts;
    }
}
