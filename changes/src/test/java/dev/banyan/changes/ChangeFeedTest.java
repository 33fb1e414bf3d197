package dev.banyan.changes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a feed tells of a real PostgreSQL. */
class ChangeFeedTest {
    @TempDir
    static Path folder;

    static RealServer server;
    Feeds feeds;

    @BeforeAll
    static void start() throws Exception {
        server = RealServer.start(folder, "max_prepared_transactions=10");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void table() throws Exception {
        server.execute("drop table if exists t cascade", "create table t (id bigint primary key, name text, n int)");
        feeds = new Feeds(server.primary(1), "public.t");
    }

    @AfterEach
    void drop() {
        assertThat(feeds.feed.drop()).isInstanceOf(Removal.Removed.class);
        feeds.close();
    }

    @Test
    void tellsEachKindOfChange() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        server.execute("insert into t values (1, 'a', null)", "update t set name = 'b'", "update t set id = 2", "delete from t", "truncate t");
        List<Change> told = heard.awaitChanges(5);
        assertThat(told.get(0)).isEqualTo(new Change.Inserted("public.t", Map.of("id", Optional.of("1"), "name", Optional.of("a"), "n", Optional.empty())));
        assertThat(told.get(1)).isEqualTo(new Change.Updated("public.t", Map.of(), Map.of("id", Optional.of("1"), "name", Optional.of("b"), "n", Optional.empty())));
        assertThat(told.get(2)).isEqualTo(new Change.Updated("public.t", Map.of("id", Optional.of("1")), Map.of("id", Optional.of("2"), "name", Optional.of("b"), "n", Optional.empty())));
        assertThat(told.get(3)).isEqualTo(new Change.Deleted("public.t", Map.of("id", Optional.of("2"))));
        assertThat(told.get(4)).isEqualTo(new Change.Truncated("public.t"));
        assertThat(heard.events().subList(0, 2)).extracting(Object::getClass).containsExactly(Heard.Event.Lost.class, Heard.Event.Following.class);
    }

