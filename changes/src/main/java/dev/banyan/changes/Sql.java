package dev.banyan.changes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A connection to the primary for questions and orders, each its own transaction. Owned by one thread. */
final class Sql implements AutoCloseable {
    /** Locks of tables are not waited for longer, for all that comes behind in the queue would wait as long; tried again later. */
    private static final String LOCK_TIMEOUT = "1s";
    private static final String STATEMENT_TIMEOUT = "8s";
    static final int CONNECT_SECONDS = 5;
    private static final int SILENT_SECONDS = 10;

    private final Connection connection;

    private Sql(Connection connection) {
        this.connection = connection;
    }

    static Sql open(Primary primary) throws SQLException {
        // A superuser here must not call what others put into a schema that is searched. What is changed here is of no use to a standby that takes over: it gets a slot and a publication check of its own.
        Properties properties = properties(primary, "-c lock_timeout=" + LOCK_TIMEOUT + " -c statement_timeout=" + STATEMENT_TIMEOUT + " -c synchronous_commit=local -c search_path=pg_catalog");
        properties.setProperty("socketTimeout", "" + SILENT_SECONDS);
        return new Sql(DriverManager.getConnection(url(primary), properties));
    }

    static String url(Primary primary) {
        return "jdbc:postgresql://" + primary.address() + "/" + URLEncoder.encode(primary.database(), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @param options the server's settings for this session */
    static Properties properties(Primary primary, String options) {
        Properties properties = new Properties();
        primary.properties().forEach(properties::setProperty);
        properties.setProperty("user", primary.user());
        if (!primary.password().reveal().isEmpty()) {
            properties.setProperty("password", primary.password().reveal());
        }
        properties.setProperty("ApplicationName", "banyan_changes");
        properties.setProperty("connectTimeout", "" + CONNECT_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("options", (properties.getProperty("options", "") + " " + options).strip());
        return properties;
    }

    /** What a row becomes. */
    interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    <T> List<T> rows(Mapper<T> mapper, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                Object parameter = parameters[i] instanceof String[] texts ? connection.createArrayOf("text", texts) : parameters[i];
                statement.setObject(i + 1, parameter);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(mapper.map(result));
                }
            }
            return rows;
        }
    }

    String text(String sql, Object... parameters) throws SQLException {
        return rows(row -> row.getString(1), sql, parameters).getFirst();
    }

    /** One statement, not prepared: definitions take no parameters. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static List<String> texts(ResultSet row, int column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    /** Whether the connection is of no more use. */
    static boolean isBroken(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57P");
    }

    /** A name in a statement. */
    static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return (text.indexOf('\\') < 0 ? "'" : "E'") + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // It is gone already.
        }
    }
}
