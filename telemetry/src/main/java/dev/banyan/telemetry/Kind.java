package dev.banyan.telemetry;

/** What kind of figures a family holds. */
public enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM
}
