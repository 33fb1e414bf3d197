package dev.banyan.postgres;

import dev.banyan.postgres.sql.Pin;
import dev.banyan.postgres.sql.Statement;
import java.util.List;

/**
 * Counts of one loop: written by the loop alone, without a fence, and read by whoever wants them a moment late; but for the statements, which
 * only the loop may read.
 */
final class LoopFigures {
    /** Kinds of statements whose figures are kept. */
    private static final int STATEMENTS = 2_048;

    private final RouterMetrics metrics;
    private final RouterLoop loop;
    private final StatementTable statements = new StatementTable(STATEMENTS);
    private final long[] ran = new long[4];
    private final long[] took = new long[2];
    private final long[] failed = new long[2];
    private final long[] pinned = new long[Pin.values().length];
    private long refused;
    private long repeated;

    LoopFigures(RouterMetrics metrics, RouterLoop loop) {
        this.metrics = metrics;
        this.loop = loop;
    }

    /** What a statement is known by. */
    StatementTally tally(Statement statement) {
        return statements.of(statement, loop::text);
    }

    /** A statement was answered. */
    void ran(Statement statement, Login login, Member server, boolean atReplica, long nanos, long rows, boolean withError) {
        int place = atReplica ? 1 : 0;
        ran[statement.readsOnly() ? 2 + place : place]++;
        took[place] += nanos;
        failed[place] += withError ? 1 : 0;
        StatementTally tally = statements.of(statement, loop::text);
        metrics.took(server, atReplica, tally.operation(), withError, nanos);
        tally.ran(statement, atReplica, nanos, rows, withError);
        if (nanos >= metrics.slowNanos()) {
            metrics.slow(new SlowStatement(tally.text(), login.user(), login.database(), server.name(), atReplica, nanos, rows, withError));
        }
    }

    void pinned(int bits) {
        for (int i = 0; i < pinned.length; i++) {
            pinned[i] += bits >> i & 1;
        }
    }

    void repeated() {
        repeated++;
    }

    void refused() {
        refused++;
    }

    /** Statements that were answered, by what they may do and where they ran. */
    long ran(boolean readsOnly, boolean atReplica) {
        return ran[(readsOnly ? 2 : 0) + (atReplica ? 1 : 0)];
    }

    /** How long they took together, in nanoseconds. */
    long nanos(boolean atReplica) {
        return took[atReplica ? 1 : 0];
    }

    /** Statements that the server answered with an error. */
    long failed(boolean atReplica) {
        return failed[atReplica ? 1 : 0];
    }

    /** Errors of the router's own. */
    long refusals() {
        return refused;
    }

    /** Reads that were tried again elsewhere, unseen by their client. */
    long repeats() {
        return repeated;
    }

    /** Sessions that had to keep their connection for that reason. */
    long pinned(Pin pin) {
        return pinned[pin.ordinal()];
    }

    /** Each statement's figures; only for the loop itself. */
    List<StatementFigures> statements() {
        return statements.figures();
    }

    /** How many statements' figures were lost to others. */
    long forgotten() {
        return statements.forgotten();
    }
}
