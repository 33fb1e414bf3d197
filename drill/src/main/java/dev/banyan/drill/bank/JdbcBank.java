package dev.banyan.drill.bank;

import dev.banyan.drill.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/** Accounts and entries in tables of a PostgreSQL, over its JDBC driver. */
final class JdbcBank implements Bank {
    static final String ACCOUNTS = "banyan_check_accounts";
    static final String ENTRIES = "banyan_check_entries";

    /** Longer than any server should take to be replaced. */
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int FETCH = 10_000;

    private final Properties url;

    JdbcBank(BankOptions options) {
        this.url = PostgresUrl.of(options.url(), "--url", options.allowRemote());
    }

    @Override
    public void prepare(int accounts) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists " + ACCOUNTS + ", " + ENTRIES);
            statement.execute("create table " + ACCOUNTS + " (id int primary key, balance bigint not null)");
            // Who wrote a row is noted by that server itself, as part of the row: of two that both took writes one is found out by it.
            statement.execute("create table " + ENTRIES + " (id bigint primary key, debit int not null, credit int not null, amount bigint not null,"
                    + " port int not null default inet_server_port(), timeline text not null default substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))");
            statement.execute("insert into " + ACCOUNTS + " select i, " + OPENING_BALANCE + " from generate_series(0, " + (accounts - 1) + ") as i");
        }
    }

    @Override
    public Teller open() throws SQLException {
        Connection connection = connect();
        try {
            return new JdbcTeller(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The lock waits for every write that is still under way, and no replica can give it. */
    @Override
    public void read(Books books) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("lock table " + ACCOUNTS + ", " + ENTRIES + " in share mode");
            statement.setFetchSize(FETCH);
            try (ResultSet row = statement.executeQuery("select id, balance from " + ACCOUNTS)) {
                while (row.next()) {
                    books.account(row.getInt(1), row.getLong(2));
                }
            }
            try (ResultSet row = statement.executeQuery("select id, debit, credit, amount, port, timeline from " + ENTRIES)) {
                while (row.next()) {
                    books.entry(new Entry(row.getLong(1), row.getInt(2), row.getInt(3), row.getLong(4), row.getInt(5), row.getString(6)));
                }
            }
            connection.rollback();
        }
    }

    @Override
    public void remove() throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists " + ACCOUNTS + ", " + ENTRIES);
        }
    }

    private Connection connect() throws SQLException {
        return PostgresUrl.connect(url, "banyan drill bank", ANSWER);
    }
}
