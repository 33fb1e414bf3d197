package dev.banyan.drill.bank;

import java.sql.SQLException;

/** One connection to a {@link Bank}. Used by one thread at a time. */
interface Teller extends AutoCloseable {
    /** Inserts an entry by itself; it is committed when this returns. */
    void insert(long id) throws SQLException;

    /**
     * Moves money and inserts the entry in one transaction; committed when this returns.
     *
     * @param committing is run before the commit is sent: a failure until then has changed nothing
     */
    void transfer(Transfer transfer, Runnable committing) throws SQLException;

    /** Ends a transaction that failed. */
    void rollback() throws SQLException;

    @Override
    void close();

    /** @param serializable isolation level SERIALIZABLE and no locks, instead of READ COMMITTED with both rows locked */
    record Transfer(long id, int from, int to, long amount, boolean serializable) {}
}
