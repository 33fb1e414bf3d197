package dev.banyan.http;

/**
 * How the last streams of an HTTP/2 connection ended, so that a late frame can be told from a forbidden one: after a reset frames may still
 * be on their way, after a proper end they may not, and an id that was passed over can never be used (RFC 9113 sections 5.1 and 5.1.1).
 * Owned by one IO loop.
 */
final class StreamFates {
    /** Late frames are on their way for a round trip; streams older than this many are taken for reset. */
    static final int KEPT = 1024;

    enum Fate {
        PASSED_OVER,
        ENDED,
        RESET,
        /** By us: what its client had sent by then is passed over, as often as it likes. */
        RESET_HERE
    }

    private final byte[] fates = new byte[KEPT];
    private int last = -1;

    /** A client has opened a stream; ids rise and are odd. */
    void opened(int id) {
        int at = id >> 1;
        for (int i = Math.max(last + 1, at - KEPT + 1); i < at; i++) {
            fates[i % KEPT] = (byte) Fate.PASSED_OVER.ordinal();
        }
        fates[at % KEPT] = (byte) Fate.RESET.ordinal(); // until it has ended
        last = at;
    }

    /** A stream has ended on both sides without a reset. */
    void ended(int id) {
        note(id, Fate.ENDED);
    }

    private void note(int id, Fate fate) {
        int at = id >> 1;
        if (at > last - KEPT) {
            fates[at % KEPT] = (byte) fate.ordinal();
        }
    }

    /** A stream has gone after we have reset it. */
    void resetHere(int id) {
        note(id, Fate.RESET_HERE);
    }

    /** The fate of a stream that is no longer there. */
    Fate of(int id) {
        int at = id >> 1;
        return at > last || at <= last - KEPT ? Fate.RESET : Fate.values()[fates[at % KEPT]];
    }
}
