package dev.banyan.changes;

import java.util.List;
import java.util.Set;

/** What the reader of the log hands to the listener's thread. */
sealed interface Told {
    /**
     * A transaction, or a part of one.
     *
     * @param end the position behind it when this is its last part, else 0: it would be told again from its first change
     * @param bytes of its messages
     */
    record Part(Commit commit, List<Change> changes, long end, int bytes) implements Told {}

    record Following(Set<String> tables, String since) implements Told {}

    record Lost(String why) implements Told {}
}
