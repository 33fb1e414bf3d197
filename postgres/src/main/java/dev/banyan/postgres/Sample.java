package dev.banyan.postgres;

/**
 * What a member answered when it was asked how far it is. Immutable.
 *
 * <p>Its time is when the question was <em>sent</em>: whatever the server had done by then is in the answer, so a sample sent after an event
 * is at least as far as the server was at that event. When the answer came says nothing of the kind.
 *
 * @param sentNanos when the question was sent, by the router's clock
 * @param inRecovery it follows another server and takes no writes
 * @param position bytes of the log: of a primary where the next record goes, of a replica what it has replayed
 * @param received bytes of the log that a replica has on disk; the position of a primary
 * @param lagNanos how old, by the server's clock, the last commit is that a replica has replayed, where it has not replayed all it has
 *     received; else 0
 */
record Sample(long sentNanos, boolean inRecovery, long position, long received, long lagNanos) {
    boolean sentAtOrAfter(long nanos) {
        return sentNanos - nanos >= 0;
    }
}
