package dev.banyan.control.database;

/** What a database server is to be started as. */
public enum Role {
    /** It takes writes. */
    PRIMARY,
    /** It follows a primary and takes reads. */
    STANDBY
}
