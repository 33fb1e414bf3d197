package dev.banyan.postgres.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The ways in which bytes may arrive: whole, byte by byte, and cut at random places. */
final class Slices {
    private static final int RANDOM = 20;

    private Slices() {}

    /** Lists of the places where an array of this length is cut, its end included. */
    static List<int[]> of(int length) {
        List<int[]> ways = new ArrayList<>();
        ways.add(new int[] {length});
        ways.add(java.util.stream.IntStream.rangeClosed(1, length).toArray());
        SplittableRandom random = new SplittableRandom(length);
        for (int i = 0; length > 0 && i < RANDOM; i++) {
            ways.add(java.util.stream.IntStream.concat(random.ints(random.nextInt(1, 8), 0, length + 1), java.util.stream.IntStream.of(length)).sorted().toArray());
        }
        return ways;
    }
}
