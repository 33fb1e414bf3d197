package dev.banyan.changes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.ByteSize;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a feed does when the server, the slot, the listener or the feed itself fails. */
@Execution(ExecutionMode.CONCURRENT)
class ChangeFeedLossesIT {
    @TempDir
    Path folder;

    RealServer server;
    Feeds feeds;

    @BeforeEach
    void start() throws Exception {
        start("max_slot_wal_keep_size=-1");
    }

    void start(String... settings) throws Exception {
        server = RealServer.start(folder.resolve("db" + System.nanoTime()), settings);
        server.execute("create table t (id bigint primary key, n int)");
        feeds = new Feeds(server.primary(1), "public.t");
    }

    @AfterEach
    void end() throws Exception {
        feeds.close();
        server.close();
    }

    void startAnew(String... settings) throws Exception {
        end();
        start(settings);
    }

    @Test
    void readsOnAtItsSlotAfterARestart_withoutAGap() throws Exception {
        Heard first = feeds.open();
        first.awaitFollowing("public.t");
        insert(1, 10);
        first.awaitChanges(10);
        feeds.feed.close();
        assertThat(feeds.feed.status().state()).isEqualTo(FeedStatus.State.CLOSED);
        insert(11, 20);
        Heard second = feeds.open();
        second.awaitChanges(10);
        assertThat(ids(second)).as("all was confirmed before it was closed").containsExactly(ids(11, 20));
        assertThat(second.count(Heard.Event.Lost.class)).isZero();
        assertThat(second.events().getFirst()).isEqualTo(new Heard.Event.Following(Set.of("public.t")));
    }

