package dev.banyan.drill.cache;

import dev.banyan.drill.PostgresUrl;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Asks for one key that is not in the cache over thousands of connections at once, and has PostgreSQL tell how often its table was looked into for it.
 * The site should be idle: whoever else looks for a user by name is counted too.
 */
public final class OneQueryCheck {
    /** A server passes its figures on at most once a second, and ten seconds after its last statement at the latest. */
    private static final Duration FIGURES = Duration.ofSeconds(11);
    private static final int MOST_CONNECTIONS = 2_500;
    private static final int CONNECTING = 64;
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final CacheDrillOptions options;
    private final List<Properties> servers;
    private final RedisUrl redis;
    private final Properties database;
    private final Clock clock;

    private OneQueryCheck(CacheDrillOptions options, List<Secret> servers, Clock clock) {
        this.options = options;
        this.redis = RedisUrl.of(options.redis(), options.allowRemote());
        this.database = PostgresUrl.of(options.database(), "--url", options.allowRemote());
        this.servers = servers.stream().map(url -> PostgresUrl.of(url, "--server", options.allowRemote())).toList();
        this.clock = clock;
    }

    /**
     * Runs the check with a user of its own. Blocks until all is done, some twenty-five seconds.
     *
     * @param servers all PostgreSQL servers, each directly: any of them may have been asked
     */
    public static OneQueryReport run(CacheDrillOptions options, List<Secret> servers, Loops loops, Clock clock) {
        options.check();
        try {
            return new OneQueryCheck(options, servers, clock).run(loops);
        } catch (SQLException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the database cannot be used for the check: " + e.getMessage(), e);
        } catch (ExecutionException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the cache cannot be used for the check: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.TIMED_OUT, "the check was interrupted before it could report", e);
        }
    }

    private OneQueryReport run(Loops loops) throws SQLException, InterruptedException, ExecutionException {
        try (Connection connection = PostgresUrl.connect(database, "banyan drill cache", ANSWER)) {
            // The first look at a prefix may ask what its table is like: that is another user's.
            List<String> names = PhotosRows.strangers(connection, 2);
            try {
                storm(names.getFirst(), 1, loops);
                clock.sleep(FIGURES);
                long before = scans();
                Storm storm = storm(names.getLast(), options.misses(), loops);
                clock.sleep(FIGURES);
                return new OneQueryReport("user:", options.misses(), storm.connections(), storm.right(), scans() - before, storm.millis());
            } finally {
                PhotosRows.remove(connection);
            }
        }
    }

    private record Storm(int connections, long right, double millis) {}

    private Storm storm(String name, int misses, Loops loops) throws InterruptedException, ExecutionException {
        int connections = Math.min(misses, MOST_CONNECTIONS);
        CountDownLatch connected = new CountDownLatch(connections);
        CountDownLatch go = new CountDownLatch(1);
        Semaphore connecting = new Semaphore(CONNECTING);
        List<Future<List<Optional<String>>>> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            int times = misses / connections + (i < misses % connections ? 1 : 0);
            clients.add(loops.blocking().submit(() -> ask("user:" + name, times, connecting, connected, go)));
        }
        connected.await();
        long begun = clock.nanos();
        go.countDown();
        long right = 0;
        for (Future<List<Optional<String>>> client : clients) {
            right += client.get().stream().filter(answer -> answer.filter(text -> text.contains("\"id\"")).isPresent()).count();
        }
        return new Storm(connections, right, (clock.nanos() - begun) / 1e6);
    }

    /** Whatever happens, the others are not left waiting. */
    private List<Optional<String>> ask(String key, int times, Semaphore connecting, CountDownLatch connected, CountDownLatch go) throws IOException, InterruptedException {
        connecting.acquire();
        CacheLink link;
        try {
            link = new CacheLink(redis, ANSWER);
        } finally {
            connecting.release();
            connected.countDown();
        }
        try (link) {
            go.await();
            return link.getOften(key, times);
        }
    }

    /** How often the table was looked into at all servers, without what updates did. */
    private long scans() throws SQLException {
        long scans = 0;
        for (Properties server : servers) {
            try (Connection connection = PostgresUrl.connect(server, "banyan drill cache", ANSWER);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT coalesce(sum(seq_scan + coalesce(idx_scan, 0) - n_tup_upd), 0)::bigint FROM pg_stat_user_tables WHERE relname = 'users'")) {
                row.next();
                scans += row.getLong(1);
            }
        }
        return scans;
    }
}
