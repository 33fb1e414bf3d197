package dev.banyan.photos;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * The pool of connections and the three ways to use it: a query, a statement, a transaction. Every method blocks; requests run
 * on virtual threads.
 */
final class Database implements AutoCloseable {
    /** Waiting cannot mend these: wrong password (28P01), no such login or pg_hba entry (28000). */
    private static final Set<String> HOPELESS = Set.of("28P01", "28000");

    private final HikariDataSource pool;
    private final Settings settings;

    private Database(HikariDataSource pool, Settings settings) {
        this.pool = pool;
        this.settings = settings;
    }

    /** Work on one connection inside a transaction; it may be run once only, since a failed commit may have happened. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Makes a value of the current row. */
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /**
     * Waits for the database (at most {@link Settings#databaseWait()}), then opens the pool.
     *
     * @throws IOException if it does not answer in time or refuses the login
     */
    static Database open(Settings settings) throws IOException, InterruptedException {
        await(settings);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(settings.jdbcUrl());
        config.setDataSourceProperties(properties(settings));
        config.setPoolName("photos");
        config.setMaximumPoolSize(settings.pool());
        config.setMinimumIdle(Math.min(2, settings.pool()));
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        return new Database(new HikariDataSource(config), settings);
    }

    private static void await(Settings settings) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + settings.databaseWait().toNanos();
        while (true) {
            try (Connection connection = connect(settings)) {
                connection.isValid(5);
                return;
            } catch (SQLException e) {
                if (HOPELESS.contains(String.valueOf(e.getSQLState()))) {
                    throw new IOException("the database refuses the login (check user and password in the URL): " + e.getMessage(), e);
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("no database after " + settings.databaseWait().toSeconds()
                            + " s (is PostgreSQL running where DATABASE_URL says?): " + e.getMessage(), e);
                }
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /** A connection of its own, outside the pool: for listening. */
    Connection listener() throws SQLException {
        return connect(settings);
    }

    private static Connection connect(Settings settings) throws SQLException {
        return DriverManager.getConnection(settings.jdbcUrl(), properties(settings));
    }

    private static Properties properties(Settings settings) {
        Properties properties = new Properties();
        settings.login().ifPresent(login -> {
            properties.setProperty("user", login.user());
            properties.setProperty("password", login.password());
        });
        properties.setProperty("ApplicationName", "photos " + settings.instance());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("tcpKeepAlive", "true");
        return properties;
    }

    <T> List<T> list(String sql, Row<T> row, Object... values) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return list(connection, sql, row, values);
        }
    }

    <T> Optional<T> first(String sql, Row<T> row, Object... values) throws SQLException {
        return list(sql, row, values).stream().findFirst();
    }

    /** Runs one statement in its own transaction; how many rows it touched. */
    int run(String sql, Object... values) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return run(connection, sql, values);
        }
    }

    /** All of the work or nothing; returns after the commit. */
    <T> T transaction(Work<T> work) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.with(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                try {
                    connection.rollback();
                } catch (SQLException rollback) {
                    e.addSuppressed(rollback);
                }
                throw e;
            }
        }
    }

    static <T> List<T> list(Connection connection, String sql, Row<T> row, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values); ResultSet rows = statement.executeQuery()) {
            List<T> list = new ArrayList<>();
            while (rows.next()) {
                list.add(row.of(rows));
            }
            return list;
        }
    }

    static <T> Optional<T> first(Connection connection, String sql, Row<T> row, Object... values) throws SQLException {
        return list(connection, sql, row, values).stream().findFirst();
    }

    static int run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                switch (values[i]) {
                    case long[] numbers -> statement.setArray(i + 1, connection.createArrayOf("bigint", boxed(numbers)));
                    case String[] texts -> statement.setArray(i + 1, connection.createArrayOf("text", texts));
                    case null, default -> statement.setObject(i + 1, values[i]);
                }
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private static Object[] boxed(long[] numbers) {
        Object[] boxed = new Object[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            boxed[i] = numbers[i];
        }
        return boxed;
    }

    /** Whether the database answers within the time. */
    boolean answers(Duration within) {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(Math.max(1, (int) within.toSeconds()));
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
