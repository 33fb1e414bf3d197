package dev.banyan.console;

import java.util.List;
import java.util.Optional;

/**
 * What a move does, step by step; also how far it is.
 *
 * @param title as {@code grow to stage 3, load balancer}
 * @param steps in order; empty when there is nothing to do
 * @param notes what to know: {@code clients wait: 0 ms}
 * @param cost what it takes; empty for one that changes nothing of what runs
 */
public record Plan(String title, List<Step> steps, List<String> notes, Optional<Cost> cost) {
    public Plan {
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }

    /** Without a word on what it takes. */
    public Plan(String title, List<Step> steps, List<String> notes) {
        this(title, steps, notes, Optional.empty());
    }

    /** The same, that far. */
    public Plan with(List<Step> now) {
        return new Plan(title, now, notes, cost);
    }

    /**
     * What a move takes.
     *
     * @param added what there will be more of: {@code web-2}
     * @param removed what there will be no more
     * @param moved what goes elsewhere: {@code the database's primary, from db-1 to db-2}
     * @param processes so many servers' processes more when it is over; below 0 fewer. A server of PostgreSQL counts as one, an edge as none: it
     *     lives in Banyan's
     * @param meanwhile so many more, at the most, while it is made
     * @param memory what it takes, and how that is known: {@code about 364 MiB for 2 instances: web-1 has 182 MiB}; empty when it takes none
     */
    public record Cost(List<String> added, List<String> removed, List<String> moved, int processes, int meanwhile, String memory) {
        public Cost {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
            moved = List.copyOf(moved);
        }
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
