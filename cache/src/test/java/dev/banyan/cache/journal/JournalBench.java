package dev.banyan.cache.journal;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Distribution;
import dev.banyan.telemetry.Histogram;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Cache.WriteBehind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many writes a second the journal takes, by how many append at a time; and increments of ten hot counters through it, until the database has them,
 * against direct UPDATEs with pgjdbc, each client with a connection and a prepared statement. Not a test: run its main method, with a folder on the disk
 * that is meant and the seconds of each round.
 */
final class JournalBench {
    private static final int COUNTERS = 10;

    private JournalBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "journal-bench");
        Duration round = Duration.ofSeconds(Long.parseLong(arguments[1]));
        try (JournalPostgres postgres = JournalPostgres.start(folder.resolve("postgres").toAbsolutePath()); Loops loops = Loops.open()) {
            postgres.execute("CREATE TABLE likes (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 0)", "INSERT INTO likes SELECT i FROM generate_series(0, " + (COUNTERS - 1) + ") i");
            for (int clients : new int[] {1, 16, 256}) {
                appends(folder.resolve("journal-" + clients), postgres, loops, clients, round);
            }
            for (int again = 0; again < 3; again++) {
                direct(postgres, loops, 16, round);
                direct(postgres, loops, 64, round);
                for (int clients : new int[] {16, 64, 256}) {
                    appends(folder.resolve("hot-" + again + "-" + clients), postgres, loops, clients, round);
                }
            }
        }
    }

    private static void appends(Path folder, JournalPostgres postgres, Loops loops, int clients, Duration round) throws Exception {
        Registry registry = new Registry(Clock.system());
        Histogram latencies = registry.histogram("bench_append_seconds", "", Labels.NONE);
        try (WriteBehindJournal journal = WriteBehindJournal.open(new Setup(folder, new WriteBehind(ByteSize.parse("256MiB"), Duration.ofMillis(50), 1_000), Duration.ofSeconds(5), postgres::connect, loops, Clock.system(),
                Loops.random(), registry, decision -> System.out.println(decision)))) {
            long began = System.nanoTime();
            long done = repeat(loops, clients, round, id -> {
                long start = System.nanoTime();
                journal.append(Writes.add("likes", id % COUNTERS, "n", 1)).join();
                latencies.record(System.nanoTime() - start);
            });
            double appended = (System.nanoTime() - began) / 1e9;
            if (!journal.drain(Duration.ofMinutes(1))) {
                throw new IllegalStateException("it did not drain");
            }
            double applied = (System.nanoTime() - began) / 1e9;
            Distribution took = latencies.distribution();
            Distribution forces = registry.histogram("banyan_journal_force_seconds", "", Labels.NONE).distribution();
            System.out.printf(Locale.ROOT, "journal %3d clients: %,9.0f appends/s, %,9.0f/s in the database, p50 %,6.0f us, p99 %,7.0f us; %.1f writes a force, force p50 %,.0f us%n", clients, done / appended, done / applied,
                    took.quantileNanos(0.5) / 1e3, took.quantileNanos(0.99) / 1e3, done / (double) Math.max(1, forces.count()), forces.quantileNanos(0.5) / 1e3);
        }
    }

    private static void direct(JournalPostgres postgres, Loops loops, int clients, Duration round) throws Exception {
        List<Connection> connections = new ArrayList<>();
        List<PreparedStatement> updates = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            connections.add(postgres.connect());
            updates.add(connections.getLast().prepareStatement("UPDATE likes SET n = n + 1 WHERE id = ?"));
        }
        long began = System.nanoTime();
        long done = repeat(loops, clients, round, client -> {
            try {
                updates.get(client).setLong(1, client % COUNTERS);
                updates.get(client).executeUpdate();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        System.out.printf(Locale.ROOT, "UPDATEs %3d clients: %,9.0f/s%n", clients, done / ((System.nanoTime() - began) / 1e9));
        for (Connection connection : connections) {
            connection.close();
        }
    }

    private interface Work {
        void by(int client);
    }

    private static long repeat(Loops loops, int clients, Duration round, Work work) {
        AtomicBoolean end = new AtomicBoolean();
        LongAdder done = new LongAdder();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int client = i;
            all.add(CompletableFuture.runAsync(() -> {
                while (!end.get()) {
                    work.by(client);
                    done.increment();
                }
            }, loops.blocking()));
        }
        loops.control().schedule(() -> end.set(true), round.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        return done.sum();
    }
}
