package dev.banyan.cli;

import dev.banyan.console.Plan.Cost;
import dev.banyan.console.Plan.State;
import dev.banyan.control.MoveEvent;
import dev.banyan.control.Plan;
import dev.banyan.control.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns a move's events into the console's plan with the state of each step. Owned by the mover's thread. */
final class MoveProgress implements MoveEvent.Listener {
    /** As {@code db-2: 120 of 400 MB}: told every moment while a database server is copied. */
    static final Pattern HOW_FAR = Pattern.compile("\\S+: [0-9,]+ of [0-9,]+ MB");

    private final Consumer<dev.banyan.console.Plan> progress;
    private final List<Step> steps = new ArrayList<>();
    private final List<dev.banyan.console.Plan.Step> shown = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String title = "";

    MoveProgress(Consumer<dev.banyan.console.Plan> progress) {
        this.progress = progress;
    }

    /** A plan of which nothing is done yet. */
    static dev.banyan.console.Plan of(Plan plan, Optional<Cost> cost) {
        return new dev.banyan.console.Plan(plan.title(), visible(plan).stream().map(step -> show(step, State.WAITING, "")).toList(), notes(plan), cost);
    }

    private static List<String> notes(Plan plan) {
        return Stream.concat(Stream.of(plan.summary()), plan.notes().stream()).toList();
    }

    @Override
    public void heard(MoveEvent event) {
        switch (event) {
            case MoveEvent.Begun(_, var plan) -> begin(plan);
            case MoveEvent.StepBegun(_, var step) -> put(step, State.RUNNING, "");
            case MoveEvent.StepDone(_, var step, var took) -> put(step, State.DONE, String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0));
            case MoveEvent.StepFailed(_, var step, var why) -> put(step, State.FAILED, why);
            case MoveEvent.StepUndone(_, var step) -> undone(step);
            case MoveEvent.Noticed(_, var what) -> noticed(what);
            case MoveEvent.Ended(_, var outcome) -> notes.add(outcome.sentence().lines().findFirst().orElse(""));
        }
        progress.accept(new dev.banyan.console.Plan(title, shown, notes));
    }

    /** How far a step is belongs to the step; anything else is a note. */
    private void noticed(String what) {
        int running = running();
        if (HOW_FAR.matcher(what).matches() && running >= 0) {
            dev.banyan.console.Plan.Step step = shown.get(running);
            shown.set(running, new dev.banyan.console.Plan.Step(step.title(), step.state(), what));
        } else {
            notes.add(what);
        }
    }

    private int running() {
        for (int i = 0; i < shown.size(); i++) {
            if (shown.get(i).state() == State.RUNNING) {
                return i;
            }
        }
        return -1;
    }

    private void begin(Plan plan) {
        title = plan.title();
        notes.addAll(notes(plan));
        steps.addAll(visible(plan));
        steps.forEach(step -> shown.add(show(step, State.WAITING, "")));
    }

    /** The failed step stays failed, though what it had begun is taken back too. */
    private void undone(Step step) {
        int at = steps.indexOf(step);
        if (at >= 0 && shown.get(at).state() != State.FAILED) {
            put(step, State.UNDONE, "");
        }
    }

    private void put(Step step, State state, String detail) {
        int at = steps.indexOf(step);
        if (at >= 0) {
            shown.set(at, show(step, state, detail));
        }
    }

    private static dev.banyan.console.Plan.Step show(Step step, State state, String detail) {
        return new dev.banyan.console.Plan.Step(step.does(), state, detail);
    }

    /** All but the commits, which are the journal's business. */
    private static List<Step> visible(Plan plan) {
        return plan.steps().stream().filter(step -> !(step instanceof Step.Commit)).toList();
    }
}
