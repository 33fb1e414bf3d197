package dev.banyan.control;

import java.time.Instant;

/** One line of the {@link Journal}. */
sealed interface JournalEntry {
    /** A move begins. */
    record Begun(long move, String title, int steps, Instant at) implements JournalEntry {}

    /** A step of it is about to be done. */
    record Doing(long move, String step, Instant at) implements JournalEntry {}

    /** It is done. */
    record Done(long move, String step, Instant at) implements JournalEntry {}

    /** A leg of it stands, and with it this stage. */
    record Committed(long move, Commitment commitment) implements JournalEntry {}

    /** A step of it is undone. */
    record Undone(long move, String step, Instant at) implements JournalEntry {}

    /** It is over. */
    record Over(long move, String outcome, Instant at) implements JournalEntry {}
}
