package dev.banyan.drill.cache;

import dev.banyan.drill.PostgresUrl;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/**
 * Changes rows in the database past the cache and reads them through it. A read that began more than the bound after a newer version was acknowledged
 * must not show the older one, no read may fall behind one that had ended before it began, and when all is quiet every key shows the last version.
 */
public final class StalenessCheck {
    private static final Duration BREATH = Duration.ofMillis(20);
    static final Duration ANSWER = Duration.ofSeconds(30);

    private final CacheDrillOptions options;
    private final RedisUrl redis;
    private final Properties database;
    private final Clock clock;
    private final StalenessFindings findings;
    private volatile boolean over;

    private StalenessCheck(CacheDrillOptions options, Clock clock) {
        this.options = options;
        this.redis = RedisUrl.of(options.redis(), options.allowRemote());
        this.database = PostgresUrl.of(options.database(), "--url", options.allowRemote());
        this.clock = clock;
        this.findings = new StalenessFindings(options.bound());
    }

    /**
     * Runs the check with rows of its own in the sample application's tables, which it takes away. Blocks until all is done.
     *
     * @throws BanyanException USAGE, when an option is out of bounds; ENGINE_FAILED, when the database or the cache cannot be used at all
     */
    public static StalenessReport run(CacheDrillOptions options, Loops loops, Clock clock, RandomGenerator random) {
        return run(options, List.of(PhotosRows.profiles(), PhotosRows.likes()), loops, clock, random);
    }

    static StalenessReport run(CacheDrillOptions options, List<CheckedKeys> kinds, Loops loops, Clock clock, RandomGenerator random) {
        options.check();
        StalenessCheck check = new StalenessCheck(options, clock);
        try (Connection connection = check.connect()) {
            return check.run(connection, kinds, loops, random);
        } catch (SQLException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the database cannot be used for the check: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the cache cannot be used for the check: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.TIMED_OUT, "the check was interrupted before it could report", e);
        }
    }

    private Connection connect() throws SQLException {
        return PostgresUrl.connect(database, "banyan drill cache", ANSWER);
    }

    /** A row and what its keys are. */
    private record Watched(CheckedKeys keys, Row row) {}

    private StalenessReport run(Connection connection, List<CheckedKeys> kinds, Loops loops, RandomGenerator random) throws SQLException, IOException, InterruptedException {
        List<Watched> all = new ArrayList<>();
        for (CheckedKeys keys : kinds) {
            keys.make(connection, options.rows()).forEach(id -> all.add(new Watched(keys, new Row(id, clock.nanos()))));
        }
        try (CacheLink link = new CacheLink(redis, ANSWER)) {
            for (CheckedKeys keys : kinds) {
                declared(link, keys, all);
            }
            long begun = clock.nanos();
            observe(all, loops, random);
            double seconds = (clock.nanos() - begun) / 1e9;
            long forgotten = forgotten(link, all);
            return findings.report(kinds.stream().map(CheckedKeys::prefix).toList(), options, seconds, forgotten);
        } finally {
            for (CheckedKeys keys : kinds) {
                keys.remove(connection);
            }
        }
    }

    /** A cache that does not load these keys has nothing to be checked. */
    private static void declared(CacheLink link, CheckedKeys keys, List<Watched> all) throws IOException {
        String key = keys.key(all.stream().filter(watched -> watched.keys() == keys).findFirst().orElseThrow().row().id());
        if (link.get(key).isEmpty()) {
            throw new BanyanException(ErrorCode.USAGE, "the cache has nothing for " + key + ", whose row is there: declare the prefix '" + keys.prefix()
                    + "' as the sample's site.yaml does (cache.keys), and let the site be at stage 5");
        }
    }

    private void observe(List<Watched> all, Loops loops, RandomGenerator random) throws InterruptedException {
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < options.writers(); i++) {
            int first = i;
            List<Watched> own = all.stream().filter(watched -> all.indexOf(watched) % options.writers() == first).toList();
            RandomGenerator choices = Loops.random(random.nextLong());
            if (!own.isEmpty()) {
                workers.add(loops.blocking().submit(() -> write(own, choices)));
            }
        }
        for (int i = 0; i < options.readers(); i++) {
            RandomGenerator choices = Loops.random(random.nextLong());
            workers.add(loops.blocking().submit(() -> read(all, choices)));
        }
        clock.sleep(options.duration());
        over = true;
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a worker of the check failed", e.getCause());
            }
        }
    }

    private Void write(List<Watched> own, RandomGenerator random) throws InterruptedException {
        while (!over) {
            try (Connection connection = connect(); CacheLink link = new CacheLink(redis, ANSWER)) {
                while (!over) {
                    change(connection, link, own.get(random.nextInt(own.size())));
                }
            } catch (SQLException e) {
                findings.failed(String.valueOf(e.getSQLState()));
                clock.sleep(BREATH);
            } catch (IOException e) {
                findings.failed(e.getClass().getSimpleName());
                clock.sleep(BREATH);
            }
        }
        return null;
    }

    /** Changes the row, and looks until the cache shows it, or there is no more time. */
    private void change(Connection connection, CacheLink link, Watched watched) throws SQLException, IOException {
        Row row = watched.row();
        long version = row.next();
        try (PreparedStatement statement = connection.prepareStatement(watched.keys().change())) {
            statement.setLong(1, version);
            statement.setLong(2, row.id());
            statement.executeUpdate();
        }
        long acknowledged = clock.nanos();
        row.acknowledged(version, acknowledged);
        findings.written();
        while (read(link, watched) < version) {
            if (over || clock.nanos() - acknowledged > options.limit().toNanos()) {
                return;
            }
        }
        findings.visible(clock.nanos() - acknowledged);
    }

    private Void read(List<Watched> all, RandomGenerator random) throws InterruptedException {
        while (!over) {
            try (CacheLink link = new CacheLink(redis, ANSWER)) {
                while (!over) {
                    read(link, all.get(random.nextInt(all.size())));
                }
            } catch (IOException e) {
                findings.failed(e.getClass().getSimpleName());
                clock.sleep(BREATH);
            }
        }
        return null;
    }

    /** The version that is shown; -1 when none is. */
    private long read(CacheLink link, Watched watched) throws IOException {
        Row row = watched.row();
        long least = row.seen();
        long begun = clock.nanos();
        Optional<String> answer = link.get(watched.keys().key(row.id()));
        long took = clock.nanos() - begun;
        long version = answer.map(watched.keys()::version).orElse(-1L);
        findings.read(watched.keys().key(row.id()), version, row, least, begun, took);
        row.saw(version);
        return version;
    }

    /** How many keys do not show their last version when they had the time to: they are not late but forgotten. */
    private long forgotten(CacheLink link, List<Watched> all) throws IOException, InterruptedException {
        long deadline = clock.nanos() + options.limit().toNanos();
        List<Watched> stale = all;
        while (true) {
            List<Watched> still = new ArrayList<>();
            for (Watched watched : stale) {
                if (read(link, watched) < watched.row().newest()) {
                    still.add(watched);
                }
            }
            stale = still;
            if (stale.isEmpty() || clock.nanos() - deadline > 0) {
                return stale.size();
            }
            clock.sleep(BREATH);
        }
    }
}
