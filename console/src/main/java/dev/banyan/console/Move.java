package dev.banyan.console;

/** A change of the running site that someone asks for. */
public sealed interface Move {
    /** To this stage, up or down. */
    record Grow(int toStage) implements Move {}

    /** To what the site file says now. */
    record Apply() implements Move {}

    /** Every instance of the application anew, one after the other. */
    record Deploy() implements Move {}

    /** A server ends what it has and gets nothing new. */
    record Drain(String server) implements Move {}

    /** A drained server serves again. */
    record Undrain(String server) implements Move {}
}
