package dev.banyan.drill.bank;

import java.sql.SQLException;

/** Where the accounts and the entries are. Safe for any thread. */
interface Bank {
    /** What every account has at first. */
    long OPENING_BALANCE = 1_000;

    /** Makes the tables anew, with accounts from 0. */
    void prepare(int accounts) throws SQLException;

    Teller open() throws SQLException;

    /** Reads everything, in one snapshot of the primary, when no write is under way any more. */
    void read(Books books) throws SQLException;

    void remove() throws SQLException;

    /** Gets what is in the tables. */
    interface Books {
        void account(int number, long balance);

        /** @param entry with who wrote it */
        void entry(Entry entry);
    }

    /**
     * A row of the set: a transfer, or an insert by itself, of which debit, credit and amount are 0.
     *
     * @param id of the write, from 0
     * @param port of the server that wrote it
     * @param timeline of that server then; grows with each promotion
     */
    record Entry(long id, int debit, int credit, long amount, int port, String timeline) {}
}
