package dev.banyan.sim;

/** What is made wrong in the world of a simulation, to show that it can see it. */
enum Flaw {
    NONE,
    /** A fence says that it is done, and has done nothing. */
    FENCE_DOES_NOTHING,
    /** The record is not on disk when the write returns. */
    RECORD_IS_NOT_KEPT,
    /** Commits are acknowledged before a replica has them. */
    COMMITS_DO_NOT_WAIT,
    /** A standby that was just started says that it knows how much log it has. */
    POSITIONS_ARE_GUESSED
}
