package dev.banyan.control;

import java.time.Duration;

/** What happens while a plan is done, told to whoever listens, in this order. */
public sealed interface MoveEvent {
    /** The move's number, from 1, since the site came up. */
    long move();

    record Begun(long move, Plan plan) implements MoveEvent {}

    record StepBegun(long move, Step step) implements MoveEvent {}

    record StepDone(long move, Step step, Duration took) implements MoveEvent {}

    /** Something a user should know that did not stop the move. */
    record Noticed(long move, String what) implements MoveEvent {}

    record StepFailed(long move, Step step, String why) implements MoveEvent {}

    record StepUndone(long move, Step step) implements MoveEvent {}

    record Ended(long move, Outcome outcome) implements MoveEvent {}

    /** Hears the events, one after the other, on the mover's thread; must not block for long. */
    interface Listener {
        void heard(MoveEvent event);
    }
}
