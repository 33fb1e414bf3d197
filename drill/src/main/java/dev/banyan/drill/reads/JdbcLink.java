package dev.banyan.drill.reads;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** One connection of a {@link JdbcStore}. Used by one thread at a time. */
final class JdbcLink implements Link {
    private static final String NO_ROW = "02000";

    private final Connection connection;
    private final PreparedStatement read;
    private final PreparedStatement write;

    JdbcLink(Connection connection) throws SQLException {
        this.connection = connection;
        this.read = connection.prepareStatement("select version from " + JdbcStore.TABLE + " where id = ?");
        this.write = connection.prepareStatement("update " + JdbcStore.TABLE + " set version = ? where id = ?");
    }

    @Override
    public long read(int counter) throws SQLException {
        read.setInt(1, counter);
        try (ResultSet row = read.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("counter " + counter + " is not in table " + JdbcStore.TABLE, NO_ROW);
            }
            return row.getLong(1);
        }
    }

    @Override
    public void write(int counter, long version) throws SQLException {
        write.setLong(1, version);
        write.setInt(2, counter);
        if (write.executeUpdate() != 1) {
            throw new SQLException("counter " + counter + " is not in table " + JdbcStore.TABLE, NO_ROW);
        }
    }

    @Override
    public void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    @Override
    public void commit() throws SQLException {
        connection.commit();
        connection.setAutoCommit(true);
    }

    @Override
    public void rollback() throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }

    @Override
    public String position() throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("show banyan.lsn")) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void carry(String position) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set banyan.lsn = '" + position.replace("'", "''") + "'");
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
