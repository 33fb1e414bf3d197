package dev.banyan.drill;

/** How one request ended. */
sealed interface Outcome {
    Times times();

    /** A whole answer came, of any status. */
    record Answered(Answer answer, Times times) implements Outcome {}

    record Failed(Failure why, Times times) implements Outcome {}

    /**
     * When, in the clock's nanoseconds.
     *
     * @param intended when it was meant to be sent
     * @param started when a connection was taken or began to open for it; the same as {@code ended} when that never happened
     * @param written when its bytes were written; the same as {@code ended} when that never happened
     */
    record Times(long intended, long started, long written, long ended) {
        /** What a user who came at the intended moment waits. */
        long latency() {
            return ended - intended;
        }

        /** What the server took once it had the request: blind to what queued behind it. */
        long service() {
            return ended - written;
        }
    }
}
