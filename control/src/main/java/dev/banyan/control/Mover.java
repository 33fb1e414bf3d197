package dev.banyan.control;

import dev.banyan.control.JournalEntry.Begun;
import dev.banyan.control.JournalEntry.Committed;
import dev.banyan.control.JournalEntry.Done;
import dev.banyan.control.JournalEntry.Over;
import dev.banyan.control.JournalEntry.Undone;
import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Does one plan: its steps one after the other, each in the journal before it is done and after. When a step fails before its leg has
 * committed, what the leg did is undone, last first; after the commit a failure is noticed and the move goes on. Owned by the thread that
 * runs it; an interrupt cuts the move short where it is, and nothing is undone: then all of the site is being stopped.
 */
final class Mover {
    private final long move;
    private final Plan plan;
    private final Journal journal;
    private final Clock clock;
    private final Doing doing;
    private final DatabaseCluster database;
    private final MoveEvent.Listener listener;

    Mover(long move, Plan plan, Journal journal, Roster roster, Ports ports, DatabaseCluster database, Supervisor supervisor, MoveEvent.Listener listener) {
        this.move = move;
        this.plan = plan;
        this.journal = journal;
        this.clock = ports.clock();
        this.doing = new Doing(roster, ports, database, supervisor, what -> listener.heard(new MoveEvent.Noticed(move, what)));
        this.database = database;
        this.listener = listener;
    }

    Outcome run() {
        long from = clock.nanos();
        note(new Begun(move, plan.title(), plan.steps().size(), clock.now()));
        listener.heard(new MoveEvent.Begun(move, plan));
        Outcome outcome;
        database.mend(false);
        try {
            outcome = legs(from);
            database.mend(true);
            note(new Over(move, outcome.sentence(), clock.now()));
        } catch (InterruptedException e) {
            outcome = new Outcome.Stopped(plan);
        }
        listener.heard(new MoveEvent.Ended(move, outcome));
        return outcome;
    }

    private Outcome legs(long from) throws InterruptedException {
        List<String> kept = new ArrayList<>();
        for (Leg leg : plan.legs()) {
            Failure failure = run(leg);
            if (failure != null) {
                return new Outcome.Undone(plan, failure.step(), failure.why(), kept, failure.leftovers());
            }
            kept.add(leg.what());
        }
        return new Outcome.Done(plan, Duration.ofNanos(clock.nanos() - from));
    }

    /** Null when the leg stands. */
    private Failure run(Leg leg) throws InterruptedException {
        Deque<Step> begun = new ArrayDeque<>();
        boolean committed = false;
        for (Step step : leg.steps()) {
            begun.push(step);
            try {
                run(step);
                committed |= step instanceof Step.Commit;
            } catch (RuntimeException e) {
                listener.heard(new MoveEvent.StepFailed(move, step, why(e)));
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (step instanceof Step.ReconfigureFrontDoor) {
                    begun.pop(); // all of it or nothing: the old settings hold
                }
                if (!committed) {
                    return new Failure(step, why(e), undo(begun));
                }
            }
        }
        return null;
    }

    private void run(Step step) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long from = clock.nanos();
        listener.heard(new MoveEvent.StepBegun(move, step));
        if (step instanceof Step.Commit) {
            journal.append(new Committed(move, new Commitment(plan.to().stage(), plan.to().file(), clock.now())));
            doing.perform(step, plan.to());
        } else {
            journal.append(new JournalEntry.Doing(move, step.does(), clock.now()));
            doing.perform(step, plan.to());
            journal.append(new Done(move, step.does(), clock.now()));
        }
        listener.heard(new MoveEvent.StepDone(move, step, Duration.ofNanos(clock.nanos() - from)));
    }

    /** The failed step too: it may have done half of its work. Returns what could not be undone. */
    private List<String> undo(Deque<Step> begun) throws InterruptedException {
        List<String> leftovers = new ArrayList<>();
        for (Step step : begun) {
            if (step instanceof Step.Commit) {
                continue;
            }
            try {
                doing.undo(step);
                note(new Undone(move, step.does(), clock.now()));
                listener.heard(new MoveEvent.StepUndone(move, step));
            } catch (RuntimeException e) {
                leftovers.add(step.does() + " (" + why(e) + ")");
            }
        }
        return leftovers;
    }

    /** An entry that only tells the story; without it the journal still leads back to where the site stood. */
    private void note(JournalEntry entry) {
        try {
            journal.append(entry);
        } catch (BanyanException e) {
            listener.heard(new MoveEvent.Noticed(move, e.getMessage()));
        }
    }

    private static String why(RuntimeException e) {
        return e instanceof BanyanException ? e.getMessage() : "a bug in Banyan: " + e;
    }

    private record Failure(Step step, String why, List<String> leftovers) {}
}
