package dev.banyan.telemetry.logs;

import java.time.Instant;
import java.util.Optional;

/**
 * A line of a log.
 *
 * @param at when it was written: its own time, or that of the line with a time before it; empty when there is none
 * @param name whose log: {@code web-1}
 * @param tier where that belongs: {@code application}, {@code database}, {@code cache}, {@code edges}, {@code banyan}, {@code access}
 * @param line its text, cut when it is very long
 */
public record LogLine(Optional<Instant> at, String name, String tier, String line) {}
