package dev.banyan.drill.bank;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** One connection of a {@link JdbcBank}. Used by one thread at a time. */
final class JdbcTeller implements Teller {
    private static final String BALANCES = "select id, balance from " + JdbcBank.ACCOUNTS + " where id in (?, ?) order by id";

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement locked;
    private final PreparedStatement read;
    private final PreparedStatement change;

    JdbcTeller(Connection connection) throws SQLException {
        this.connection = connection;
        this.insert = connection.prepareStatement("insert into " + JdbcBank.ENTRIES + " (id, debit, credit, amount) values (?, ?, ?, ?)");
        this.locked = connection.prepareStatement(BALANCES + " for update");
        this.read = connection.prepareStatement(BALANCES);
        this.change = connection.prepareStatement("update " + JdbcBank.ACCOUNTS + " set balance = ? where id = ?");
    }

    @Override
    public void insert(long id) throws SQLException {
        connection.setAutoCommit(true);
        insert(id, 0, 0, 0);
    }

    @Override
    public void transfer(Transfer transfer, Runnable committing) throws SQLException {
        connection.setAutoCommit(true);
        connection.setTransactionIsolation(transfer.serializable() ? Connection.TRANSACTION_SERIALIZABLE : Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        long[] balances = balances(transfer.serializable() ? read : locked, transfer.from(), transfer.to());
        set(transfer.from(), balances[0] - transfer.amount());
        set(transfer.to(), balances[1] + transfer.amount());
        insert(transfer.id(), transfer.from(), transfer.to(), transfer.amount());
        committing.run();
        connection.commit();
    }

    /** Of the two accounts, in the order asked for. What was read is written back with the difference, so that a lost update is seen. */
    private long[] balances(PreparedStatement question, int from, int to) throws SQLException {
        question.setInt(1, from);
        question.setInt(2, to);
        long[] balances = new long[2];
        try (ResultSet row = question.executeQuery()) {
            for (int i = 0; i < 2; i++) {
                if (!row.next()) {
                    throw new SQLException("of accounts " + from + " and " + to + " only " + i + " are in table " + JdbcBank.ACCOUNTS, "02000");
                }
                balances[row.getInt(1) == from ? 0 : 1] = row.getLong(2);
            }
        }
        return balances;
    }

    private void set(int account, long balance) throws SQLException {
        change.setLong(1, balance);
        change.setInt(2, account);
        change.executeUpdate();
    }

    private void insert(long id, int debit, int credit, long amount) throws SQLException {
        insert.setLong(1, id);
        insert.setInt(2, debit);
        insert.setInt(3, credit);
        insert.setLong(4, amount);
        insert.executeUpdate();
    }

    @Override
    public void rollback() throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // It is gone either way; what it did was counted when it was done.
        }
    }
}
