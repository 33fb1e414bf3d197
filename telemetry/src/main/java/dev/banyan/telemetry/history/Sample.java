package dev.banyan.telemetry.history;

/**
 * What a series was in one step.
 *
 * @param value NaN when it was not measured
 */
public record Sample(KeptSeries series, double value) {}