    @Test
    void tellsTheXidAndTheTimeOfACommit() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        String xid;
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into t values (1)");
            try (var row = statement.executeQuery("select pg_current_xact_id()::text, now()")) {
                row.next();
                xid = row.getString(1);
            }
            connection.commit();
        }
        heard.awaitChanges(1);
        Heard.Event.Committed told = (Heard.Event.Committed) heard.events().getLast();
        assertThat(told.commit().xid()).isEqualTo(Long.parseLong(xid));
        assertThat(Figures.show(told.commit().lsn())).isNotEqualTo("0/0");
        assertThat(told.commit().at()).isBetween(java.time.Instant.now().minusSeconds(60), java.time.Instant.now().plusSeconds(1));
    }

    @Test
    void tellsWholeOldRowsWhereTheirColumnsMustBeKnown_andPutsTheIdentityBack() throws Exception {
        feeds.tables = Set.of(new WatchedTable("public.t", Set.of("name")));
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        assertThat(server.ask("select relreplident from pg_class where relname = 't'")).isEqualTo("f");
        server.execute("insert into t values (1, 'a', 5)", "update t set name = 'b'", "delete from t");
        List<Change> told = heard.awaitChanges(3);
        assertThat(((Change.Updated) told.get(1)).old()).isEqualTo(Map.of("id", Optional.of("1"), "name", Optional.of("a"), "n", Optional.of("5")));
        assertThat(((Change.Deleted) told.get(2)).old()).isEqualTo(Map.of("id", Optional.of("1"), "name", Optional.of("b"), "n", Optional.of("5")));
        assertThat(feeds.decisions).anySatisfy(decision -> assertThat(decision.what()).isEqualTo("tell whole old rows of public.t"));
        assertThat(feeds.feed.drop()).isInstanceOf(Removal.Removed.class);
        assertThat(server.ask("select relreplident from pg_class where relname = 't'")).isEqualTo("d");
        assertThat(server.ask("select count(*) from pg_replication_slots")).isEqualTo("0");
        assertThat(server.ask("select count(*) from pg_publication")).isEqualTo("0");
    }

    @Test
    void aTableWithoutAKeyIsFollowedByItsWholeRows_andMayStillBeUpdated() throws Exception {
        server.execute("drop table if exists bare", "create table bare (a int, b text)", "insert into bare values (1, 'x')");
        feeds.tables = Set.of(new WatchedTable("public.bare", Set.of()));
        Heard heard = feeds.open();
        heard.awaitFollowing("public.bare");
        server.execute("update bare set a = 2", "delete from bare");
        assertThat(((Change.Updated) heard.awaitChanges(2).getFirst()).old()).containsEntry("a", Optional.of("1"));
    }

    @Test
    void aLargeValueThatDidNotChangeIsLeftOut_orTakenFromTheOldRow() throws Exception {
        server.execute("alter table t add big text", "alter table t alter big set storage external", "insert into t values (1, 'a', 1, repeat('x', 100000))");
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        server.execute("update t set n = 2");
        Map<String, Optional<String>> row = ((Change.Updated) heard.awaitChanges(1).getFirst()).row();
        assertThat(row).containsOnlyKeys("id", "name", "n").doesNotContainKey("big");
        assertThat(row.get("big")).isNull();

        feeds.tables = Set.of(new WatchedTable("public.t", Set.of("name")));
        feeds.feed.tablesChanged();
        heard.await("followed anew, with whole old rows", all -> all.count(Heard.Event.Following.class) == 3);
        server.execute("update t set n = 3");
        assertThat(((Change.Updated) heard.awaitChanges(2).getLast()).row().get("big")).hasValueSatisfying(big -> assertThat(big).hasSize(100_000));
    }

    @Test
    void valuesAreTheTextsThatPostgresGives() throws Exception {
        server.execute("create type mood as enum ('sad', 'so so')", "create domain positive as int check (value > 0)", "drop table if exists kinds", """
                create table kinds (id uuid primary key, b boolean, i2 smallint, i8 bigint, num numeric(20,5), f8 double precision, ch char(5), ba bytea, ts timestamptz, d date, iv interval,
                  j jsonb, arr text[], m mood, p positive, inet inet, rng int4range, x xml, gen int generated always as (1) stored, t text)""".replace("x xml, ", ""));
        feeds.tables = Set.of(new WatchedTable("public.kinds", Set.of()));
        Heard heard = feeds.open();
        heard.awaitFollowing("public.kinds");
        server.execute("""
                insert into kinds values ('6f8c2b9a-0000-4000-8000-000000000001', true, -3, 9223372036854775807, 1234.5, 0.1, 'ab', '\\xdeadbeef', '2026-01-02 03:04:05.678901+00', '2026-01-02', '1 day 02:03',
                  '{"a": [1, null]}', array['x', null, 'a "b", c'], 'so so', 7, '10.0.0.1/8', '[1,5)', default, E'quote '' tab\\t ünï 🌳')""");
        Map<String, String> row = Heard.plain(((Change.Inserted) heard.awaitChanges(1).getFirst()).row());
        for (String column : List.of("id", "b", "i2", "i8", "num", "f8", "ch", "ba", "ts", "d", "iv", "j", "arr", "m", "p", "inet", "rng", "t")) {
            // A boolean is t in the log, and true where it is cast to text.
            String cast = server.ask("select " + column + "::text from kinds");
            assertThat(row.get(column)).as(column).isIn(cast, cast.substring(0, 1), (cast + "     ").substring(0, 5));
        }
        assertThat(row).doesNotContainKey("gen");
        server.execute("drop table kinds", "drop type mood", "drop domain positive");
    }

    @Test
    void namesAndKeysMayHoldAnything() throws Exception {
        server.execute("create schema \"Odd \"\"s\"", "create table \"Odd \"\"s\".\"a 'table'.x\" (\"the \"\"key\"\" ü\" text primary key)");
        feeds.tables = Set.of(new WatchedTable("Odd \"s.a 'table'.x", Set.of("the \"key\" ü")));
        Heard heard = feeds.open();
        heard.awaitFollowing("Odd \"s.a 'table'.x");
        server.execute("insert into \"Odd \"\"s\".\"a 'table'.x\" values (E'it''s \"x\"\\n\\\\ 🌳')", "delete from \"Odd \"\"s\".\"a 'table'.x\"");
        assertThat(heard.awaitChanges(2).get(1)).isEqualTo(new Change.Deleted("Odd \"s.a 'table'.x", Map.of("the \"key\" ü", Optional.of("it's \"x\"\n\\ 🌳"))));
        server.execute("drop schema \"Odd \"\"s\" cascade");
    }

    @Test
    void whatIsRolledBackIsNotTold_norWhatASavepointTookBack() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("insert into t values (1)");
            connection.rollback();
            statement.execute("insert into t values (2)");
            var point = connection.setSavepoint();
            statement.execute("insert into t values (3)");
            connection.rollback(point);
            for (int i = 0; i < 100; i++) {
                statement.execute("savepoint s" + i);
                statement.execute("insert into t values (" + (100 + i) + ")");
                if (i % 2 == 1) {
                    statement.execute("rollback to s" + i);
                }
            }
            connection.commit();
        }
        List<Long> wanted = new ArrayList<>(List.of(2L));
        IntStream.range(0, 50).forEach(i -> wanted.add(100L + 2 * i));
        heard.awaitChanges(51);
        assertThat(heard.count(Heard.Event.Committed.class)).isEqualTo(1);
        assertThat(heard.changes()).extracting(change -> Long.parseLong(((Change.Inserted) change).row().get("id").orElseThrow())).containsExactlyElementsOf(wanted);
    }

    @Test
    void aPreparedTransactionIsToldWhenItIsCommitted() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        server.execute("begin", "insert into t values (1)", "prepare transaction 'p'");
        server.execute("insert into t values (2)");
        heard.awaitChanges(1);
        server.execute("commit prepared 'p'");
        assertThat(heard.awaitChanges(2)).extracting(change -> ((Change.Inserted) change).row().get("id").orElseThrow()).containsExactly("2", "1");
    }

    @Test
    void aTruncationOfSeveralTablesIsToldOfEach() throws Exception {
        server.execute("drop table if exists u cascade", "create table u (id int primary key)");
        feeds.tables = Set.of(new WatchedTable("public.t", Set.of()), new WatchedTable("public.u", Set.of()));
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t", "public.u");
        server.execute("truncate t, u");
        assertThat(heard.awaitChanges(2)).extracting(Change::table).containsExactlyInAnyOrder("public.t", "public.u");
        assertThat(heard.count(Heard.Event.Committed.class)).isEqualTo(1);
    }

    @Test
    void aPartitionedTableIsToldUnderItsOwnName() throws Exception {
        server.execute("drop table if exists p cascade", "create table p (id int, k text, primary key (id)) partition by range (id)", "create table p1 partition of p for values from (0) to (100)",
                "create table p2 partition of p for values from (100) to (200) partition by range (id)", "create table p21 partition of p2 for values from (100) to (200)");
        feeds.tables = Set.of(new WatchedTable("public.p", Set.of("k")));
        Heard heard = feeds.open();
        heard.awaitFollowing("public.p");
        server.execute("insert into p values (1, 'a'), (101, 'b')", "update p set id = 102 where id = 1", "delete from p21 where id = 101");
        List<Change> told = heard.awaitChanges(5);
        assertThat(told).extracting(Change::table).containsOnly("public.p");
        assertThat(told.getLast()).isEqualTo(new Change.Deleted("public.p", Map.of("id", Optional.of("101"), "k", Optional.of("b"))));
        // A partition that comes later is given what the others have.
        server.execute("create table p3 partition of p for values from (200) to (300)");
        feeds.feed.tablesChanged();
        heard.await("followed anew", all -> all.count(Heard.Event.Following.class) == 3);
        server.execute("insert into p values (201, 'c')", "delete from p where id = 201");
        assertThat(heard.awaitChanges(7).getLast()).isEqualTo(new Change.Deleted("public.p", Map.of("id", Optional.of("201"), "k", Optional.of("c"))));
        server.execute("drop table p cascade");
    }

    @Test
    void aChangedTableIsToldWithItsNewColumns() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        server.execute("insert into t values (1)", "alter table t add extra text default 'e'", "alter table t drop n", "insert into t values (2)");
        List<Change> told = heard.awaitChanges(2);
        assertThat(((Change.Inserted) told.get(0)).row()).containsOnlyKeys("id", "name", "n");
        assertThat(((Change.Inserted) told.get(1)).row()).containsOnlyKeys("id", "name", "extra");
    }

    @Test
    void tablesNotAskedForAreNotTold_andLogOfTheirsIsConfirmedAll() throws Exception {
        server.execute("drop table if exists other", "create table other (a text)");
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        String end = server.ask("insert into other select repeat('x', 1000) from generate_series(1, 20000) returning ''") + server.ask("select pg_current_wal_flush_lsn()");
        feeds.awaitStatus("the log of another table counts as told", status -> Slot.lsn(status.told()) >= Slot.lsn(end));
        feeds.awaitStatus("nothing is behind", status -> status.lagBytes() < 100_000);
        assertThat(heard.changes()).isEmpty();
        server.execute("drop table other");
    }

    @Test
    void saysWhichTablesCannotBeFollowed_andFollowsTheOthers() throws Exception {
        server.execute("drop view if exists v", "create view v as select 1 as a", "drop table if exists fast", "create unlogged table fast (id int primary key)");
        feeds.tables = Set.of(new WatchedTable("public.t", Set.of("nothing")), new WatchedTable("public.v", Set.of()), new WatchedTable("public.fast", Set.of()), new WatchedTable("public.u2", Set.of()));
        server.execute("drop table if exists u2", "create table u2 (id int primary key)");
        Heard heard = feeds.open();
        heard.awaitFollowing("public.u2");
        assertThat(feeds.feed.status().problems()).satisfiesExactlyInAnyOrder(
                problem -> assertThat(problem).contains("public.t has no column nothing"),
                problem -> assertThat(problem).contains("public.v is a view"),
                problem -> assertThat(problem).contains("public.fast is unlogged", "SET LOGGED"));
        server.execute("drop view v", "drop table fast", "drop table u2");
    }

    @Test
    void aPublicationThatIsDroppedIsAGap_forItsPartOfTheLogCannotBeRead() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        feeds.feed.close();
        server.execute("drop publication banyan_test", "insert into t values (1)");
        heard = feeds.open();
        heard.awaitLost(1);
        heard.awaitFollowing("public.t");
        server.execute("insert into t values (2)");
        assertThat(heard.awaitChanges(1)).hasSize(1);
        server.execute("drop publication banyan_test", "insert into t values (3)");
        heard.awaitLost(2);
        heard.awaitFollowing("public.t");
        server.execute("insert into t values (4)");
        assertThat(((Change.Inserted) heard.awaitChanges(2).getLast()).row()).containsEntry("id", Optional.of("4"));
    }

    @Test
    void whatAnotherHasPutIntoThePublicationIsTakenOut() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        server.execute("drop table if exists alien", "create table alien (id int primary key)", "alter publication banyan_test add table alien", "alter publication banyan_test set table t (id), alien");
        feeds.feed.tablesChanged();
        heard.await("followed without and with", all -> all.count(Heard.Event.Following.class) == 3);
        assertThat(server.ask("select string_agg(tablename || coalesce(rowfilter, '') || array_length(attnames, 1), ',') from pg_publication_tables")).isEqualTo("t3");
        server.execute("drop table alien");
    }

    @Test
    void aCommentThatIsNotOursIsNeverRun() throws Exception {
        Heard heard = feeds.open();
        heard.awaitFollowing("public.t");
        server.execute("comment on publication banyan_test is '\"public\".\"t\" = DEFAULT; drop table t\n\"public\".\"t\" REPLICA IDENTITY FULL; drop table t; -- = DEFAULT'");
        assertThat(feeds.feed.drop()).isInstanceOf(Removal.Removed.class);
        assertThat(server.ask("select count(*) from t")).isEqualTo("0");
    }
}
