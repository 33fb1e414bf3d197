package dev.banyan.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Whose turn it is: a counter for all threads, kept when the set of servers changes. */
final class Turns {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int NEXT = 16;

    private final long[] words = new long[2 * NEXT];

    /** The next turn modulo the length of a cycle. */
    int next(int length) {
        return (int) Long.remainderUnsigned((long) WORDS.getAndAdd(words, NEXT, 1L), length);
    }

    /** The one that {@link #next} would give, which stays the next. */
    int coming(int length) {
        return (int) Long.remainderUnsigned((long) WORDS.getVolatile(words, NEXT), length);
    }
}
