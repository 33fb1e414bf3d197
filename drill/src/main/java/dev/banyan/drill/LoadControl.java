package dev.banyan.drill;

import java.util.concurrent.CompletableFuture;

/**
 * A running load in the hands of another thread than the one that runs it: cuts it into intervals, presses harder for a while, ends it.
 * Handed to one {@link Load#run}. Safe for any thread.
 */
public final class LoadControl {
    private final CompletableFuture<Running> running = new CompletableFuture<>();

    /** The parts of a run that are open to others. */
    private record Running(Tally tally, Traffic traffic, Pacer pacer) {}

    void begun(Tally tally, Traffic traffic, Pacer pacer) {
        running.complete(new Running(tally, traffic, pacer));
    }

    /** Completes when the script's users have joined and arrivals come; never when the run fails before. */
    public CompletableFuture<Void> begun() {
        return running.thenApply(_ -> null);
    }

    /** What happened since the last cut, or since the start. */
    public LoadInterval cut() {
        return running().tally().cut();
    }

    /** Arrivals that have not ended. */
    public long underWay() {
        return running().tally().underWay();
    }

    /**
     * Besides the arrivals that are due, every user of the script who is free takes the next step at once: a closed loop of as many as there are, so that
     * the site always has that much to do and never more.
     *
     * @throws IllegalStateException when the script has no users
     */
    public void saturate(boolean on) {
        running().traffic().saturate(on);
    }

    /** No further arrival: the run ends with its last answer, is audited and reports. */
    public void end() {
        running.thenAccept(parts -> {
            parts.traffic().saturate(false);
            parts.pacer().stop();
        });
    }

    private Running running() {
        if (!running.isDone()) {
            throw new IllegalStateException("the load has not begun");
        }
        return running.join();
    }
}
