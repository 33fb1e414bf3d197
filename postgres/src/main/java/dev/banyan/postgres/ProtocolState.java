package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;

/**
 * Where a client is in the protocol: whether extended-query messages wait for their Sync, whether what comes before the next Sync is dropped
 * behind an error, and which error it has still to hear. Owned by one session.
 */
final class ProtocolState {
    private boolean inBatch;
    private boolean skipping;
    private PostgresError owed;

    /** Extended-query messages were sent whose Sync was not. */
    boolean inBatch() {
        return inBatch;
    }

    void batchBegun() {
        inBatch = true;
    }

    void batchEnded() {
        inBatch = false;
    }

    /** An error was told: what comes before the next Sync is dropped. */
    void skipToSync() {
        skipping = true;
    }

    void skipNoMore() {
        skipping = false;
    }

    /** Whether the next message is dropped, unless it is a Sync. */
    boolean drops() {
        return skipping || owed != null;
    }

    /** Nothing was begun whose end the server waits for. */
    boolean isAtRest() {
        return !inBatch && !skipping;
    }

    /** Something was lost or refused between two statements: the next one hears of it. */
    void owe(PostgresError why) {
        owed = why;
    }

    /** What the client has to hear now; null for nothing. */
    PostgresError takeOwed() {
        PostgresError why = owed;
        owed = null;
        return why;
    }

    /** All that was begun is forgotten: it is asked again from its beginning. */
    void startOver() {
        inBatch = false;
        skipping = false;
    }
}
