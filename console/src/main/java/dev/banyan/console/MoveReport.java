package dev.banyan.console;

import java.time.Instant;
import java.util.Optional;

/**
 * A move that someone asked for, and how far it is.
 *
 * @param number 1 for the first since the start
 * @param who asked: {@code page} or {@code token}
 * @param problem why it failed; empty unless it did
 * @param requests answered since the move began
 * @param failed those of them that failed
 * @param p99BeforeMillis of what users were answered just before the move; 0 when there was no traffic
 * @param p99Millis the same now, or at the move's end
 */
public record MoveReport(
        long number,
        String who,
        State state,
        Plan plan,
        String problem,
        Instant began,
        Optional<Instant> ended,
        long requests,
        long failed,
        double p99BeforeMillis,
        double p99Millis) {
    public enum State {
        RUNNING,
        DONE,
        FAILED
    }

    public boolean isOver() {
        return state != State.RUNNING;
    }
}
