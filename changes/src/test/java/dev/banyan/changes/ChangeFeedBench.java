package dev.banyan.changes;

import dev.banyan.net.Clock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Prints how long after its commit a change is told, and how many rows a second. Its only argument is a folder for the server's data. */
final class ChangeFeedBench {
    private static final int COMMITS = 10_000;
    private static final int WARM_UP = 2_000;
    private static final int ROWS = 500_000;

    private ChangeFeedBench() {}

    /** Notes when each row is told. */
    private static final class Stopwatch implements ChangeListener {
        final CountDownLatch following = new CountDownLatch(1);
        final long[] toldNanos = new long[WARM_UP + COMMITS];
        final AtomicLong rows = new AtomicLong();

        @Override
        public void committed(Commit commit, List<Change> changes) {
            long now = System.nanoTime();
            if (changes.getFirst() instanceof Change.Inserted inserted && changes.size() == 1) {
                int id = Integer.parseInt(inserted.row().get("id").orElseThrow());
                if (id < toldNanos.length) {
                    toldNanos[id] = now;
                }
            }
            rows.addAndGet(changes.size());
        }

        @Override
        public void following(Set<String> tables, String since) {
            following.countDown();
        }

        @Override
        public void lost(String why) {
            // The first start.
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "bench");
        try (RealServer server = RealServer.start(folder); Feeds feeds = new Feeds(server.primary(1), "public.t")) {
            server.execute("create table t (id bigint primary key, name text, n int)");
            Stopwatch watch = feeds.open(new Stopwatch());
            watch.following.await();
            latency(server, watch);
            burst(server, watch);
            System.out.println(feeds.feed.status());
        }
    }

    private static void latency(RealServer server, Stopwatch watch) throws Exception {
        long[] committed = new long[WARM_UP + COMMITS];
        try (Connection connection = server.connect(); PreparedStatement insert = connection.prepareStatement("insert into t values (?, 'a name', 7)")) {
            for (int id = 0; id < committed.length; id++) {
                insert.setLong(1, id);
                insert.executeUpdate();
                committed[id] = System.nanoTime();
            }
        }
        await(watch, committed.length);
        long[] nanos = new long[COMMITS];
        for (int i = 0; i < COMMITS; i++) {
            nanos[i] = watch.toldNanos[WARM_UP + i] - committed[WARM_UP + i];
        }
        Arrays.sort(nanos);
        System.out.printf("from the commit's acknowledgement to its telling, %d single-row commits one after the other: p50 %d us, p99 %d us, most %d us%n",
                COMMITS, nanos[COMMITS / 2] / 1_000, nanos[COMMITS * 99 / 100] / 1_000, nanos[COMMITS - 1] / 1_000);
    }

    private static void burst(RealServer server, Stopwatch watch) throws Exception {
        for (int round = 0; round < 3; round++) {
            long before = watch.rows.get();
            server.execute("insert into t select 1000000 + " + (long) round * ROWS + " + i, 'a name', 7 from generate_series(1, " + ROWS + ") i");
            long committed = System.nanoTime();
            await(watch, before + ROWS);
            double seconds = (System.nanoTime() - committed) / 1e9;
            System.out.printf("%d rows in one transaction: told %.2f s after it was committed, %.0f rows/s%n", ROWS, seconds, ROWS / seconds);
        }
        long before = watch.rows.get();
        server.execute("do $$ begin for i in 1..100000 loop insert into t values (10000000 + i, 'a name', 7); commit; end loop; end $$");
        long committed = System.nanoTime();
        await(watch, before + 100_000);
        System.out.printf("100000 single-row transactions as fast as the server commits: the last told %.1f ms after it%n", (System.nanoTime() - committed) / 1e6);
    }

    private static void await(Stopwatch watch, long rows) throws InterruptedException {
        while (watch.rows.get() < rows) {
            Clock.system().sleep(Duration.ofMillis(1));
        }
    }
}
