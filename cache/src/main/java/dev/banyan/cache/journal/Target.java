package dev.banyan.cache.journal;

import dev.banyan.cache.journal.PendingRows.RowWork;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The database, as the applier sees it. Owned by one thread. What it throws may have been done or not; asking again tells. */
interface Target extends AutoCloseable {
    /**
     * Becomes the one that applies a journal, and any earlier one not.
     *
     * @return the last sequence number that the database has
     */
    long claim(UUID journal) throws SQLException;

    /** Says that the database has less than it believed: the folder is an older copy, and the numbers are used again. */
    void lower(UUID journal, long applied) throws SQLException;

    /** Applies a stretch of the journal, all of it and its end in one transaction; does nothing when the database has it already. */
    Outcome apply(Stretch stretch) throws SQLException;

    /** Ends what is under way, from any thread. */
    @Override
    void close();

    /**
     * @param after the last sequence number that the database should have before
     * @param upTo and after it
     * @param left writes that wait behind it
     * @param oldest when the first of those was put on disk
     */
    record Stretch(UUID journal, long after, long upTo, List<RowWork> rows, long left, Optional<Instant> oldest) {}

    /** What became of a stretch. */
    sealed interface Outcome {
        /** @param refused rows whose writes are in the dead letters now */
        record Done(long xid, List<Refused> refused) implements Outcome {}

        /** The database does not have what it had: it was restored, or a failover lost it. */
        record Behind(long applied) implements Outcome {}

        /** Another one has claimed the journal. */
        record Fenced(String owner) implements Outcome {}
    }

    record Refused(RowKey row, String sqlState) {}
}
