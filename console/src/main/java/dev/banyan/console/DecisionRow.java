package dev.banyan.console;

import dev.banyan.topology.Decision;

/**
 * A Decision as the console lists it: with what it is about.
 *
 * @param number 1 for the first since the start
 * @param tier the id of the tier it is about, as {@code application}; empty for one about the whole site
 * @param node the id of the server it is about, as {@code web-2}, which may be gone meanwhile; empty for one about several or none
 */
public record DecisionRow(long number, Decision decision, String tier, String node) {}
