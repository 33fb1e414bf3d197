package dev.banyan.resp;

/**
 * What is remembered of a command until its answer comes, in one {@code long}: the client's ticket (32 bits), what a miss looks like (3), how many
 * of it (12), and which part of the near cache it wrote to (17).
 */
final class Note {
    private static final int MISS = 32;
    private static final int COUNT = 35;
    private static final int STRIPE = 47;
    private static final int MOST = 0xfff;

    /** What is answered for a key that is not there. */
    enum Miss {
        /** Nothing: an error is answered. */
        NONE,
        NULL,
        ZERO,
        /** As many NULLs as there are keys or fields. */
        NULLS,
        EMPTY_ARRAY,
        EMPTY_MAP,
        EMPTY_SET,
        /** TTL and its like: -2. */
        ABSENT;

        private static final Miss[] ALL = values();
    }

    private Note() {}

    /** @param count beyond 4095 there is no miss, but an error */
    static long of(int ticket, Miss miss, int count) {
        Miss told = count <= MOST ? miss : Miss.NONE;
        return ticket & 0xffffffffL | (long) told.ordinal() << MISS | (long) (count & MOST) << COUNT;
    }

    /** The same, of a command that writes to a key of that stripe, from 0. */
    static long writing(long note, int stripe) {
        return note | (stripe + 1L) << STRIPE;
    }

    static int ticket(long note) {
        return (int) note;
    }

    static Miss miss(long note) {
        return Miss.ALL[(int) (note >>> MISS) & 7];
    }

    static int count(long note) {
        return (int) (note >>> COUNT) & MOST;
    }

    /** The stripe it wrote to; -1 for none. */
    static int stripe(long note) {
        return (int) (note >>> STRIPE) - 1;
    }
}
