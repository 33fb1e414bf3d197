package dev.banyan.engines;

/** What a database server is started as. */
public enum ServerRole {
    /** Takes writes. */
    PRIMARY,
    /** Follows a primary and takes reads. */
    STANDBY
}
