package dev.banyan.telemetry;

/** What a series said at one moment. */
public sealed interface Reading {
    /** A level, or a total that is asked for. */
    record Level(double value) implements Reading {}

    /** How many, since the series began. */
    record Count(long total) implements Reading {}

    /** How long each took, since the series began. */
    record Spread(Distribution distribution) implements Reading {}
}
