package dev.banyan.postgres;

import java.util.SplittableRandom;

/** How bytes are cut on their way. */
interface Pieces {
    Pieces WHOLE = rest -> rest;
    Pieces BYTES = _ -> 1;

    /** How many of the bytes that are left come next. */
    int next(int rest);

    static Pieces random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return rest -> 1 + random.nextInt(Math.min(rest, random.nextBoolean() ? 7 : 60));
    }
}
