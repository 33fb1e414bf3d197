package dev.banyan.control;

import java.time.Duration;
import java.util.List;

/** How a move ended. */
public sealed interface Outcome {
    /** One sentence for the user. */
    String sentence();

    /** Everything of the plan was done. */
    record Done(Plan plan, Duration took) implements Outcome {
        @Override
        public String sentence() {
            return plan.title() + ": done in " + Told.time(took);
        }
    }

    /**
     * A step failed, and its leg was undone; the legs before it stay.
     *
     * @param kept what was done before and stays, as {@code replace web-1 by web-1.2}
     * @param leftovers what could not be undone, and why
     */
    record Undone(Plan plan, Step failed, String why, List<String> kept, List<String> leftovers) implements Outcome {
        public Undone {
            kept = List.copyOf(kept);
            leftovers = List.copyOf(leftovers);
        }

        @Override
        public String sentence() {
            return plan.title() + " failed at '" + failed.does() + "' and was undone" + stays() + rest() + ": " + why;
        }

        private String stays() {
            return kept.isEmpty() ? "" : "; done before and kept: " + String.join(", ", kept);
        }

        private String rest() {
            return leftovers.isEmpty() ? "" : "; not undone: " + String.join(", ", leftovers);
        }
    }

    /** The site was stopped while it ran; the next start decides by the journal. */
    record Stopped(Plan plan) implements Outcome {
        @Override
        public String sentence() {
            return plan.title() + " was cut short because the site stops";
        }
    }
}
