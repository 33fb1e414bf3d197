package dev.banyan.control.database;

import java.util.Optional;

/**
 * A remedy that was decided, and the words of its decision.
 *
 * @param told empty for what is no decision of its own: a part of one that was told
 */
record Order(Remedy remedy, Optional<Reason> told) {
    /** What is done, why, and what was seen. */
    record Reason(String what, String why, String seen) {}

    static Optional<Order> of(Remedy remedy, String what, String why, String seen) {
        return Optional.of(new Order(remedy, Optional.of(new Reason(what, why, seen))));
    }

    static Optional<Order> silently(Remedy remedy) {
        return Optional.of(new Order(remedy, Optional.empty()));
    }
}
