package dev.banyan.postgres;

import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Verb;

/** Counts of one kind of statement on one loop. Owned by that loop. */
final class StatementTally {
    private String text;
    private Operation operation;
    private Statement statement;
    private long primaryCalls;
    private long replicaCalls;
    private long rows;
    private long errors;
    private long primaryNanos;
    private long replicaNanos;
    private long mostNanos;

    /** The table's clock when it was counted last. */
    long usedAt;

    StatementTally(Statement statement, String text) {
        this.statement = statement;
        text(text);
    }

    long fingerprint() {
        return statement.fingerprint();
    }

    /** Empty when its text was forgotten before it was counted. */
    String text() {
        return text;
    }

    Operation operation() {
        return operation;
    }

    void text(String known) {
        text = known;
        operation = Operation.of(known);
    }

    void ran(Statement ran, boolean atReplica, long nanos, long moreRows, boolean failed) {
        statement = ran; // what is known of the functions it calls may have changed
        if (atReplica) {
            replicaCalls++;
            replicaNanos += nanos;
        } else {
            primaryCalls++;
            primaryNanos += nanos;
        }
        rows += moreRows;
        errors += failed ? 1 : 0;
        mostNanos = Math.max(mostNanos, nanos);
    }

    StatementFigures figures() {
        return new StatementFigures(fingerprint(), text, statement.verb() == Verb.QUERY, statement.readsOnly(), statement.whyNot(), primaryCalls, replicaCalls, rows,
                errors, primaryNanos, replicaNanos, mostNanos);
    }
}
