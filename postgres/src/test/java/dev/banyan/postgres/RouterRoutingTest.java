package dev.banyan.postgres;

import static dev.banyan.postgres.Sent.extended;
import static dev.banyan.postgres.Sent.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.DatabaseRouter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which server each piece of a session goes to, with replicas, through role changes and while there is no primary. */
class RouterRoutingTest {
    private static final Duration PATIENCE = Routers.defaults().pool().patience();

    @Test
    void aReadGoesToAReplica_aWriteToThePrimary_andTheNextReadSeesIt() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            assertThat(client.rows("select 'server'")).containsExactly("db-2");
            client.query("insert into t values ('mine')");
            client.send(query("select 'committed'"));
            world.pass(Duration.ofMillis(50));
            assertThat(client.words()).contains("D mine");
        }
    }

    @Test
    void aReadWaitsForAReplicaThatIsBehind_andThenGoesToThePrimary() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            world.servers.get("db-2").freeze();
            client.query("insert into t values ('mine')");
            client.send(query("select 'committed'"), query("select 'server'"));
            world.pass(Duration.ofMillis(400));
            assertThat(client.words()).contains("D mine", "D db-1").doesNotContain("D db-2");
            assertThat(world.client().rows("select 'server'")).as("who has seen nothing may read the past").containsExactly("db-2");
        }
    }

    @Test
    void thePositionIsAskedForInTheSamePacket_andReadyWaitsForIt() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.query("insert into t values ('first')");
            FakePostgres primary = world.primary();
            primary.sent.clear();
            client.query("insert into t values ('second')");
            client.ask(extended("insert into t values ('third')"));
            assertThat(primary.sent).containsExactly("Q insert into t values ('second')", "Q SELECT pg_catalog.pg_current_wal_insert_lsn()",
                    "P  insert into t values ('third')", "B ", "E", "Q SELECT pg_catalog.pg_current_wal_insert_lsn()");
            assertThat(client.rows("show banyan.lsn")).containsExactly(Lsn.format(primary.position()));
        }
    }

    @Test
    void aReadThatWritesAfterAllIsAskedAgainAtThePrimary_onceAndUnseen() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            for (String state : List.of("25006", "57P01", "40001")) {
                FakePostgres replica = world.servers.get("db-2");
                replica.refusesReadsWith = state;
                replica.sent.clear();
                world.primary().sent.clear();
                for (byte[] request : List.of(query("select 'text'"), extended("select 'text'"))) {
                    List<String> heard = client.ask(request);
                    assertThat(heard).as(state).containsSubsequence("D text", "C SELECT 1", "Z I").noneMatch(word -> word.startsWith("E "));
                    assertThat(heard.stream().filter(word -> word.startsWith("Z ")).count()).isOne();
                    world.pass(Duration.ofMillis(50));
                }
                assertThat(world.primary().sent("Q select 'text'")).hasSize(1);
                replica.refusesReadsWith = "";
            }
        }
    }

    @Test
    void aReplicasOtherErrorIsTheAnswer() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            assertThat(client.query("select 'error 22012'")).containsExactly("E 22012 as was asked for", "Z I");
            assertThat(world.primary().sent("Q select")).isEmpty();
        }
    }

    @Test
    void beginWaitsForTheFirstStatement_andAReadingTransactionMovesToThePrimaryWithItsFirstWrite() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            assertThat(client.query("begin")).containsExactly("C BEGIN", "Z T");
            assertThat(world.busy("db-1") + world.busy("db-2")).as("nobody was asked yet").isZero();
            assertThat(client.rows("select 'server'")).containsExactly("db-2");
            assertThat(client.query("insert into t values ('moved')")).containsExactly("C INSERT 0 1", "Z T");
            assertThat(world.busy("db-2")).isZero();
            assertThat(client.rows("select 'server'")).containsExactly("db-1");
            assertThat(client.query("commit")).containsExactly("C COMMIT", "Z I");
            assertThat(world.primary().committed()).containsExactly("moved");
            assertThat(world.busy("db-1")).isZero();
        }
    }

    @Test
    void anEmptyTransactionNeedsNoServer() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            world.primary().sent.clear();
            assertThat(client.ask(query("begin"), query("commit"), query("begin"), query("rollback"))).containsExactly("C BEGIN", "Z T", "C COMMIT", "Z I", "C BEGIN", "Z T", "C ROLLBACK", "Z I");
            assertThat(world.primary().sent).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"begin isolation level repeatable read", "begin isolation level serializable", "begin read write"})
    void aTransactionThatMayNotMoveBeginsAtThePrimary(String begin) {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.query(begin);
            assertThat(client.rows("select 'server'")).containsExactly("db-1");
        }
    }

    @Test
    void aPinnedSessionStaysAtThePrimary_withItsReadsToo() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.query("listen news");
            assertThat(client.rows("select 'server'")).containsExactly("db-1");
        }
    }

    @Test
    void aWishIsGranted_byCommentAndBySetting() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            assertThat(client.rows("/* banyan: primary */ select 'server'")).containsExactly("db-1");
            world.pass(Duration.ofMillis(50));
            client.query("set banyan.route to primary");
            assertThat(client.rows("select 'server'")).containsExactly("db-1");
            client.query("set banyan.route to auto");
            world.pass(Duration.ofMillis(50));
            assertThat(client.rows("select 'server'")).containsExactly("db-2");
        }
    }

    // ---- The primary changes ----

    @Test
    void afterAFailoverIdleSessionsNoticeNothing_andBusyOnesHearWhatIsTrue() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient idle = world.client();
            FakeClient inTransaction = world.client();
            FakeClient pinned = world.client();
            FakeClient writing = world.client();
            idle.query("insert into t values ('kept')");
            inTransaction.query("begin");
            inTransaction.query("insert into t values ('lost')");
            pinned.query("listen news");
            writing.query("/* banyan: primary */ select 'warm'");
            world.primary().silent = true;
            writing.send(query("insert into t values ('in doubt')"));
            FakePostgres former = world.primary();
            world.servers.get("db-2").promote(former);
            assertThat(writing.words()).hasSize(2).endsWith("Z I").first().asString().startsWith("E 08007 ");
            assertThat(pinned.words()).singleElement().asString().startsWith("E 57P01 ");
            assertThat(pinned.isOpen()).isFalse();
            assertThat(inTransaction.query("insert into t values ('more')")).hasSize(2).first().asString().startsWith("E 40001 ");
            for (FakeClient client : List.of(idle, inTransaction, writing)) {
                assertThat(client.query("insert into t values ('after')")).containsExactly("C INSERT 0 1", "Z I");
            }
            assertThat(world.primary().committed()).containsExactly("kept", "after", "after", "after");
            assertThat(former.sessions()).as("no connection to the former primary is used on").allMatch(backend -> backend.sql().status() == 'I');
        }
    }

    @Test
    void whoWaitsInLineAtAPrimaryThatIsReplacedGoesToTheNextOne() {
        try (RouterWorld world = RouterWorld.of(Routers.with(pool(1)), 1)) {
            FakeClient holder = world.client();
            holder.query("begin");
            holder.query("insert into t values ('h')");
            FakeClient waiting = world.client();
            waiting.send(query("insert into t values ('w')"));
            assertThat(waiting.words()).isEmpty();
            world.servers.get("db-2").promote(world.primary());
            assertThat(waiting.words()).containsExactly("C INSERT 0 1", "Z I");
            assertThat(world.primary().committed()).containsExactly("w");
        }
    }

    @Test
    void whileHeldNoTransactionBegins_andTheOpenOnesEnd() {
        try (RouterWorld world = RouterWorld.of(Routers.with(pool(1)), 0)) {
            FakeClient open = world.client();
            open.query("begin");
            open.query("insert into t values ('open')");
            FakeClient inLine = world.client();
            inLine.send(query("insert into t values ('in line')"));
            world.hold(true);
            FakeClient later = world.client();
            later.send(query("insert into t values ('later')"));
            assertThat(open.query("commit")).containsExactly("C COMMIT", "Z I");
            world.pass(Duration.ofMillis(500));
            assertThat(world.primary().committed()).containsExactly("open");
            assertThat(world.busy("db-1")).isZero();
            world.hold(false);
            assertThat(inLine.words()).containsExactly("C INSERT 0 1", "Z I");
            assertThat(later.words()).containsExactly("C INSERT 0 1", "Z I");
        }
    }

    @Test
    void withoutAPrimaryAWriteWaits_andIsDoneWhenThereIsOne() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            world.useNoPrimary();
            client.send(query("insert into t values ('w')"));
            world.pass(PATIENCE.dividedBy(2));
            assertThat(client.words()).isEmpty();
            world.use("db-1");
            assertThat(client.words()).containsExactly("C INSERT 0 1", "Z I");
        }
    }

    @Test
    void withoutAPrimaryAWriteFailsAfterItsPatience_andTheSessionGoesOn() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            FakeClient batch = world.client();
            FakeClient begun = world.client();
            world.useNoPrimary();
            client.send(query("insert into t values ('w')"), query("insert into t values ('x')"));
            batch.send(extended("insert into t values ('y')"));
            begun.send(query("begin"));
            world.pass(PATIENCE.plusMillis(10));
            world.use("db-1");
            List<String> words = client.words();
            assertThat(words).element(0).asString().startsWith("E 57P03 there has been no primary for ");
            assertThat(words.subList(1, words.size())).containsExactly("Z I", "C INSERT 0 1", "Z I");
            assertThat(batch.words()).hasSize(2).endsWith("Z I").first().asString().startsWith("E 57P03 ");
            assertThat(begun.words()).hasSize(2).endsWith("Z I");
            assertThat(batch.ask(extended("insert into t values ('z')"))).containsExactly("1", "2", "n", "C INSERT 0 1", "Z I");
        }
    }

    @Test
    void aServerThatCannotBeReachedIsToldAfterThePatience() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            world.primary().refuses = true;
            world.primary().killSessions();
            client.send(query("insert into t values ('w')"));
            world.pass(PATIENCE.plusMillis(100));
            assertThat(client.words()).hasSize(2).endsWith("Z I").first().asString().startsWith("E 08").contains("server db-1");
            world.primary().refuses = false;
            client.send(query("insert into t values ('x')"));
            world.pass(Duration.ofSeconds(2));
            assertThat(client.words()).containsExactly("C INSERT 0 1", "Z I");
        }
    }

    @Test
    void manyClientsShareFewConnections() {
        try (RouterWorld world = RouterWorld.of(Routers.with(pool(2)), 0)) {
            List<FakeClient> clients = java.util.stream.Stream.generate(world::client).limit(60).toList();
            for (FakeClient client : clients) {
                client.send(query("begin"));
            }
            int served = 0;
            for (int round = 0; round < 200 && served < clients.size(); round++) {
                for (FakeClient client : clients) {
                    if (client.words().contains("C BEGIN")) {
                        assertThat(client.query("commit")).containsExactly("C COMMIT", "Z I");
                        served++;
                    }
                }
            }
            assertThat(served).isEqualTo(clients.size());
            assertThat(world.open("db-1")).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void inSessionModeAClientKeepsItsConnection() {
        try (RouterWorld world = RouterWorld.of(Routers.with(DatabaseRouter.Mode.SESSION), 1)) {
            FakeClient client = world.client();
            FakeClient other = world.client();
            List<String> process = client.rows("select 'process'");
            assertThat(other.rows("select 'process'")).isNotEqualTo(process);
            client.query("insert into t values ('a')");
            assertThat(client.rows("select 'process'")).isEqualTo(process).containsExactly("" + client.processId());
            client.leave();
            other.leave();
            assertThat(world.busy("db-1")).isZero();
        }
    }

    private static DatabaseRouter.Pool pool(int size) {
        return PoolBench.settings().size(size).made();
    }
}
