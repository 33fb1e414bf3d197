package dev.banyan.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many requests a server holds, and whether it takes more; shared by all threads. The number and the two reasons to take no more lie in
 * one word, so a place is taken only while the server is open: once {@link #close} has returned, the number only falls.
 */
final class Occupancy {
    static final long DRAINING = 1L << 62;
    static final long REMOVED = 1L << 61;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long HELD = 0xFFFF_FFFFL;

    /** Both words lie in the middle of 256 bytes of their own, away from other servers' cache lines. */
    private static final int REQUESTS = 16;
    private static final int TUNNELS = 17;

    private final long[] words = new long[32];

    /** Takes a place if fewer than {@code limit} are held and nothing closed it: a reason's bit makes the word larger than any limit. */
    boolean tryTake(int limit) {
        while (true) {
            long word = (long) WORDS.getVolatile(words, REQUESTS);
            if (word >= limit) {
                return false;
            }
            if (WORDS.weakCompareAndSet(words, REQUESTS, word, word + 1)) {
                return true;
            }
        }
    }

    /** Gives a place back; false, and nothing changed, when none was taken. */
    boolean giveBack() {
        long before = (long) WORDS.getAndAdd(words, REQUESTS, -1L);
        if ((before & HELD) == 0) {
            WORDS.getAndAdd(words, REQUESTS, 1L);
            return false;
        }
        return true;
    }

    int held() {
        return (int) ((long) WORDS.getOpaque(words, REQUESTS) & HELD);
    }

    boolean open() {
        return ((long) WORDS.getVolatile(words, REQUESTS) & (DRAINING | REMOVED)) == 0;
    }

    void close(long reason) {
        WORDS.getAndBitwiseOr(words, REQUESTS, reason);
    }

    void reopen(long reason) {
        WORDS.getAndBitwiseAnd(words, REQUESTS, ~reason);
    }

    void addTunnel() {
        WORDS.getAndAdd(words, TUNNELS, 1L);
    }

    /** Takes a tunnel off; false, and nothing changed, when there was none. */
    boolean endTunnel() {
        long before = (long) WORDS.getAndAdd(words, TUNNELS, -1L);
        if (before <= 0) {
            WORDS.getAndAdd(words, TUNNELS, 1L);
            return false;
        }
        return true;
    }

    int tunnels() {
        return (int) (long) WORDS.getOpaque(words, TUNNELS);
    }
}
