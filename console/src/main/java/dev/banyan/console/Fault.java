package dev.banyan.console;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that was broken on purpose.
 *
 * @param number 1 for the first since the start
 * @param target a node's id, as {@code web-1}, or an arrow's two, as {@code front-door>web-1}
 * @param setting how much, as {@code 200ms}; empty for a kind that has none
 * @param until when it ends by itself
 * @param ended when it did; empty while it lasts
 * @param who asked for it: {@code page} or {@code token}
 * @param sentence what was done and, once it is over, how it ended
 */
public record Fault(
        long number, FaultKind kind, String target, String setting, Instant since, Instant until, Optional<Instant> ended, String who, State state, String sentence) {

    /** How far it is. */
    public enum State {
        ACTIVE,
        /** Someone ended it. */
        LIFTED,
        /** Its time was over. */
        EXPIRED,
        /** What was broken is whole again, or gone: there was nothing left to undo. */
        DONE,
        /** It could not be undone; the sentence says why and what to do. */
        FAILED
    }

    /** As {@code stop web-1} or {@code latency 200ms front-door>web-1}. */
    public String title() {
        return kind.word() + (setting.isEmpty() ? " " : " " + setting + " ") + target;
    }
}
