package dev.banyan.drill.reads;

import dev.banyan.drill.PostgresUrl;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counters in a table of a PostgreSQL, over its JDBC driver. */
final class JdbcStore implements Store {
    static final String TABLE = "banyan_check_reads";

    /** A server passes its figures on at most once a second, and ten seconds after its last statement at the latest. */
    private static final Duration FIGURES = Duration.ofSeconds(11);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final String UNKNOWN_SETTING = "42704";

    private final Properties url;
    private final Map<String, Properties> servers;
    private final Clock clock;

    private JdbcStore(Properties url, Map<String, Properties> servers, Clock clock) {
        this.url = url;
        this.servers = servers;
        this.clock = clock;
    }

    static JdbcStore of(ReadYourWritesOptions options, Clock clock) {
        Map<String, Properties> servers = new TreeMap<>();
        for (ReadYourWritesOptions.Server server : options.servers()) {
            servers.put(server.name(), PostgresUrl.of(server.url(), "--server " + server.name(), options.allowRemote()));
        }
        return new JdbcStore(PostgresUrl.of(options.url(), "--url", options.allowRemote()), servers, clock);
    }

    @Override
    public void prepare(int counters) throws SQLException {
        try (Connection connection = connect(url); Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists " + TABLE);
            // Room for new versions beside the old ones: the check is about positions, not about a growing table.
            statement.execute("create table " + TABLE + " (id int primary key, version bigint not null) with (fillfactor = 10)");
            statement.execute("insert into " + TABLE + " select i, 0 from generate_series(0, " + (counters - 1) + ") as i");
        }
    }

    @Override
    public Link open() throws SQLException {
        return new JdbcLink(connect(url));
    }

    @Override
    public boolean carries() throws SQLException {
        try (Connection connection = connect(url); JdbcLink link = new JdbcLink(connection)) {
            link.position();
            return true;
        } catch (SQLException e) {
            if (UNKNOWN_SETTING.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** Once the figures have come to rest. */
    @Override
    public SortedMap<String, Long> readsByServer() {
        if (servers.isEmpty()) {
            return new TreeMap<>();
        }
        try {
            clock.sleep(FIGURES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.TIMED_OUT, "the check was interrupted while it waited for the reads at each server", e);
        }
        return scans();
    }

    /** Scans of the table at each server, without those of updates. One that was lost meanwhile has taken its figures with it. */
    private SortedMap<String, Long> scans() {
        SortedMap<String, Long> scans = new TreeMap<>();
        for (Map.Entry<String, Properties> server : servers.entrySet()) {
            try (Connection connection = connect(server.getValue());
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select coalesce(sum(seq_scan + coalesce(idx_scan, 0) - n_tup_upd), 0)::bigint from pg_stat_user_tables where relname = '" + TABLE + "'")) {
                row.next();
                scans.put(server.getKey(), row.getLong(1));
            } catch (SQLException gone) {
                continue; // what it read is told of by nobody; what the sessions saw stands without it
            }
        }
        return scans;
    }

    @Override
    public void remove() throws SQLException {
        try (Connection connection = connect(url); Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists " + TABLE);
        }
    }

    private static Connection connect(Properties to) throws SQLException {
        return PostgresUrl.connect(to, "banyan drill reads", ANSWER);
    }
}
