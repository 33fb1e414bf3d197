package dev.banyan.drill.reads;

import java.util.Locale;

/**
 * A read that must not have been.
 *
 * @param session whose
 * @param counter what it read
 * @param least the least version it might have been shown
 * @param shown what it was shown
 * @param sinceMicros how long it had known of {@code least}
 */
record Violation(Kind kind, int session, int counter, long least, long shown, long sinceMicros) {
    /** What was promised and not kept. */
    enum Kind {
        /** A session's read does not show its own acknowledged write. */
        OWN_WRITE("does not see its own write"),
        /** A session's read shows an older version than one before it. */
        OWN_PAST("is shown an older version than before"),
        /** A connection that was given another's position does not show what that one had. */
        CARRIED("does not see what the position stands for that it was given"),
        /** A read inside a transaction does not show what the transaction wrote. */
        IN_TRANSACTION("does not see its transaction's own write"),
        /** A version is shown that nobody has written, or that was rolled back. */
        NEVER_WRITTEN("is shown what was never written");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The evidence in a sentence. */
    String sentence() {
        return String.format(Locale.ROOT, "session %d %s: counter %d, version %d after %d, which it knew of for %.1f ms", session, kind.words, counter, shown, least,
                sinceMicros / 1_000.0);
    }
}
