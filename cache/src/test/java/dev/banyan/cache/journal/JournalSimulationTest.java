package dev.banyan.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cache.journal.PendingRows.RowWork;
import dev.banyan.cache.journal.RowWrite.Effect;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Decision;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The journal in one thread, on a disk that fails and crashes and before a database that fails and leaves commits unknown, all by a seed. Every write adds
 * a power of its own to one of some counters, so that each counter's sum tells which writes it has, and how often.
 *
 * <p>What must hold, however often it crashes: an acknowledged write is applied exactly once; one that was refused or never answered at most once;
 * what readers see is what is applied and what is acknowledged, in every moment.
 */
class JournalSimulationTest {
    /** Of each block; 500 were run once, which is 20,000 crashes. */
    private static final int SEEDS = Integer.getInteger("journal.seeds", 100);
    private static final int COUNTERS = 3;
    private static final int LIVES = 10;
    private static final int WRITES_OF_A_LIFE = 25;

    /** Time passes a millisecond with each look. */
    private static final class Ticking implements Clock {
        private long nanos;

        @Override
        public long nanos() {
            return nanos += 1_000_000;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public void sleep(Duration time) {
            nanos += time.toNanos();
        }
    }

    /** A database whose commits may fail before or after they are done. */
    private static final class ModelDatabase {
        final Map<Integer, List<Long>> applied = new HashMap<>();
        long watermark;
        long xid = 1_000;
        double failing;
    }

    private record ModelTarget(ModelDatabase database, RandomGenerator random) implements Target {
        @Override
        public long claim(UUID journal) throws SQLException {
            maybeFail();
            return database.watermark;
        }

        @Override
        public void lower(UUID journal, long applied) {
            throw new AssertionError("the disk has less than was applied: " + applied + " of " + database.watermark);
        }

        @Override
        public Outcome apply(Stretch stretch) throws SQLException {
            maybeFail();
            if (database.watermark >= stretch.upTo()) {
                return new Outcome.Done(database.xid, List.of());
            }
            if (database.watermark != stretch.after()) {
                return new Outcome.Behind(database.watermark);
            }
            for (RowWork row : stretch.rows()) {
                database.applied.computeIfAbsent(counter(row.row()), _ -> new ArrayList<>()).addAll(writesIn(row.fold()));
            }
            database.watermark = stretch.upTo();
            database.xid++;
            maybeFail();
            return new Outcome.Done(database.xid, List.of());
        }

        private void maybeFail() throws SQLException {
            if (random.nextDouble() < database.failing) {
                throw new SQLException("the connection is gone", "08006");
            }
        }

        @Override
        public void close() {}
    }

    private static int counter(RowKey row) {
        return Integer.parseInt(row.key().getFirst().value().orElseThrow());
    }

    /** A write is a column of its own: the fold tells all of them, and one that is there twice as 2. */
    private static List<Long> writesIn(Pending fold) {
        List<Long> writes = new ArrayList<>();
        ((Pending.Written) fold).columns().forEach((name, column) -> {
            assertThat(((Pending.Column.Plus) column).amount()).as("times %s is in a batch", name).isOne();
            writes.add(Long.parseLong(name.substring(1)));
        });
        return writes;
    }

    /** What the clients know. */
    private static final class Ledger {
        final List<Long> acknowledged = new ArrayList<>();
        final Map<Long, Integer> counterOf = new HashMap<>();
        final Map<Long, CompletableFuture<Appended>> open = new HashMap<>();
        long next;
        long refused;

        void hear() {
            open.values().removeIf(answer -> answer.isCompletedExceptionally() && ++refused > 0);
            open.entrySet().removeIf(entry -> {
                boolean done = entry.getValue().isDone();
                if (done) {
                    acknowledged.add(entry.getKey());
                }
                return done;
            });
        }
    }

