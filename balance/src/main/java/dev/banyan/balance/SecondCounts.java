package dev.banyan.balance;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts by second for any number of threads, without a lock: 16 words, each the second it is for (upper half) and its count. A word is taken
 * over by the first thread of a later second. A thread that stalls for 16 seconds between looking and adding counts for the wrong second.
 */
final class SecondCounts {
    private static final int WORDS = 16;
    private static final long COUNT = 0xFFFF_FFFFL;

    private final AtomicLongArray words = new AtomicLongArray(WORDS);

    SecondCounts() {
        for (int i = 0; i < WORDS; i++) {
            words.set(i, stamp(i + 1L));
        }
    }

    void add(long second) {
        int index = (int) (second & WORDS - 1);
        while (true) {
            long word = words.get(index);
            if ((word & ~COUNT) == stamp(second)) {
                words.getAndIncrement(index);
                return;
            }
            if (words.compareAndSet(index, word, stamp(second) | 1)) {
                return;
            }
        }
    }

    /** The sum from one second to another, both included, at most 16. */
    long sum(long from, long to) {
        long sum = 0;
        for (long second = from; second <= to; second++) {
            long word = words.get((int) (second & WORDS - 1));
            if ((word & ~COUNT) == stamp(second)) {
                sum += word & COUNT;
            }
        }
        return sum;
    }

    private static long stamp(long second) {
        return second << 32;
    }
}
