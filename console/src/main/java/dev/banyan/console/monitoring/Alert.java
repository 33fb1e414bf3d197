package dev.banyan.console.monitoring;

/**
 * Something that somebody is told of.
 *
 * @param name as Prometheus shows it
 * @param severity {@code page}: now; {@code ticket}: on a working day
 * @param expression in PromQL
 * @param lasts how long it must hold, as {@code 1m}; empty for at once
 * @param summary one sentence, with {@code {{ $labels.x }}} filled in
 * @param todo what to look at and do
 * @param drill the command that brings it about, so that it can be tried
 */
public record Alert(String name, String severity, String expression, String lasts, String summary, String todo, String drill) {}
