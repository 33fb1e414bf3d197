package dev.banyan.cache;

import dev.banyan.cache.WriteCommand.Outcome;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Writes to rows, each in a transaction of its own. */
interface RowWrites {
    /**
     * Writes one; blocks.
     *
     * @throws SQLException when the database refuses; of a broken connection nobody knows whether it was written
     */
    Written write(Bound bound, List<String> parts, WriteCommand command, BeforeCommit before) throws SQLException;

    /** Hears of a transaction that has changed the row and is about to be committed. */
    interface BeforeCommit {
        void changed(int xid);
    }

    /**
     * What was written.
     *
     * @param xid the transaction's, its lower 32 bits; empty when nothing was
     * @param value the row's value now; empty when there is none
     */
    record Written(Outcome outcome, Optional<Integer> xid, Optional<byte[]> value) {}
}
