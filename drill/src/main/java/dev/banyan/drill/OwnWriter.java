package dev.banyan.drill;

import java.util.Optional;
import java.util.function.Predicate;

/** One user who changes something, and can say which page must show it from then on. Each change is of its own: none takes back another. Used by one thread. */
interface OwnWriter {
    /** Changes something; empty when that was not acknowledged, or when there is nothing to look at yet. */
    Optional<Look> change(Asking site);

    /**
     * What to look at.
     *
     * @param what was changed, as {@code a comment}
     */
    record Look(Request page, Predicate<Answer> shows, String what) {}
}
