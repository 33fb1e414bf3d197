package dev.banyan.postgres;

import dev.banyan.postgres.sql.Pin;
import dev.banyan.postgres.sql.Statement;

/** Counts of one loop: written by the loop alone, without a fence, and read by whoever wants them a moment late. */
final class LoopFigures {
    private long atPrimary;
    private long atReplicas;
    private long failed;
    private long refused;
    private long repeated;
    private final long[] pinned = new long[Pin.values().length];

    void ran(Statement statement, boolean atReplica, long nanos, long rows, boolean withError) {
        if (atReplica) {
            atReplicas++;
        } else {
            atPrimary++;
        }
        failed += withError ? 1 : 0;
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

    long atPrimary() {
        return atPrimary;
    }

    long atReplicas() {
        return atReplicas;
    }

    /** Statements that the server answered with an error. */
    long failed() {
        return failed;
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
}
