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
import java.sql.SQLException;
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
 * that one worker sets must be there, or one that was sent after it. No two additions to a counter may be answered with the same sum, and in the end the
 * cache must show what the database has.
 */
public final class WriteBehindCheck {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration BREATH = Duration.ofMillis(20);
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);
    /** Nothing may come after all has been there for so long. */
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration KNOWN = Duration.ofSeconds(3);
    private static final int SETS = 30;

    private final CacheDrillOptions options;
    private final BehindRows rows;
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

    private WriteBehindCheck(CacheDrillOptions options, BehindRows rows, Clock clock, Consumer<String> progress) {
        this.options = options;
        this.rows = rows;
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
        return run(options, PhotosRows.behind(), fault, loops, clock, random, progress);
    }

    /** The same with other rows. */
    public static WriteBehindReport run(CacheDrillOptions options, BehindRows rows, Fault fault, Loops loops, Clock clock, RandomGenerator random, Consumer<String> progress) {
        options.check();
        try {
            return new WriteBehindCheck(options, rows, clock, progress).run(fault, loops, random);
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
        List<Long> ids;
        try (Connection connection = connect()) {
            ids = rows.make(connection, options.counters() + options.workers());
        }
        startNanos = clock.nanos();
        lineNanos = startNanos;
        declared(ids);
        List<Future<?>> workers = new ArrayList<>();
        for (int worker = 0; worker < options.workers(); worker++) {
            int number = worker;
            RandomGenerator choices = Loops.random(random.nextLong());
            workers.add(loops.blocking().submit(() -> work(number, ids, choices)));
        }
        try {
            strikeAll(fault, random);
        } finally {
            over = true;
            await(workers);
        }
        long ended = clock.nanos();
        Drained drained = drain(ids);
        return report((ended - startNanos) / 1e9, drained);
    }

    /** A cache that does not count for the database has nothing to be checked; of a table that has just been made it may not know yet. */
    private void declared(List<Long> ids) throws IOException, InterruptedException {
        for (List<String> question : rows.known(ids.getFirst())) {
            try (CacheLink link = new CacheLink(redis, ANSWER)) {
                if (!until(() -> shown(link, question), KNOWN)) {
                    throw new BanyanException(ErrorCode.USAGE, "the cache has nothing for " + question.get(1)
                            + ", whose row is there: declare the prefixes 'likes:' and 'views:' as the sample's site.yaml does (cache.keys), and let the site be at stage 5");
                }
            }
        }
    }

    private boolean shown(CacheLink link, List<String> question) throws IOException {
        try {
            return link.ask(question).isPresent();
        } catch (CacheLink.Refused e) {
            failures.add(e.getMessage());
            return false;
        }
    }

    private Void work(int worker, List<Long> ids, RandomGenerator random) throws InterruptedException {
        while (!over) {
            try (CacheLink link = new CacheLink(redis, ANSWER)) {
                while (!over) {
                    write(link, worker, ids, random);
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
    private void write(CacheLink link, int worker, List<Long> ids, RandomGenerator random) throws IOException {
        sent.incrementAndGet();
        if (random.nextInt(100) < SETS) {
            long value = ledger.next(worker);
            link.ask(rows.set(ids.get(options.counters() + worker), value));
            ledger.set(worker, value);
        } else {
            int counter = random.nextInt(options.counters());
            try {
                ledger.counted(counter, Long.parseLong(link.ask(rows.count(ids.get(counter))).orElse("0")));
            } catch (IOException e) {
                ledger.mayHaveCounted(counter);
                throw e;
            }
        }
        gaps.acknowledged(clock.nanos());
    }

    private void strikeAll(Fault fault, RandomGenerator random) throws InterruptedException {
        if (options.faults() == 0) {
            until(() -> false, options.duration());
            return;
        }
        until(() -> gaps.count() > 0, options.limit());
        for (int number = 1; number <= options.faults() && (struck.isEmpty() || struck.getLast().healed()); number++) {
            // At any moment of what goes on behind, not in step with it.
            until(() -> false, options.pause().plusMillis((long) (random.nextDouble() * options.pause().toMillis())));
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

    private interface Question<E extends Exception> {
        boolean yes() throws E, InterruptedException;
    }

    private <E extends Exception> boolean until(Question<E> question, Duration atMost) throws E, InterruptedException {
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

    /** What the database has in the end, how many keys the cache shows otherwise, and when the database had all that was acknowledged. */
    private record Drained(WriteLedger.Verdict verdict, long differing, double seconds) {}

    /** Waits until nothing acknowledged is missing, then for what should not come. */
    private Drained drain(List<Long> ids) throws SQLException, IOException, InterruptedException {
        long begun = clock.nanos();
        WriteLedger.Verdict verdict = compare(look(ids));
        while (verdict.lost() > 0 && clock.nanos() - begun < options.limit().toNanos()) {
            clock.sleep(LOOK_EVERY);
            verdict = compare(look(ids));
        }
        double seconds = (clock.nanos() - begun) / 1e9;
        clock.sleep(QUIET);
        List<BehindRows.Had> had = look(ids);
        long differing = differing(ids, had);
        try (Connection connection = connect()) {
            rows.remove(connection);
        }
        return new Drained(compare(had), differing, seconds);
    }

    private List<BehindRows.Had> look(List<Long> ids) throws SQLException {
        try (Connection connection = connect()) {
            return rows.look(connection, ids);
        }
    }

    private WriteLedger.Verdict compare(List<BehindRows.Had> had) {
        return ledger.compare(had.subList(0, options.counters()).stream().map(BehindRows.Had::count).toList(),
                had.subList(options.counters(), had.size()).stream().map(BehindRows.Had::value).toList());
    }

    /** Readers of the cache see what the database has. */
    private long differing(List<Long> ids, List<BehindRows.Had> had) throws IOException {
        long differing = 0;
        try (CacheLink link = new CacheLink(redis, ANSWER)) {
            for (int i = 0; i < ids.size(); i++) {
                boolean counter = i < options.counters();
                String shown = link.ask(counter ? rows.counted(ids.get(i)) : rows.value(ids.get(i))).orElse("0");
                differing += shown.equals(Long.toString(counter ? had.get(i).count() : had.get(i).value())) ? 0 : 1;
            }
        }
        return differing;
    }

    private WriteBehindReport report(double seconds, Drained drained) {
        return new WriteBehindReport(options.workers(), options.counters(), seconds, sent.get(), gaps.count(), ledger.unknown(), drained.verdict().lost(), drained.verdict().doubled(),
                ledger.repeated(), drained.differing(), drained.seconds(), failures.byKind(), struck, options.faults(), drained.verdict().examples());
    }
}
