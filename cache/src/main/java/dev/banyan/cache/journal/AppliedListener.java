package dev.banyan.cache.journal;

import java.util.List;

/** Hears which rows' writes the database has. Called on the thread that applies them; may block, and while it does nothing more is applied. */
@FunctionalInterface
public interface AppliedListener {
    /** A transaction with writes to these rows begins; told again when it is tried again. */
    default void applying(List<Row> rows) {}

    /**
     * A transaction is committed; its writes are still pending, and cease to be when this returns.
     *
     * @param rows those written, each once
     * @param xid the transaction's id, all 64 bits ({@code xid8})
     */
    void applied(List<Row> rows, long xid);

    /** The writes of the transaction that was told last are not pending any more. */
    default void ended(List<Row> rows) {}

    /**
     * A row of it.
     *
     * @param refused the database refused its writes: they are in {@code banyan.dead_letters}, and the row is as it was
     */
    record Row(String table, List<RowWrite.Cell> key, boolean refused) {}
}