    @Test
    void aServerThatIsKilledAndRecoversIsReadOn_withoutAGap() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        for (int round = 0; round < 3; round++) {
            insert(round * 10 + 1, round * 10 + 5);
            long told = round * 10 + 5;
            heard.await("the first half", all -> ids(all).contains(told));
            insert(round * 10 + 6, round * 10 + 10);
            server.kill();
            server.start();
        }
        insert(31, 31);
        heard.await("the last", all -> ids(all).contains(31L));
        assertThat(ids(heard).stream().distinct().toList()).containsExactly(ids(1, 31));
        assertThat(heard.count(Heard.Event.Lost.class)).isEqualTo(1);
        assertThat(feeds.total("banyan_changes_reconnects_total")).isGreaterThanOrEqualTo(3);
        assertThat(feeds.total("banyan_changes_gaps_total")).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsCutIsMadeAgain_andNothingIsToldTwiceThatWasTold() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        for (int round = 0; round < 5; round++) {
            insert(round * 10 + 1, round * 10 + 10);
            heard.awaitChanges(round * 10 + 10);
            server.execute("select pg_terminate_backend(active_pid) from pg_replication_slots");
        }
        insert(51, 60);
        heard.awaitChanges(60);
        assertThat(ids(heard)).containsExactly(ids(1, 60));
        assertThat(heard.count(Heard.Event.Lost.class)).isEqualTo(1);
    }

    @Test
    void aSlotThatIsDroppedIsAGap_toldBeforeThereIsANewOne() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        AtomicInteger slotsWhenLost = new AtomicInteger(-1);
        heard.before = event -> {
            if (event instanceof Heard.Event.Lost) {
                slotsWhenLost.set(Integer.parseInt(quietly("select count(*) from pg_replication_slots")));
            }
        };
        dropSlot();
        heard.awaitLost(2);
        heard.awaitFollowing("public.t");
        assertThat(slotsWhenLost).hasValue(0);
        insert(1, 5);
        heard.awaitChanges(5);
        assertThat(feeds.total("banyan_changes_gaps_total")).isEqualTo(2);
        assertThat(feeds.decisions).filteredOn(decision -> decision.what().equals("make slot banyan_test")).hasSize(2);
    }

    @Test
    void aSlotThatSomebodyMadeAnewIsAGap() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        Primary primary = feeds.primary.orElseThrow();
        feeds.primary = Optional.empty();
        feeds.feed.primaryChanged();
        feeds.awaitStatus("no session", status -> status.state() == FeedStatus.State.CONNECTING);
        dropSlot();
        insert(1, 3);
        server.execute("select pg_create_logical_replication_slot('banyan_test', 'pgoutput')");
        feeds.primary = Optional.of(primary);
        feeds.feed.primaryChanged();
        heard.awaitLost(2);
        heard.awaitFollowing("public.t");
    }

    @Test
    void aSlotWhoseLogTheServerRemovedIsAGap() throws Exception {
        startAnew("max_slot_wal_keep_size=1MB", "min_wal_size=32MB", "max_wal_size=32MB");
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        Primary primary = feeds.primary.orElseThrow();
        feeds.primary = Optional.empty();
        feeds.feed.primaryChanged();
        feeds.awaitStatus("no session", status -> status.state() == FeedStatus.State.CONNECTING);
        server.execute("create table bulk (x text)");
        for (int i = 0; i < 3; i++) {
            server.execute("insert into bulk select repeat('x', 1000) from generate_series(1, 20000)", "select pg_switch_wal()", "checkpoint");
        }
        assertThat(server.ask("select wal_status from pg_replication_slots")).isEqualTo("lost");
        feeds.primary = Optional.of(primary);
        heard.awaitLost(2);
        heard.awaitFollowing("public.t");
        assertThat(((Heard.Event.Lost) heard.events().stream().filter(Heard.Event.Lost.class::isInstance).toList().getLast()).why()).contains("invalidated", "removed");
        insert(1, 3);
        heard.awaitChanges(3);
    }

    @Test
    void aPromotedStandbyWithoutTheSlotIsAGap_andIsFollowedThen() throws Exception {
        try (RealServer standby = server.standby(folder.resolve("standby"))) {
            Heard heard = feeds.open();
            heard.awaitFollowing("public.t");
            insert(1, 10);
            heard.awaitChanges(10);
            server.kill();
            feeds.primary = Optional.empty();
            feeds.feed.primaryChanged();
            standby.execute("select pg_promote(true, 30)");
            feeds.primary = Optional.of(standby.primary(2));
            feeds.feed.primaryChanged();
            heard.awaitLost(2);
            heard.awaitFollowing("public.t");
            standby.execute("insert into t select generate_series(101, 110)");
            heard.await("what the new primary commits", all -> ids(all).contains(110L));
        }
    }

    @Test
    void aPromotedStandbyThatHasACopyOfTheSlotIsReadOn_withoutAGap() throws Exception {
        server.execute("select pg_create_physical_replication_slot('copy', true)");
        try (RealServer standby = server.standby(folder.resolve("standby"), "sync_replication_slots=on", "hot_standby_feedback=on", "primary_slot_name=copy")) {
            Heard heard = feeds.open();
            heard.awaitFollowing("public.t");
            insert(1, 10);
            heard.awaitChanges(10);
            awaitEqual(standby, "select count(*) from pg_replication_slots where slot_name = 'banyan_test' and synced and not temporary", "1");
            awaitEqual(standby, "select count(*) from t", "10");
            String told = feeds.feed.status().told();
            awaitEqual(standby, "select pg_last_wal_replay_lsn() >= '" + told + "'", "t");
            assertThat(server.stop(30)).isTrue();
            feeds.primary = Optional.empty();
            feeds.feed.primaryChanged();
            standby.execute("select pg_promote(true, 30)", "insert into t select generate_series(11, 20)");
            feeds.primary = Optional.of(standby.primary(2));
            feeds.feed.primaryChanged();
            heard.awaitChanges(20);
            assertThat(ids(heard).stream().distinct().toList()).containsExactly(ids(1, 20));
            assertThat(heard.count(Heard.Event.Lost.class)).isEqualTo(1);
        }
    }

    @Test
    void aServerThatFallsSilentIsGivenUpSoon_andReadOnWhenItSpeaksAgain() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        insert(1, 5);
        heard.awaitChanges(5);
        server.signal("STOP");
        try {
            feeds.awaitStatus("the silence is noticed", status -> status.state() == FeedStatus.State.CONNECTING && !status.problems().isEmpty());
        } finally {
            server.signal("CONT");
        }
        insert(6, 6);
        heard.await("the rest", all -> ids(all).contains(6L));
        assertThat(ids(heard)).containsExactly(ids(1, 6));
        assertThat(heard.count(Heard.Event.Lost.class)).isEqualTo(1);
    }

    @Test
    void whatTheListenerThrowsAtIsToldAgain_andNothingIsLeftOut() throws Exception {
        Heard heard = new Heard();
        AtomicInteger thrown = new AtomicInteger();
        heard.before = _ -> {
            if (thrown.incrementAndGet() % 3 != 0) {
                throw new IllegalStateException("a secret must not be shown");
            }
        };
        feeds.heard = feeds.open(heard);
        heard.awaitFollowing("public.t");
        insert(1, 5);
        heard.awaitChanges(5);
        assertThat(ids(heard)).containsExactly(ids(1, 5));
        assertThat(feeds.total("banyan_changes_listener_failures_total")).isEqualTo(14);
        assertThat(feeds.feed.status().problems()).noneMatch(problem -> problem.contains("secret"));
    }

    @Test
    void aListenerThatIsStuckKeepsNoServerFromStopping_andIsToldTheRestAfterwards() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        heard.before = _ -> await(go);
        insert(1, 5);
        feeds.awaitStatus("it is said", status -> status.problems().stream().anyMatch(problem -> problem.contains("listener")));
        assertThat(server.stop(30)).as("a fast shutdown waits for readers of the log").isTrue();
        server.start();
        go.countDown();
        insert(6, 6);
        heard.await("the rest", all -> ids(all).contains(6L));
        assertThat(ids(heard)).containsExactly(ids(1, 6));
        assertThat(heard.count(Heard.Event.Lost.class)).isEqualTo(1);
    }

    @Test
    void aSlotThatKeepsTooMuchForAStuckListenerIsGivenUp() throws Exception {
        feeds.walBound = ByteSize.parse("8MiB");
        CountDownLatch go = new CountDownLatch(1);
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        heard.before = _ -> await(go);
        insert(1, 5);
        server.execute("create table bulk (x text)", "insert into bulk select repeat('x', 1000) from generate_series(1, 20000)");
        feeds.awaitStatus("it is given up", _ -> feeds.decisions.stream().anyMatch(decision -> decision.what().equals("give up slot banyan_test") && decision.why().contains("more than 8MiB")));
        assertThat(server.ask("select count(*) from pg_replication_slots")).isEqualTo("0");
        go.countDown();
        heard.awaitLost(2);
        heard.awaitFollowing("public.t");
        insert(6, 8);
        heard.await("what comes behind the gap", all -> ids(all).contains(8L));
        assertThat(ids(heard)).containsExactly(ids(1, 8));
    }

    @Test
    void ofALargeTransactionThatIsCutInTheMiddleAllIsToldAgain() throws Exception {
        Heard heard = new Heard();
        AtomicInteger parts = new AtomicInteger();
        heard.before = event -> {
            if (event instanceof Heard.Event.Committed && parts.incrementAndGet() == 3) {
                quietly("select pg_terminate_backend(active_pid) from pg_replication_slots");
            }
        };
        feeds.open(heard);
        heard.awaitFollowing("public.t");
        server.execute("insert into t select generate_series(1, 200000)");
        heard.await("the last row", all -> {
            List<Change> changes = all.changes();
            return !changes.isEmpty() && ((Change.Inserted) changes.getLast()).row().get("id").orElseThrow().equals("200000");
        });
        List<Long> told = ids(heard);
        assertThat(told.subList(told.size() - 200_000, told.size())).containsExactlyElementsOf(IntStream.rangeClosed(1, 200_000).mapToObj(Long::valueOf).toList());
        assertThat(heard.events()).filteredOn(Heard.Event.Committed.class::isInstance).allMatch(event -> ((Heard.Event.Committed) event).changes().size() <= Assembler.PART_CHANGES);
    }

    @Test
    void whatIsBeingCommittedWhenTheSlotIsMadeIsSeenOrTold() throws Exception {
        // A commit waits for a standby that is not there: it is in the log, and nobody sees it.
        server.execute("alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
        try (Connection connection = server.connect()) {
            Thread committing = Thread.ofVirtual().start(() -> quietly("insert into t values (1)"));
            awaitEqual(server, "select count(*) from pg_stat_activity where wait_event = 'SyncRep'", "1");
            Heard heard = feeds.open();
            heard.awaitLost(1);
            feeds.awaitStatus("it is waited for", status -> status.problems().stream().anyMatch(problem -> problem.contains("waits for the end") || problem.contains("is waited for")));
            assertThat(heard.count(Heard.Event.Following.class)).isZero();
            heard.before = event -> {
                if (event instanceof Heard.Event.Following && !"1".equals(quietly("select count(*) from t"))) {
                    throw new AssertionError("followed before the commit is seen, which is not told");
                }
            };
            try (Statement statement = connection.createStatement()) {
                statement.execute("alter system reset synchronous_standby_names");
                statement.execute("select pg_reload_conf()");
            }
            committing.join();
            heard.awaitFollowing("public.t");
            insert(2, 2);
            heard.await("what comes then", all -> ids(all).contains(2L));
            assertThat(feeds.total("banyan_changes_listener_failures_total")).isZero();
        }
    }

    @Test
    void aTableIsFollowedLiveOnlyWhenWhoWroteToItBeforeHasEnded() throws Exception {
        server.execute("create table late (id bigint primary key)");
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        try (Connection writer = server.connect(); Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("insert into late values (1)");
            feeds.tables = Set.of(new WatchedTable("public.t", Set.of()), new WatchedTable("public.late", Set.of()), new WatchedTable("public.never", Set.of()));
            feeds.feed.tablesChanged();
            feeds.awaitStatus("the writer is named", status -> status.problems().stream().anyMatch(problem -> problem.contains("public.late cannot be followed before")));
            insert(1, 3);
            heard.awaitChanges(3);
            assertThat(heard.count(Heard.Event.Following.class)).as("the others are told meanwhile").isEqualTo(1);
            writer.commit();
        }
        heard.awaitFollowing("public.t", "public.late");
        server.execute("insert into late values (2)");
        heard.awaitChanges(4);
        assertThat(feeds.feed.status().problems()).singleElement().asString().contains("no table public.never yet");
        server.execute("create table never (id int primary key)");
        feeds.feed.tablesChanged();
        heard.awaitFollowing("public.t", "public.late", "public.never");
        // Dropped and made anew it is another table, of which something may have been missed.
        server.execute("drop table late", "create table late (id bigint primary key)");
        feeds.feed.tablesChanged();
        heard.await("followed without it and with it", all -> all.count(Heard.Event.Following.class) >= 5);
        heard.awaitFollowing("public.t", "public.late", "public.never");
        feeds.tables = Set.of(new WatchedTable("public.t", Set.of()));
        feeds.feed.tablesChanged();
        heard.awaitFollowing("public.t");
        assertThat(server.ask("select count(*) from pg_publication_tables")).isEqualTo("1");
    }

    @Test
    void saysWhatToDo_whenTheServerIsNotFit() throws Exception {
        startAnew("wal_level=replica");
        feeds.open();
        feeds.awaitStatus("wal_level", status -> status.problems().stream().anyMatch(problem -> problem.contains("ALTER SYSTEM SET wal_level = logical")));
        assertThat(feeds.feed.status().state()).isEqualTo(FeedStatus.State.CONNECTING);
        assertThat(feeds.feed.drop()).isInstanceOf(Removal.Removed.class);
    }

    @Test
    void saysWhatToDo_whenTheRoleMayNot() throws Exception {
        server.execute("create role plain login", "create role reader login replication", "grant create on database postgres to reader, plain");
        feeds.primary = Optional.of(server.primaryAs("plain", "", 1));
        feeds.open();
        feeds.awaitStatus("replication", status -> status.problems().stream().anyMatch(problem -> problem.contains("ALTER ROLE \"plain\" REPLICATION")));
        feeds.primary = Optional.of(server.primaryAs("reader", "", 2));
        feeds.feed.primaryChanged();
        feeds.awaitStatus("owner", status -> status.problems().stream().anyMatch(problem -> problem.contains("role reader does not own public.t")));
        assertThat(feeds.heard.count(Heard.Event.Committed.class)).isZero();
        server.execute("alter table t owner to reader");
        feeds.feed.tablesChanged();
        feeds.heard.awaitFollowing("public.t");
        insert(1, 1);
        feeds.heard.awaitChanges(1);
    }

    @Test
    void dropSaysWhatIsLeft_whenThePrimaryIsNotReached() throws Exception {
        feeds.open().awaitFollowing("public.t");
        server.kill();
        assertThat(feeds.feed.drop()).isInstanceOfSatisfying(Removal.Left.class, left -> {
            assertThat(left.why()).contains("banyan_test", "127.0.0.1");
            assertThat(left.byHand()).isEqualTo("SELECT pg_drop_replication_slot('banyan_test'); DROP PUBLICATION IF EXISTS banyan_test");
        });
        feeds.primary = Optional.empty();
        assertThat(feeds.feed.drop()).isInstanceOfSatisfying(Removal.Left.class, left -> assertThat(left.why()).contains("no primary"));
    }

    private void insert(int from, int to) throws Exception {
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            for (int id = from; id <= to; id++) {
                statement.execute("insert into t values (" + id + ")");
            }
        }
    }

    private void dropSlot() throws Exception {
        server.execute("do $$ begin loop perform pg_terminate_backend(active_pid) from pg_replication_slots where active_pid is not null; "
                + "begin perform pg_drop_replication_slot('banyan_test'); return; exception when object_in_use then null; end; end loop; end $$");
    }

    private static void awaitEqual(RealServer server, String sql, String wanted) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (String said = server.ask(sql); !wanted.equals(said); said = server.ask(sql)) {
            assertThat(System.nanoTime()).as(sql + " is " + said + ", not " + wanted).isLessThan(end);
        }
    }

    private String quietly(String sql) {
        try {
            return sql.startsWith("insert") ? server.ask(sql + " returning ''") : server.ask(sql);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Long> ids(Heard heard) {
        return heard.changes().stream().map(change -> Long.parseLong(((Change.Inserted) change).row().get("id").orElseThrow())).toList();
    }

    private static Long[] ids(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Long::valueOf).toArray(Long[]::new);
    }
}
