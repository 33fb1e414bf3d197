package dev.banyan.postgres.sql;

/** What kind of statement a text is, as far as the router treats it in a way of its own. */
public enum Verb {
    /** Nothing but comments and blanks. */
    EMPTY,
    /** SELECT, VALUES, TABLE, WITH, SHOW, EXPLAIN without ANALYZE and all else that asks. */
    QUERY,
    BEGIN,
    /** COMMIT and END. */
    COMMIT,
    /** ROLLBACK and ABORT of the whole transaction. */
    ROLLBACK,
    /** SAVEPOINT, RELEASE, ROLLBACK TO. */
    SAVEPOINT,
    /** PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED. */
    TWO_PHASE,
    SET,
    RESET,
    SHOW,
    /** DISCARD ALL. The other DISCARDs are OTHER with their effects. */
    DISCARD_ALL,
    DEALLOCATE,
    COPY,
    /** Everything else, and every text of several statements. */
    OTHER
}
