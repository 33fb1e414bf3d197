package dev.banyan.control;

import java.util.Optional;

/**
 * What a journal remembers of the runs before this one.
 *
 * @param last the last commitment; empty when the site never stood
 * @param cutShort the move that was under way when the last run ended; empty when none was
 */
record Remembered(Optional<Commitment> last, Optional<CutShort> cutShort) {
    static final Remembered NOTHING = new Remembered(Optional.empty(), Optional.empty());

    /** A move that never ended. */
    record CutShort(String title, int steps, int done, boolean committed) {
        @Override
        public String toString() {
            return "'" + title + "': " + done + " of " + Told.count(steps, "step") + " done";
        }
    }
}