    private record Life(SegmentLog log, PendingRows pending, Commits commits, Applier applier) {
        static Life begin(SimulatedDisk disk, ModelDatabase database, RandomGenerator random) throws IOException {
            Ticking clock = new Ticking();
            List<Decision> decisions = new ArrayList<>();
            SegmentLog.Recovered recovered = SegmentLog.open(disk, new UUID(random.nextLong(), 1), 2_048);
            PendingRows pending = new PendingRows(2);
            pending.unsettled(new PendingRows.Unsettled(recovered.bytes(), recovered.writes(), recovered.millis()));
            JournalMetrics metrics = new JournalMetrics(new Registry(clock));
            Commits commits = new Commits(recovered.log(), disk, pending, new ByteSize(100_000), Duration.ofSeconds(1), clock, metrics, decisions::add);
            Applier applier = new Applier(recovered.log(), pending, new ModelTarget(database, random), Duration.ofMillis(random.nextInt(20)), clock, random, metrics, decisions::add, commits::applied, _ -> {
                throw new AssertionError("nobody else claims it");
            });
            return new Life(recovered.log(), pending, commits, applier);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void whatIsAcknowledgedIsAppliedOnce_whateverFailsAndWheneverItCrashes(long block) throws IOException {
        long acknowledged = 0;
        long refused = 0;
        for (long seed = block * 1_000; seed < block * 1_000 + SEEDS; seed++) {
            Ledger ledger = named(seed);
            acknowledged += ledger.acknowledged.size();
            refused += ledger.refused;
        }
        assertThat(acknowledged).as("the seeds let some through").isGreaterThan(40 * SEEDS);
        assertThat(refused).as("and refuse some").isGreaterThan(2 * SEEDS);
    }

    private static Ledger named(long seed) throws IOException {
        try {
            return run(seed);
        } catch (BanyanException damage) {
            throw new AssertionError("seed " + seed, damage);
        }
    }

    /** 10 lives, each ended by a crash, and then one in which nothing fails. */
    private static Ledger run(long seed) throws IOException {
        RandomGenerator random = Loops.random(seed);
        SimulatedDisk disk = new SimulatedDisk(random);
        ModelDatabase database = new ModelDatabase();
        Ledger ledger = new Ledger();
        for (int life = 0; life < LIVES; life++) {
            disk.crashAfter = random.nextInt(120);
            disk.failing = random.nextInt(3) == 0 ? random.nextDouble() * 0.3 : 0;
            disk.room = random.nextInt(4) == 0 ? 6_000 + random.nextInt(6_000) : Long.MAX_VALUE;
            database.failing = random.nextInt(2) == 0 ? random.nextDouble() * 0.5 : 0;
            live(seed, disk, database, ledger, random);
            disk.restart();
            ledger.open.clear(); // whoever waited then never heard
        }
        disk.failing = 0;
        disk.room = Long.MAX_VALUE;
        database.failing = 0;
        finish(seed, disk, database, ledger, random);
        return ledger;
    }

    private static void live(long seed, SimulatedDisk disk, ModelDatabase database, Ledger ledger, RandomGenerator random) {
        try {
            Life life = Life.begin(disk, database, random);
            for (int i = 0; i < WRITES_OF_A_LIFE; i++) {
                for (int more = random.nextInt(4); more > 0; more--) {
                    append(life, ledger, random);
                }
                life.commits.turn();
                ledger.hear();
                check(seed, life, database, ledger);
                if (random.nextBoolean()) {
                    turn(life);
                }
                check(seed, life, database, ledger);
            }
            if (random.nextInt(4) == 0) {
                life.log.close(life.pending.sizes().applied(), 0);
            }
        } catch (SimulatedDisk.Crash | IOException off) {
            ledger.hear();
        }
    }

    private static void append(Life life, Ledger ledger, RandomGenerator random) {
        long write = ledger.next++;
        int counter = random.nextInt(COUNTERS);
        ledger.counterOf.put(write, counter);
        ledger.open.put(write, life.commits.append(new RowWrite("t", Writes.key(counter), new Effect.Add(Map.of("w" + write, 1L)))));
    }

    private static void turn(Life life) throws IOException {
        try {
            life.applier.turn();
        } catch (SQLException failed) {
            // It is tried again, or never.
        }
    }

    /** What the database has, and over it what is pending, is all that is acknowledged; nothing is in both or twice. */
    private static void check(long seed, Life life, ModelDatabase database, Ledger ledger) {
        if (!life.pending.settled()) {
            return;
        }
        boolean known = database.watermark == life.pending.sizes().applied(); // otherwise a commit is unknown, and found out by the next turn
        Set<Long> seen = new HashSet<>();
        for (int counter = 0; counter < COUNTERS; counter++) {
            List<Long> both = new ArrayList<>(database.applied.getOrDefault(counter, List.of()));
            both.addAll(life.pending.of(new RowKey("t", Writes.key(counter))).map(JournalSimulationTest::writesIn).orElse(List.of()));
            int before = seen.size();
            seen.addAll(both);
            assertThat(!known || seen.size() == before + both.size()).as("seed %d: of counter %d everything is seen once", seed, counter).isTrue();
        }
        assertThat(seen.containsAll(ledger.acknowledged)).as("seed %d: all that is acknowledged is seen", seed).isTrue();
    }

    private static void finish(long seed, SimulatedDisk disk, ModelDatabase database, Ledger ledger, RandomGenerator random) throws IOException {
        Life life = Life.begin(disk, database, random);
        try {
            do {
                life.pending.hurry(Long.MAX_VALUE);
            } while (life.applier.turn());
        } catch (SQLException impossible) {
            throw new AssertionError(impossible);
        }
        List<Long> applied = database.applied.values().stream().flatMap(List::stream).toList();
        assertThat(new HashSet<>(applied)).as("seed %d: nothing is applied twice", seed).hasSameSizeAs(applied);
        assertThat(new HashSet<>(applied).containsAll(ledger.acknowledged)).as("seed %d: all that is acknowledged is applied", seed).isTrue();
        database.applied.forEach((counter, writes) -> assertThat(writes).as("seed %d", seed).allMatch(write -> ledger.counterOf.get(write).equals(counter)));
        assertThat(life.pending.sizes()).as("seed %d", seed).extracting(PendingRows.Sizes::bytes, PendingRows.Sizes::memory, PendingRows.Sizes::writes, PendingRows.Sizes::rows).containsExactly(0L, 0L, 0L, 0);
    }
}
