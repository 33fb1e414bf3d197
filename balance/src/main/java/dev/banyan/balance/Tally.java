package dev.banyan.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What became of a server's requests: totals since it was added, and the failures in a row; shared by all threads. */
final class Tally {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    /** The words share one cache line in the middle of 256 bytes of their own. */
    private static final int REQUESTS = 16;
    private static final int FAILURES = 17;
    private static final int IN_A_ROW = 18;

    private final long[] words = new long[32];

    /** Counts an outcome and returns how many have failed in a row by now, 0 when this one did not fail. */
    long count(Outcome outcome) {
        if (outcome == Outcome.CLIENT_LEFT) {
            return 0;
        }
        WORDS.getAndAdd(words, REQUESTS, 1L);
        if (outcome.failed()) {
            WORDS.getAndAdd(words, FAILURES, 1L);
            return (long) WORDS.getAndAdd(words, IN_A_ROW, 1L) + 1;
        }
        if ((long) WORDS.getOpaque(words, IN_A_ROW) != 0) {
            forgetRow();
        }
        return 0;
    }

    void forgetRow() {
        WORDS.setOpaque(words, IN_A_ROW, 0L);
    }

    long requests() {
        return (long) WORDS.getOpaque(words, REQUESTS);
    }

    long failures() {
        return (long) WORDS.getOpaque(words, FAILURES);
    }

    long failuresInARow() {
        return (long) WORDS.getOpaque(words, IN_A_ROW);
    }
}
