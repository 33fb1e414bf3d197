package dev.banyan.topology;

import java.time.Instant;

/**
 * Something that Banyan did by itself. Log, metric, console and command line print this same record.
 *
 * @param what the act, as {@code eject web-2}
 * @param why the reason, with its numbers
 * @param seen what was observed when it was decided
 * @param at when it was decided
 */
public record Decision(String what, String why, String seen, Instant at) {}
