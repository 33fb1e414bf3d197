package dev.banyan.changes;

/** What came of taking a feed's slot and publication away for good. */
public sealed interface Removal {
    /** @param what in words, for who reads it */
    record Removed(String what) implements Removal {}

    /**
     * Something may be left: as long as the slot is, the server keeps log for it.
     *
     * @param why the reason
     * @param byHand the statements that remove what is left
     */
    record Left(String why, String byHand) implements Removal {}
}
