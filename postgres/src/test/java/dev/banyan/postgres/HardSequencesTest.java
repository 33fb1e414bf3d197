package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.ByteSize;
import dev.banyan.topology.DatabaseRouter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sequences of messages that are allowed and that few drivers send: nothing leaks from one session to another, nothing is lost, nobody waits for ever. */
class HardSequencesTest {
    private static DatabaseRouter withShortTexts() {
        DatabaseRouter base = Routers.defaults();
        return new DatabaseRouter(base.listen(), base.tls(), base.usersFile(), base.mode(), base.clients(), base.pool(), base.reads(), base.preparedStatements(), new ByteSize(1024), base.slow());
    }

    private static String padded(String sql) {
        return sql + " -- " + "x".repeat(2_000);
    }

    private static long readies(List<String> words) {
        return words.stream().filter(word -> word.startsWith("Z")).count();
    }

    // ---- What is told of a commit ----

    @Test
    void aCommitWhoseServerIsLostIsInDoubt_notRolledBack() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.query("begin");
            client.query("insert into t values ('a')");
            world.primary().silent = true;
            client.send(Sent.query("commit"));
            world.primary().killSessions();
            assertThat(client.words()).anyMatch(word -> word.startsWith("E 08007")).endsWith("Z I");
        }
    }

    @Test
    void anInsertWhoseServerIsLostIsInDoubt() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            world.primary().silent = true;
            client.send(Sent.query("insert into t values ('a')"));
            world.primary().killSessions();
            assertThat(client.words()).anyMatch(word -> word.startsWith("E 08007")).endsWith("Z I");
        }
    }

    // ---- Settings ----

    @Test
    void aSettingBeforeASavepointThatTookAnErrorBackStaysInItsSession() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient one = world.client();
            for (String sql : List.of("begin", "set a.b = 'mine'", "savepoint s", "select 'error 22012'", "rollback to s", "commit")) {
                one.query(sql);
            }
            assertThat(world.client().rows("select 'setting a.b'")).containsExactly("none");
            assertThat(one.rows("select 'setting a.b'")).containsExactly("mine");
        }
    }

    @Test
    void aSettingStaysInItsSession_whenWhatWasSentBehindItFails() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient one = world.client();
            assertThat(readies(one.ask(Sent.query("set a.b = 'mine'"), Sent.query("select 'error 22012'")))).isEqualTo(2);
            assertThat(world.client().rows("select 'setting a.b'")).containsExactly("none");
            assertThat(one.rows("select 'setting a.b'")).containsExactly("mine");
        }
    }

    @Test
    void aSettingThatIsOnlyDescribedIsNotMade() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.ask(Sent.parse("s", "set a.b = 'mine'"), Sent.describe('S', "s"), Sent.sync());
            FakeClient other = world.client();
            other.query("begin");
            assertThat(client.rows("select 'setting a.b'")).as("at another connection").containsExactly("none");
            other.query("rollback");
            client.ask(Sent.run("s"));
            assertThat(client.rows("select 'setting a.b'")).containsExactly("mine");
        }
    }

    // ---- Statements ----

    @Test
    void theUnnamedStatementIsTheLastOne_thoughItWasTooLongToBeRead() {
        try (RouterWorld world = RouterWorld.of(withShortTexts(), 0)) {
            FakeClient one = world.client();
            FakeClient other = world.client();
            one.ask(Sent.extended("select 'first'"));
            other.query("select 'in between'");
            List<String> words = one.ask(Sent.extended("insert into t values ('" + "x".repeat(2_000) + "')"));
            assertThat(words).contains("C INSERT 0 1").doesNotContain("D first");
        }
    }

    @Test
    void aTextThatIsTooLongToBeReadDoesNotGoToAReplica() {
        try (RouterWorld world = RouterWorld.of(withShortTexts(), 1)) {
            FakeClient client = world.client();
            assertThat(client.ask(Sent.extended(padded("select 'server'")))).contains("D db-1");
            assertThat(client.query("insert into t values ('a')")).contains("C INSERT 0 1");
        }
    }

    @Test
    void aStatementWhoseOldPlanCouldNotBeClosedIsPreparedAgain() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.ask(Sent.parse("s", "select 'a'"), Sent.sync());
            client.query("alter table t");
            assertThat(client.ask(Sent.parse("", "sytnax"), Sent.bind("s"), Sent.execute(), Sent.sync())).anyMatch(word -> word.startsWith("E 42601"));
            assertThat(client.ask(Sent.run("s"))).contains("D a");
        }
    }

    @Test
    void aFlushBringsWhatTheRouterSaysItself() {
        try (RouterWorld world = RouterWorld.of(0)) {
            world.client().ask(Sent.parse("s", "select 'a'"), Sent.sync());
            FakeClient client = world.client();
            assertThat(client.ask(Sent.parse("mine", "select 'a'"), Sent.flush())).containsExactly("1");
            assertThat(client.ask(Sent.close('S', "mine"), Sent.flush())).containsExactly("3");
            assertThat(client.ask(Sent.sync())).containsExactly("Z I");
        }
    }

    @Test
    void deallocateEndsAStatementThatWasPreparedByProtocol() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.ask(Sent.parse("one", "select 'a'"), Sent.parse("two", "select 'b'"), Sent.parse("three", "select 'c'"), Sent.sync());
            assertThat(client.query("deallocate one")).containsExactly("C DEALLOCATE", "Z I");
            assertThat(client.ask(Sent.extended("deallocate \"two\""))).contains("C DEALLOCATE").endsWith("Z I");
            assertThat(client.ask(Sent.run("one"))).anyMatch(word -> word.startsWith("E 26000"));
            assertThat(client.ask(Sent.run("two"))).anyMatch(word -> word.startsWith("E 26000"));
            assertThat(client.query("deallocate one")).anyMatch(word -> word.startsWith("E 26000"));
            assertThat(client.ask(Sent.parse("two", "select 'b'"), Sent.sync())).containsExactly("1", "Z I");
            assertThat(client.ask(Sent.run("two"))).contains("D b");
            assertThat(client.ask(Sent.run("three"))).contains("D c");
        }
    }

    @Test
    void deallocateInATransactionThatHasFailedFails() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.ask(Sent.parse("one", "select 'a'"), Sent.sync());
            client.query("begin");
            client.query("select 'error 22012'");
            assertThat(client.query("deallocate one")).anyMatch(word -> word.startsWith("E 25P02")).endsWith("Z E");
            client.query("rollback");
            assertThat(client.ask(Sent.run("one"))).contains("D a");
        }
    }

    @Test
    void anErrorOfAnyLengthIsAnError() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("select 'a'");
            FakeBackend backend = world.primary().sessions().getFirst();
            world.primary().silent = true;
            world.primary().pieces = rest -> Math.min(rest, 16 << 10);
            client.send(Sent.query("select 'b'"));
            backend.say(Sent.join(Sent.message('E', Sent.text("SERROR"), Sent.text("VERROR"), Sent.text("C22P02"), Sent.text("M" + "x".repeat(2 << 20)), new byte[1]), Sent.message('Z', new byte[] {'I'})));
            assertThat(client.words()).anyMatch(word -> word.startsWith("E 22P02 x")).endsWith("Z I");
            client.leave();
        }
    }

    @Test
    void whatIsResetIsAsTheClientAskedForAtFirst_thoughItsConnectionStays() {
        DatabaseRouter base = Routers.defaults();
        DatabaseRouter session = new DatabaseRouter(base.listen(), base.tls(), base.usersFile(), DatabaseRouter.Mode.SESSION, base.clients(), base.pool(), base.reads(), base.preparedStatements(),
                base.statement(), base.slow());
        try (RouterWorld world = RouterWorld.of(session, 0)) {
            FakeClient client = world.client("a.b", "mine");
            assertThat(client.rows("select 'setting a.b'")).containsExactly("mine");
            client.query("set a.b = 'other'");
            client.query("reset a.b");
            assertThat(client.rows("select 'setting a.b'")).containsExactly("mine");
            client.query("discard all");
            assertThat(client.rows("select 'setting a.b'")).containsExactly("mine");
        }
    }

    // ---- Transactions at replicas ----

    @Test
    void aTransactionThatIsChainedIsTheServers() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.query("begin");
            client.query("commit and chain");
            assertThat(world.primary().sent).contains("Q commit and chain");
            client.query("begin");
            assertThat(client.query("commit and no chain")).containsExactly("C COMMIT", "Z I");
        }
    }


    @Test
    void aTransactionThatMayWriteBeginsAtThePrimary() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.query("begin read write");
            assertThat(client.rows("select 'server'")).containsExactly("db-1");
            client.query("rollback");
        }
    }

    @Test
    void aTransactionThatOnlyReadEndsWhereItWas() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            byte[] begin = Sent.join(Sent.parse("", "begin"), Sent.bind(""), Sent.execute());
            assertThat(client.ask(begin, Sent.extended("select 'server'"))).contains("D db-2").endsWith("Z T");
            assertThat(client.ask(Sent.parse("", "commit"), Sent.bind(""), Sent.execute(), Sent.sync())).contains("C COMMIT").endsWith("Z I");
            assertThat(world.primary().sent).noneMatch(word -> word.toLowerCase(java.util.Locale.ROOT).contains("begin"));
        }
    }

    @Test
    void aLongStatementIsTakenWhole_whileItsTransactionIsAtAReplica() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.query("begin");
            assertThat(client.rows("select 'server'")).containsExactly("db-2");
            client.in(rest -> Math.min(rest, 16 << 10));
            assertThat(client.query("insert into t values ('" + "x".repeat(100 << 10) + "')")).endsWith("C INSERT 0 1", "Z T");
            client.query("commit");
        }
    }

    // ---- Servers that are lost ----

    @Test
    void whatWasSentBehindAReadIsAnsweredToo_whenTheirServerIsLost() {
        try (RouterWorld world = RouterWorld.of(1)) {
            world.servers.get("db-2").silent = true;
            world.pass(Duration.ofSeconds(2));
            FakeClient client = world.client();
            assertThat(client.rows("select 'server'")).containsExactly("db-1");
            world.primary().silent = true;
            client.send(Sent.query("select 'a'"), Sent.query("insert into t values ('b')"));
            world.primary().killSessions();
            world.primary().silent = false;
            world.pass(Duration.ofSeconds(3));
            assertThat(readies(client.words())).isEqualTo(2);
        }
    }

    @Test
    void aReadThatIsAskedAgainUsesTheUnnamedStatementThatItUsedAtFirst() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            assertThat(client.ask(Sent.extended("select 'old'"))).contains("D old");
            world.servers.get("db-2").silent = true;
            client.send(Sent.bind(""), Sent.execute(), Sent.parse("", "select 'new'"), Sent.bind(""), Sent.execute(), Sent.sync());
            world.servers.get("db-2").killSessions();
            List<String> words = client.words();
            assertThat(words.stream().filter(word -> word.startsWith("D"))).containsExactly("D old", "D new");
        }
    }

    @Test
    void aClientIsReadOn_thoughItsServerWasLostWhileItTookNoMore() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            world.primary().silent = true;
            client.send(Sent.query("select 'a'"));
            world.router.loops().getFirst().sessions().iterator().next().backPressure.serverWritable(false);
            world.primary().killSessions();
            world.primary().silent = false;
            assertThat(readies(client.words())).isEqualTo(1);
            world.pass(Duration.ofSeconds(1));
            world.client().query("select 'a'"); // leaves a connection: who has to wait for one is read on for that
            for (String text : List.of("b", "c", "d")) {
                assertThat(client.rows("select '" + text + "'")).containsExactly(text);
            }
        }
    }

    // ---- Copies ----

    @Test
    void aSyncThatCrossedWithTheEndOfACopyIsNotWaitedForAgain() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            assertThat(client.ask(Sent.parse("", "copy t from stdin"), Sent.bind(""), Sent.execute())).endsWith("G");
            assertThat(client.ask(Sent.copyData("bad\n"), Sent.sync())).endsWith("Z I");
            assertThat(client.rows("select 'a'")).containsExactly("a");
        }
    }

    // ---- Clients that have gone, which is seen when they are written to ----

    /** Statements that are closed where no server is needed are answered by the router: a Flush sends that. */
    @Test
    void aClientThatHasGoneIsLet_whenItIsSeenByAFlush() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("select 'a'");
            world.reset = true;
            client.send(Sent.close('S', "none"), Sent.flush());
            goneWithoutAFault(world, client);
        }
    }

    @Test
    void aClientThatHasGoneIsLet_whenItIsSeenByAnErrorThatWaited() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("begin");
            client.query("insert into t values ('a')");
            world.primary().killSessions();
            world.settle();
            world.reset = true;
            client.send(Sent.query("select 'b'"), Sent.query("select 'c'"));
            goneWithoutAFault(world, client);
        }
    }

    private static void goneWithoutAFault(RouterWorld world, FakeClient client) {
        world.pass(Duration.ofSeconds(1));
        world.reset = false;
        assertThat(client.isOpen()).isFalse();
        assertThat(world.faults).isEmpty();
        assertThat(world.busy("db-1")).isZero();
        assertThat(world.client().rows("select 'still'")).containsExactly("still");
    }
}
