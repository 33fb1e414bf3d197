package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.CacheKeys.Shape;
import dev.banyan.topology.CacheKeys.Strategy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that write to the database past the router, clients that write through it, and readers, with the real log: no client reads less than
 * what it has written or read itself, and when all is quiet every value is its row's.
 */
class WritersOnTheSideIT {
    private static final int KEYS = 20;
    private static final Duration RUN = Duration.ofSeconds(Integer.getInteger("banyan.race.time", 5));

    @TempDir
    Path folder;

    @Test
    void nothingIsStaleWhenItIsQuiet() throws Exception {
        try (RealPostgres postgres = RealPostgres.start(folder, "wal_level=logical"); RealRedis redis = RealRedis.start(folder.resolve("redis")); RedisStore store = redis.store()) {
            postgres.execute("CREATE TABLE numbers (id int PRIMARY KEY, n bigint NOT NULL)", "INSERT INTO numbers SELECT i, 1 FROM generate_series(0, " + (KEYS - 1) + ") i");
            List<Declared> declared = List.of(Declared.of("r:", Strategy.READ_THROUGH).table("numbers", "n").value(Shape.COLUMN), Declared.of("a:", Strategy.WRITE_AROUND).table("numbers", "n").value(Shape.COLUMN),
                    Declared.of("t:", Strategy.WRITE_THROUGH).table("numbers", "n").value(Shape.COLUMN));
            try (CacheBed bed = new CacheBed(folder, postgres, store, declared.stream().map(Declared::keys).toList()).follow().followed()) {
                Tally tally = run(postgres, bed);
                assertThat(tally.problems).isEmpty();
                quiet(postgres, bed);
                System.out.println(tally.reads.get() + " reads, " + tally.writes.get() + " writes, " + bed.loads("r:") + " loads for r:, " + bed.loads("a:") + " for a:, " + bed.loads("t:") + " for t:");
            }
        }
    }

    private static final class Tally {
        final AtomicLong reads = new AtomicLong();
        final AtomicLong writes = new AtomicLong();
        final List<String> problems = Collections.synchronizedList(new ArrayList<>());
    }

    private static Tally run(RealPostgres postgres, CacheBed bed) {
        Tally tally = new Tally();
        long end = System.nanoTime() + RUN.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                long seed = i;
                all.add(CompletableFuture.runAsync(() -> onTheSide(postgres, Loops.random(seed), end, tally), threads));
                all.add(CompletableFuture.runAsync(() -> through(bed, "a:", Loops.random(10 + seed), end, tally), threads));
                all.add(CompletableFuture.runAsync(() -> through(bed, "t:", Loops.random(20 + seed), end, tally), threads));
                all.add(CompletableFuture.runAsync(() -> reads(bed, Loops.random(30 + seed), end, tally), threads));
            }
            all.forEach(CompletableFuture::join);
        }
        return tally;
    }

    private static void onTheSide(RealPostgres postgres, RandomGenerator random, long end, Tally tally) {
        try (Connection connection = postgres.admin(); var update = connection.prepareStatement("UPDATE numbers SET n = n + 1 WHERE id = ?")) {
            while (System.nanoTime() - end < 0) {
                update.setInt(1, random.nextInt(KEYS));
                update.executeUpdate();
                tally.writes.incrementAndGet();
                Clock.system().sleep(Duration.ofMillis(2)); // the store of this test takes one command at a time
            }
        } catch (SQLException | InterruptedException e) {
            tally.problems.add(e.toString());
        }
    }

    /** Numbers only grow: what is read after the answer of a write is at least what that write came to. */
    private static void through(CacheBed bed, String prefix, RandomGenerator random, long end, Tally tally) {
        while (System.nanoTime() - end < 0) {
            int key = random.nextInt(KEYS);
            long written = Long.parseLong(bed.ask("INCR", prefix + key));
            tally.writes.incrementAndGet();
            long read = Long.parseLong(bed.ask("GET", prefix + key));
            tally.reads.incrementAndGet();
            if (read < written) {
                tally.problems.add(prefix + key + " was " + read + " after it was made " + written);
            }
        }
    }

    private static void reads(CacheBed bed, RandomGenerator random, long end, Tally tally) {
        while (System.nanoTime() - end < 0) {
            int key = random.nextInt(KEYS);
            String answer = bed.ask("GET", "rat".charAt(random.nextInt(3)) + ":" + key);
            tally.reads.incrementAndGet();
            if (!answer.matches("[0-9]+")) {
                tally.problems.add("GET: " + answer);
            }
        }
    }

    private static void quiet(RealPostgres postgres, CacheBed bed) throws Exception {
        for (int i = 0; i < KEYS; i++) {
            int key = i;
            String row = row(postgres, key);
            for (String prefix : List.of("r:", "a:", "t:")) {
                CacheBed.await(prefix + key + " to be " + row, () -> bed.ask("GET", prefix + key).equals(row));
            }
        }
        for (int i = 0; i < KEYS; i++) {
            for (String prefix : List.of("r:", "a:", "t:")) {
                assertThat(bed.ask("GET", prefix + i)).isEqualTo(row(postgres, i));
            }
        }
    }

    private static String row(RealPostgres postgres, int key) throws SQLException {
        try (Connection connection = postgres.admin(); var row = connection.createStatement().executeQuery("SELECT n FROM numbers WHERE id = " + key)) {
            row.next();
            return row.getString(1);
        }
    }
}
