package dev.banyan.drill;

/** What an arrival does. */
interface Traffic extends AutoCloseable {
    /**
     * One arrival. Called on an IO loop, must not block. Whoever implements it reports to the {@link Tally} that it arrived, each of its
     * requests, and that it ended.
     *
     * @param intended when it was meant to happen, in the clock's nanoseconds
     */
    void arrive(long intended);

    /**
     * Whether every user who is free takes a step at once, arrivals or not. Any thread.
     *
     * @throws IllegalStateException when there are no users
     */
    default void saturate(boolean on) {
        if (on) {
            throw new IllegalStateException("only a script's users can be kept busy; one address is loaded at a rate");
        }
    }

    /** What became of the writes; blocks. Called once, after the last arrival has ended. */
    AuditReport audit() throws InterruptedException;

    @Override
    void close();
}
