package dev.banyan.changes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers against an oracle: what each row's chain of versions, and the table in the end, say of what was told. */
class ChangeOrderIT {
    private static final int WRITERS = 8;
    private static final int COMMITS_EACH = 2_000;
    private static final int ROWS = 50;

    @TempDir
    Path folder;

    /** A replay of what is told: a change that is missing, comes twice or out of turn does not fit the row before. */
    static final class Replay {
        final Map<String, String> rows = new HashMap<>();
        long changes;

        void apply(Change change) {
            changes++;
            switch (change) {
                case Change.Inserted inserted -> assertThat(rows.put(id(inserted.row()), version(inserted.row()))).as("inserted " + inserted).isNull();
                case Change.Updated updated -> assertThat(rows.put(id(updated.row()), version(updated.row()))).as("updated " + updated).isEqualTo(version(updated.old()));
                case Change.Deleted deleted -> assertThat(rows.remove(id(deleted.old()))).as("deleted " + deleted).isEqualTo(version(deleted.old()));
                case Change.Truncated _ -> rows.clear();
            }
        }

        private static String id(Map<String, Optional<String>> row) {
            return row.get("id").orElseThrow();
        }

        private static String version(Map<String, Optional<String>> row) {
            return row.get("v").orElseThrow();
        }
    }

    @Test
    void eightWritersAreToldInTheOrderOfTheirCommits_nothingMissedAndNothingTwice() throws Exception {
        try (RealServer server = RealServer.start(folder); Feeds feeds = new Feeds(server.primary(1), "public.chain")) {
            server.execute("create sequence versions", "create table chain (id int primary key, v bigint not null)", "alter table chain replica identity full");
            Heard heard = feeds.open();
            heard.awaitFollowing("public.chain");
            long written = write(server);
            String end = server.ask("select count(*) from chain") + " rows";
            heard.awaitChanges((int) written);
            Replay replay = new Replay();
            heard.changes().forEach(replay::apply);
            assertThat(replay.changes).isEqualTo(written);
            assertThat(replay.rows).isEqualTo(table(server)).as(end).hasSizeLessThanOrEqualTo(ROWS);
            assertInCommitOrder(heard);
        }
    }

    @Test
    void withCutConnectionsNothingIsMissed_andWhatIsToldAgainIsWholeAndInOrder() throws Exception {
        try (RealServer server = RealServer.start(folder); Feeds feeds = new Feeds(server.primary(1), "public.chain")) {
            server.execute("create sequence versions", "create table chain (id int primary key, v bigint not null)", "alter table chain replica identity full");
            Heard heard = feeds.open();
            heard.awaitFollowing("public.chain");
            try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Long> writing = writers.submit(() -> write(server));
                while (!writing.isDone()) {
                    long wanted = heard.count(Heard.Event.Committed.class) + 200;
                    heard.await("something more", all -> writing.isDone() || all.count(Heard.Event.Committed.class) >= wanted);
                    server.execute("select pg_terminate_backend(active_pid) from pg_replication_slots where active_pid is not null");
                }
                assertThat(writing.get()).isPositive();
            }
            server.execute("insert into chain values (-1, 0)");
            heard.await("the last", all -> all.changes().stream().anyMatch(change -> change instanceof Change.Inserted inserted && inserted.row().get("id").orElseThrow().equals("-1")));
            // What was told again is the same commit again, and nothing behind it was told before.
            Map<Long, Integer> first = new HashMap<>();
            Replay replay = new Replay();
            for (Heard.Event event : heard.events()) {
                if (event instanceof Heard.Event.Committed told && first.putIfAbsent(told.commit().lsn(), 1) == null) {
                    told.changes().forEach(replay::apply);
                }
            }
            assertThat(replay.rows).isEqualTo(table(server));
            assertThat(heard.count(Heard.Event.Lost.class)).isEqualTo(1);
            assertThat(feeds.total("banyan_changes_reconnects_total")).isGreaterThan(3);
        }
    }

    /** Commits' positions go up, each is told once. */
    private static void assertInCommitOrder(Heard heard) {
        long last = 0;
        for (Heard.Event event : heard.events()) {
            if (event instanceof Heard.Event.Committed told) {
                assertThat(told.commit().lsn()).isGreaterThan(last);
                last = told.commit().lsn();
            }
        }
    }

    /** @return how many changes were committed */
    private static long write(RealServer server) throws Exception {
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> all = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                SplittableRandom random = new SplittableRandom(writer);
                all.add(writers.submit(() -> write(server, random)));
            }
            long written = 0;
            for (Future<Long> one : all) {
                written += one.get();
            }
            return written;
        }
    }

    private static long write(RealServer server, SplittableRandom random) throws Exception {
        long written = 0;
        try (Connection connection = server.connect();
                PreparedStatement put = connection.prepareStatement("insert into chain values (?, nextval('versions')) on conflict (id) do update set v = nextval('versions')");
                PreparedStatement remove = connection.prepareStatement("delete from chain where id = ?")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < COMMITS_EACH; i++) {
                long changed = 0;
                // Rows in rising order, so that no two wait for each other.
                for (int id = random.nextInt(ROWS / 2); id < ROWS; id += 1 + random.nextInt(ROWS)) {
                    PreparedStatement statement = random.nextInt(5) == 0 ? remove : put;
                    statement.setInt(1, id);
                    changed += statement.executeUpdate();
                }
                if (random.nextInt(10) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    written += changed;
                }
            }
        }
        return written;
    }

    private static Map<String, String> table(RealServer server) throws Exception {
        Map<String, String> rows = new HashMap<>();
        try (Connection connection = server.connect(); var statement = connection.createStatement(); var all = statement.executeQuery("select id, v from chain")) {
            while (all.next()) {
                rows.put(all.getString(1), all.getString(2));
            }
        }
        return rows;
    }
}
