package dev.banyan.console;

import java.util.Optional;

/** A change of the running site that someone asks for. */
public sealed interface Move {
    /** To this stage, up or down. */
    record Grow(int toStage) implements Move {}

    /** To what the site file says now. */
    record Apply() implements Move {}

    /**
     * Every instance of a service anew, one after the other.
     *
     * @param service empty for the application
     */
    record Deploy(Optional<String> service) implements Move {}

    /**
     * A replica becomes the database's primary, and the primary a replica.
     *
     * @param to the replica; empty for the one that is furthest
     */
    record Switchover(Optional<String> to) implements Move {}

    /** A server ends what it has and gets nothing new. */
    record Drain(String server) implements Move {}

    /** A drained server serves again. */
    record Undrain(String server) implements Move {}
}
