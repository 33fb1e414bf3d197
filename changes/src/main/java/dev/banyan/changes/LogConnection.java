package dev.banyan.changes;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyDual;

/**
 * A connection in PostgreSQL's replication protocol. Owned by one thread; {@link #abort} may be called by any.
 *
 * <p>The server speaks at least every {@value #SERVER_PATIENCE_SECONDS}/2 seconds, so whoever hears nothing for {@value #SILENT_SECONDS} has lost it. That is why
 * the stream is pgjdbc's bare CopyDual: its PGReplicationStream uses the socket's timeout as its own timer, which may strike within a message.
 */
final class LogConnection implements AutoCloseable {
    private static final int SERVER_PATIENCE_SECONDS = 6;
    private static final int SILENT_SECONDS = 8;

    private final Connection connection;

    private LogConnection(Connection connection) {
        this.connection = connection;
    }

    static LogConnection open(Primary primary) throws SQLException {
        Properties properties = Sql.properties(primary, "-c wal_sender_timeout=" + SERVER_PATIENCE_SECONDS + "s");
        properties.setProperty("replication", "database");
        properties.setProperty("assumeMinServerVersion", "14");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("socketTimeout", "" + SILENT_SECONDS);
        return new LogConnection(DriverManager.getConnection(Sql.url(primary), properties));
    }

    Verdict.Place place() throws SQLException {
        return one("IDENTIFY_SYSTEM", row -> new Verdict.Place(row.getString("systemid"), row.getInt("timeline")));
    }

    /** Where the server's history left a timeline; empty when it never was on it, or still is. */
    Optional<Long> forkFrom(int timeline, Verdict.Place now) throws SQLException {
        if (timeline >= now.timeline()) {
            return Optional.empty();
        }
        return TimelineHistory.fork(one("TIMELINE_HISTORY " + now.timeline(), row -> row.getString(2)), timeline);
    }

    /**
     * Makes a slot. Waits for the end of all transactions that are running now.
     *
     * @return its first position: all that is committed behind it will be told
     */
    long createSlot(String name, boolean failover) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, 0); // however long they take; who asks for it keeps an eye on the server
        long position = one(
                "CREATE_REPLICATION_SLOT " + name + " LOGICAL pgoutput " + (failover ? "(SNAPSHOT 'nothing', FAILOVER true)" : "NOEXPORT_SNAPSHOT"), // the second is PostgreSQL 14's way
                row -> Slot.lsn(row.getString("consistent_point")));
        connection.setNetworkTimeout(Runnable::run, SILENT_SECONDS * 1_000);
        return position;
    }

    /** @param from a position between two transactions; 0 is where the slot stands */
    LogStream start(String slot, String publication, long from) throws SQLException {
        CopyDual copy = connection.unwrap(PGConnection.class).getCopyAPI()
                .copyDual("START_REPLICATION SLOT " + slot + " LOGICAL " + Figures.show(from) + " (proto_version '1', publication_names '\"" + publication + "\"')");
        return new LogStream(copy);
    }

    /** Ends it at once, whatever it is waiting for. */
    void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is gone already.
        }
    }

    @Override
    public void close() {
        abort(); // an orderly end would wait for all that is under way
    }

    private <T> T one(String command, Sql.Mapper<T> mapper) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(command)) {
            if (!result.next()) {
                throw new SQLException("the server answered " + command + " with no row");
            }
            return mapper.map(result);
        }
    }
}
