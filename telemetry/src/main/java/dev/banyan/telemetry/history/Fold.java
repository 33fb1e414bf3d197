package dev.banyan.telemetry.history;

/** How several values of a series become one. */
public enum Fold {
    /** Their mean: rates, shares, memory. */
    MEAN,
    /** The highest: latencies, lags, failures. A p99 of five minutes is the highest of the p99 of its steps, not that of all its answers. */
    MAX
}
