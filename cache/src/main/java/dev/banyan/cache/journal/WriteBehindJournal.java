package dev.banyan.cache.journal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Writes that are acknowledged when they are on disk, and taken to the database in batches: in order for each row, and once in effect.
 * Safe for any thread.
 */
public final class WriteBehindJournal implements AutoCloseable {
    private WriteBehindJournal() {}

    /**
     * Opens the journal of a folder, or makes one. The database need not be there: what it has of an earlier run's writes is asked when it is.
     *
     * @throws dev.banyan.topology.BanyanException DISK when the folder cannot be used or a segment is damaged, SITE_IS_HELD when another process has it
     */
    public static WriteBehindJournal open(Setup setup) {
        throw new UnsupportedOperationException("being built: " + setup.folder());
    }

    /**
     * Puts a write on disk.
     *
     * @return completes, on the journal's own thread which must not be blocked, when the write is durable, and from then on it is pending;
     *     exceptionally with a {@link dev.banyan.topology.BanyanException}, and then it must not be acknowledged: BUSY when there was no room for
     *     as long as an append waits, DISK when the disk is full or fails, USAGE when the write is larger than the journal takes
     */
    public CompletableFuture<Appended> append(RowWrite write) {
        throw new UnsupportedOperationException("being built: " + write.table());
    }

    /**
     * What the writes that the database does not have yet, those on their way included, do to a row; empty when there are none. Does not block.
     *
     * @throws dev.banyan.topology.BanyanException BUSY while it is not known which writes of an earlier run the database has ({@link Figures#settled})
     */
    public Optional<Pending> pending(String table, List<RowWrite.Cell> key) {
        throw new UnsupportedOperationException("being built: " + table);
    }

    /** Takes all that is appended by now to the database, without gathering, and waits for it; false when it was not done in time. */
    public boolean drain(Duration atMost) {
        throw new UnsupportedOperationException("being built: " + atMost);
    }

    public Figures figures() {
        throw new UnsupportedOperationException("being built");
    }

    /** Hears from now on what was applied. */
    public void onApplied(AppliedListener listener) {
        throw new UnsupportedOperationException("being built: " + listener);
    }

    /** Ends appending with what is under way on disk, and applying without waiting for the database; what it does not have stays in the folder. */
    @Override
    public void close() {}
}
