package dev.banyan.console;

import java.util.List;

/**
 * What a move does, step by step; also how far it is.
 *
 * @param title as {@code grow to stage 3, load balancer}
 * @param steps in order; empty when there is nothing to do
 * @param notes what it costs and what to know: {@code 2 processes more}
 */
public record Plan(String title, List<Step> steps, List<String> notes) {
    public Plan {
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }

    /**
     * One step.
     *
     * @param title as {@code start web-2}
     * @param detail how it went or what it waits for; empty when there is nothing to say
     */
    public record Step(String title, State state, String detail) {}

    public enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED,
        /** Was done and then taken back, because a later one failed. */
        UNDONE
    }
}
