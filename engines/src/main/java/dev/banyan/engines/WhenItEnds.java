package dev.banyan.engines;

/** What follows when a process ends by itself. */
public enum WhenItEnds {
    /** It is started again, after a wait that grows. */
    RESTART,
    /** Only told: a primary that has replicas must not come back while one of them is being promoted. */
    TELL
}
