package dev.banyan.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Random numbers for any number of threads from one seed: SplitMix64 whose state advances by one atomic add, so that no two threads draw
 * the same, and one thread alone draws the same again from the same seed.
 */
final class Dice {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    /** The state lies in the middle of 256 bytes: no neighbour shares its cache line, nor the one the processor fetches along. */
    private static final int STATE = 16;

    private final long[] words = new long[2 * STATE];

    Dice(long seed) {
        words[STATE] = Hash64.mix(seed);
    }

    /** 64 random bits. */
    long roll() {
        return Hash64.mix((long) WORDS.getAndAdd(words, STATE, Hash64.GOLDEN));
    }
}
