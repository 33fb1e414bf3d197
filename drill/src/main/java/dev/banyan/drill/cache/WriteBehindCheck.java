package dev.banyan.drill.cache;

import dev.banyan.drill.Gaps;
import dev.banyan.drill.PostgresUrl;
import dev.banyan.drill.bank.Fault;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Counts and sets keys that are written behind while what stands behind them is broken, and then looks into the database: each acknowledged write must be
 * there, and none twice. A counter must lie between what was acknowledged and that with all that got no answer; the last acknowledged value of a row
 * that one worker sets must be there, or one that was sent after it.
 */
public final class WriteBehindCheck {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration BREATH = Duration.ofMillis(20);
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);
    /** Nothing may come after all has been there for so long. */
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int SETS = 30;

    private final CacheDrillOptions options;
    private final RedisUrl redis;
    private final Properties database;
    private final Clock clock;
    private final Consumer<String> progress;
    private final WriteLedger ledger;
    private final Gaps gaps = new Gaps();
    private final Failures failures = new Failures();
    private final AtomicLong sent = new AtomicLong();
    private final List<WriteBehindReport.Struck> struck = new ArrayList<>();
    private volatile boolean over;
    private long startNanos;
    private long lineNanos;

    private WriteBehindCheck(CacheDrillOptions options, Clock clock, Consumer<String> progress) {
        this.options = options;
        this.redis = RedisUrl.of(options.redis(), options.allowRemote());
        this.database = PostgresUrl.of(options.database(), "--url", options.allowRemote());
        this.clock = clock;
        this.progress = progress;
        this.ledger = new WriteLedger(options.counters(), options.workers());
    }

    /**
     * Runs the check with rows of its own in the sample application's tables, which it takes away. Blocks until all is done.
     *
     * @param fault breaks what stands behind the cache's address, or all of it; asked as often as the options say
     * @throws BanyanException USAGE, when an option is out of bounds; ENGINE_FAILED, when the database or the cache cannot be used at all
     */
    public static WriteBehindReport run(CacheDrillOptions options, Fault fault, Loops loops, Clock clock, RandomGenerator random, Consumer<String> progress) {
        options.check();
        try {
            return new WriteBehindCheck(options, clock, progress).run(fault, loops, random);
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

    private WriteBehindReport run(Fault fault, Loops loops, RandomGenerator random) throws SQLException, IOException, InterruptedException {
        Written written;
        try (Connection connection = connect()) {
            written = new Written(PhotosRows.counters(connection, options.counters()), PhotosRows.values(connection, options.workers()));
        }
        declared(counter(written.counters().getFirst()));
        declared(own(written.values().getFirst()));
        startNanos = clock.nanos();
        lineNanos = startNanos;
        List<Future<?>> workers = new ArrayList<>();
        for (int worker = 0; worker < options.workers(); worker++) {
            int number = worker;
            RandomGenerator choices = Loops.random(random.nextLong());
            workers.add(loops.blocking().submit(() -> work(number, written, choices)));
        }
        try {
            strikeAll(fault);
        } finally {
            over = true;
            await(workers);
        }
        long ended = clock.nanos();
        Drained drained = drain(written);
        return report((ended - startNanos) / 1e9, drained);
    }

    /** A cache that does not count for the database has nothing to be checked. */
    private void declared(String key) throws IOException {
        try (CacheLink link = new CacheLink(redis, ANSWER)) {
            if (link.get(key).isEmpty()) {
                throw new BanyanException(ErrorCode.USAGE, "the cache has nothing for " + key
                        + ", whose row is there: declare the prefixes 'likes:' and 'views:' as the sample's site.yaml does (cache.keys), and let the site be at stage 5");
            }
        }
    }

    /** Ids of rows: those that all count up, and one for each worker, which it sets. */
    private record Written(List<Long> counters, List<Long> values) {}

    private static String counter(long id) {
        return "likes:" + id;
    }

    private static String own(long id) {
        return "views:" + id;
    }

    private Void work(int worker, Written written, RandomGenerator random) throws InterruptedException {
        while (!over) {
            try (CacheLink link = new CacheLink(redis, ANSWER)) {
                while (!over) {
                    write(link, worker, written, random);
                }
            } catch (CacheLink.Refused e) {
                failures.add(e.getMessage());
                clock.sleep(BREATH);
            } catch (IOException e) {
                failures.add(e.getClass().getSimpleName());
                clock.sleep(BREATH);
            }
        }
        return null;
    }

    /** What an error says of a write is not relied on: it may have been done. */
    private void write(CacheLink link, int worker, Written written, RandomGenerator random) throws IOException {
        sent.incrementAndGet();
        if (random.nextInt(100) < SETS) {
            long value = ledger.next(worker);
            link.set(own(written.values().get(worker)), Long.toString(value));
            ledger.set(worker, value);
        } else {
            int counter = random.nextInt(options.counters());
            try {
                link.increment(counter(written.counters().get(counter)));
                ledger.counted(counter);
            } catch (IOException e) {
                ledger.mayHaveCounted(counter);
                throw e;
            }
        }
        gaps.acknowledged(clock.nanos());
    }

    private void strikeAll(Fault fault) throws InterruptedException {
        if (options.faults() == 0) {
            until(() -> false, options.duration());
            return;
        }
        until(() -> gaps.count() > 0, options.limit());
        for (int number = 1; number <= options.faults() && (struck.isEmpty() || struck.getLast().healed()); number++) {
            until(() -> false, options.pause());
            strike(fault, number);
        }
        until(() -> false, options.pause());
    }

    private void strike(Fault fault, int number) throws InterruptedException {
        long at = clock.nanos();
        String what = fault.strike(number);
        // What each worker has under way now may still be acknowledged.
        long before = gaps.count();
        boolean healed = until(() -> fault.whole() && gaps.count() > before + options.workers(), options.limit());
        long whole = clock.nanos();
        struck.add(new WriteBehindReport.Struck(what, (at - startNanos) / 1e9, gaps.longest(at, whole) / 1e6, (whole - at) / 1e9, healed));
        progress.accept(String.format("fault %d of %d: %s: %s, %.0f ms without writes", number, options.faults(), what,
                healed ? String.format("whole after %.1f s", struck.getLast().wholeSeconds()) : "NOT WHOLE after " + options.limit().toSeconds() + " s", struck.getLast().withoutWritesMs()));
    }

    private interface Question {
        boolean yes() throws InterruptedException;
    }

    private boolean until(Question question, Duration atMost) throws InterruptedException {
        long deadline = clock.nanos() + atMost.toNanos();
        while (!question.yes()) {
            long now = clock.nanos();
            if (now - deadline >= 0) {
                return false;
            }
            if (now - lineNanos > LINE_EVERY.toNanos()) {
                lineNanos = now;
                progress.accept(String.format("%.0f s: %d writes acknowledged of %d, %d faults", (now - startNanos) / 1e9, gaps.count(), sent.get(), struck.size()));
            }
            clock.sleep(LOOK_EVERY);
        }
        return true;
    }

    private static void await(List<Future<?>> workers) throws InterruptedException {
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a worker of the check failed", e.getCause());
            }
        }
    }

    /** What the database has in the end, and when it had all that was acknowledged. */
    private record Drained(WriteLedger.Verdict verdict, double seconds) {}

    /** Waits until nothing acknowledged is missing, then for what should not come. */
    private Drained drain(Written written) throws SQLException, InterruptedException {
        long begun = clock.nanos();
        WriteLedger.Verdict verdict = look(written);
        while (verdict.lost() > 0 && clock.nanos() - begun < options.limit().toNanos()) {
            clock.sleep(LOOK_EVERY);
            verdict = look(written);
        }
        double seconds = (clock.nanos() - begun) / 1e9;
        clock.sleep(QUIET);
        verdict = look(written);
        try (Connection connection = connect()) {
            PhotosRows.remove(connection);
        }
        return new Drained(verdict, seconds);
    }

    private WriteLedger.Verdict look(Written written) throws SQLException {
        try (Connection connection = connect()) {
            return ledger.compare(column(connection, "likes", "photo_counts", written.counters()), column(connection, "views", "photo_views", written.values()));
        }
    }

    /** In the order of the ids, the greatest first. FOR SHARE is answered by the primary alone. */
    private static List<Long> column(Connection connection, String column, String table, List<Long> ids) throws SQLException {
        List<Long> values = new ArrayList<>();
        String all = String.join(", ", ids.stream().map(String::valueOf).toList());
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + column + " FROM " + table + " WHERE photo_id IN (" + all + ") ORDER BY photo_id DESC FOR SHARE")) {
            while (rows.next()) {
                values.add(rows.getLong(1));
            }
        }
        return values;
    }

    private WriteBehindReport report(double seconds, Drained drained) {
        return new WriteBehindReport(options.workers(), options.counters(), seconds, sent.get(), gaps.count(), ledger.unknown(), drained.verdict().lost(), drained.verdict().doubled(),
                drained.seconds(), failures.byKind(), struck, options.faults(), drained.verdict().examples());
    }
}
