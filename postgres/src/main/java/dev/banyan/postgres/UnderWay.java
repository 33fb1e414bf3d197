package dev.banyan.postgres;

import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Verb;
import dev.banyan.telemetry.Tracer;

/**
 * What a session has sent to a server and not seen the end of: what it may have written, so that the commit's position is asked for, and what
 * is counted of it. Owned by one session.
 */
final class UnderWay {
    /** Whether the primary is to be asked where it is in its log. */
    enum Position {
        NO,
        /** In the same packet, right behind what is sent. */
        NOW,
        /** Once it has ended: a copy would take the question for its data. */
        LATER
    }

    private final StatementTrace trace = new StatementTrace();
    private Statement statement;
    private long sinceNanos;
    private long rows;
    private boolean failed;
    private boolean writes;
    private boolean commits;
    /** As the two before, up to the answer: that the position was asked for behind something does not mean that it was done. */
    private boolean inDoubt;
    private boolean committing;
    private boolean copies;
    private boolean askLater;
    private boolean known;
    private boolean schema;
    private boolean defaults;
    private byte ready;

    /** Whether a statement that is sent now is the one that is counted and recorded of what is under way: the first that is no BEGIN. */
    boolean countsNext() {
        return statement == null || statement.verb() == Verb.BEGIN;
    }

    /** A statement is sent. */
    void sent(Statement sent, long nowNanos) {
        sinceNanos = statement == null ? nowNanos : sinceNanos;
        statement = countsNext() ? sent : statement;
        known = false;
        boolean mayWrite = !sent.readsOnly() && mayWrite(sent.verb());
        boolean mayCommit = sent.verb() == Verb.COMMIT || sent.verb() == Verb.TWO_PHASE || sent.count() > 1;
        writes |= mayWrite;
        boolean chains = sent.verb() == Verb.COMMIT && !sent.name().isEmpty(); // a question would be the next transaction's first statement
        copies |= sent.verb() == Verb.COPY || sent.count() > 1 || chains;
        commits |= mayCommit;
        inDoubt |= mayWrite;
        committing |= mayCommit;
    }

    private static boolean mayWrite(Verb verb) {
        return switch (verb) {
            case EMPTY, BEGIN, ROLLBACK, SAVEPOINT, SET, RESET, SHOW, DEALLOCATE, DISCARD_ALL -> false;
            case QUERY, COMMIT, TWO_PHASE, COPY, OTHER -> true;
        };
    }

    /** What is recorded of it. */
    StatementTrace trace() {
        return trace;
    }

    /** How the position is asked for behind what was sent so far; asked once. */
    Position position(boolean inTransaction) {
        if (!writes || inTransaction && !commits) {
            return Position.NO;
        }
        writes = false;
        commits = false;
        if (copies) {
            copies = false;
            askLater = true;
            return Position.LATER;
        }
        return Position.NOW;
    }

    /** Whether it is to be asked for now that a transaction has ended. */
    boolean asksAtEnd() {
        boolean asks = askLater;
        askLater = false;
        return asks;
    }

    /** The client's ReadyForQuery waits for the position. @param status I, T or E */
    void holdReady(byte status) {
        ready = status;
    }

    /** What is held back; 0 when nothing is. */
    byte heldReady() {
        return ready;
    }

    byte releaseReady() {
        byte status = ready;
        ready = 0;
        return status;
    }

    /** The primary's position is known. @param nothingBehind as it was after the last statement */
    void positionKnown(boolean nothingBehind) {
        known = nothingBehind;
    }

    boolean isPositionKnown() {
        return known;
    }

    /** Something was altered or dropped: others find out at once, and again when it is committed. */
    void changesSchema() {
        schema = true;
    }

    void changesDefaults() {
        defaults = true;
    }

    /** @param itsOwn what it alters are most likely tables of its own that nobody else sees */
    void tellChanges(Generations generations, boolean ended, boolean itsOwn) {
        if (schema && !itsOwn) {
            generations.schemaChanged();
        }
        if (defaults) {
            generations.defaultsChanged();
        }
        if (ended) {
            schema = false;
            defaults = false;
        }
    }

    void rows(long more) {
        rows += more;
    }

    void failed() {
        failed = true;
    }

    /** Something is on its way that may have committed, or been asked to. */
    boolean mayHaveCommitted() {
        return inDoubt || committing || askLater || ready != 0;
    }

    /** Its COMMIT is on its way. */
    boolean commits() {
        return committing || ready != 0;
    }

    /** The client was told that it is ready: counts. */
    void answered(LoopFigures figures, Tracer tracer, Login login, Member server, boolean atReplica, long nowNanos) {
        if (statement != null) {
            figures.ran(statement, login, server, atReplica, nowNanos - sinceNanos, rows, failed);
            if (trace.records()) {
                StatementTally tally = figures.tally(statement);
                trace.end(tracer, tally.operation(), tally.text(), login, server, atReplica, rows, failed, nowNanos);
            }
        }
        statement = null;
        rows = 0;
        failed = false;
    }

    /** All that was sent has been answered. */
    void settled() {
        inDoubt = false;
        committing = false;
    }

    /** Nothing is on its way any more, whatever became of it. */
    void clear() {
        statement = null;
        rows = 0;
        failed = false;
        writes = false;
        commits = false;
        copies = false;
        inDoubt = false;
        committing = false;
        askLater = false;
        known = false;
        ready = 0;
    }
}
