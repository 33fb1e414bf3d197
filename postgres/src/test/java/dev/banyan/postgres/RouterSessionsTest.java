package dev.banyan.postgres;

import static dev.banyan.postgres.Sent.bind;
import static dev.banyan.postgres.Sent.close;
import static dev.banyan.postgres.Sent.execute;
import static dev.banyan.postgres.Sent.extended;
import static dev.banyan.postgres.Sent.flush;
import static dev.banyan.postgres.Sent.join;
import static dev.banyan.postgres.Sent.parse;
import static dev.banyan.postgres.Sent.query;
import static dev.banyan.postgres.Sent.run;
import static dev.banyan.postgres.Sent.sync;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session keeps while its server connections change under it: settings, prepared statements, what pins it. */
class RouterSessionsTest {
    /** Takes a connection until it ends its transaction: whoever comes gets another one. */
    private static FakeClient occupy(RouterWorld world) {
        FakeClient other = world.client();
        other.query("begin");
        other.query("insert into t values ('occupied')");
        return other;
    }

    // ---- Settings ----

    @Test
    void aSettingFollowsItsSession_andNobodyElse() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient rome = world.client();
            FakeClient other = world.client();
            rome.query("set timezone to 'Europe/Rome'");
            assertThat(other.rows("select 'setting timezone'")).containsExactly("UTC");
            assertThat(rome.rows("select 'setting timezone'")).containsExactly("Europe/Rome");
            FakeClient occupant = occupy(world);
            assertThat(rome.rows("select 'setting timezone'")).containsExactly("Europe/Rome");
            occupant.query("rollback");
            assertThat(world.open("db-1")).isEqualTo(2);
            for (int i = 0; i < 4; i++) {
                assertThat((i % 2 == 0 ? rome : other).rows("select 'setting timezone'")).containsExactly(i % 2 == 0 ? "Europe/Rome" : "UTC");
            }
        }
    }

    @Test
    void settingsOfTheStartUpPacketAreSetToo_andAreWhatResetGoesBackTo() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client("timezone", "Asia/Tokyo", "application_name", "it's \\ me");
            assertThat(client.rows("select 'setting timezone'")).containsExactly("Asia/Tokyo");
            client.query("set timezone to 'Europe/Rome'");
            client.query("reset timezone");
            world.client().query("select 'setting timezone'");
            occupy(world);
            assertThat(client.rows("select 'setting timezone'")).containsExactly("Asia/Tokyo");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "begin;;set timezone to 'Europe/Rome';;rollback",
        "begin;;set timezone to 'Europe/Rome';;sytnax;;commit",
        "begin;;set local timezone to 'Europe/Rome';;commit",
        "set timezone to 'bad'",
    })
    void aSettingThatIsRolledBackIsNotKept(String statements) {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            List.of(statements.split(";;")).forEach(client::query);
            assertThat(world.busy("db-1")).as("it is not pinned").isZero();
            List<String> here = client.rows("select 'setting timezone'");
            occupy(world);
            assertThat(client.rows("select 'setting timezone'")).isEqualTo(here);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "set timezone to 'Europe/Rome';;sytnax",
        "sytnax;;set timezone to 'Europe/Rome'",
        "begin;;set timezone to 'Asia/Tokyo';;rollback;;set timezone to 'Europe/Rome'",
        "set timezone to 'Europe/Rome';;begin;;set timezone to 'Asia/Tokyo';;rollback",
        "begin;;set timezone to 'Europe/Rome';;commit;;select 'error 22012'",
        "begin;;set timezone to 'Europe/Rome';;savepoint a;;set timezone to 'Asia/Tokyo';;rollback to a;;commit",
        "begin;;savepoint a;;sytnax;;rollback to a;;set timezone to 'Europe/Rome';;commit",
    })
    void whateverIsPipelined_theSessionHasAfterwardsWhatItsServerHas(String statements) {
        try (RouterWorld world = RouterWorld.of(0)) {
            for (boolean pipelined : new boolean[] {true, false}) {
                FakeClient client = world.client();
                List<byte[]> all = new ArrayList<>();
                List.of(statements.split(";;")).forEach(sql -> all.add(query(sql)));
                if (pipelined) {
                    client.ask(join(all.toArray(byte[][]::new)));
                } else {
                    all.forEach(client::ask);
                }
                FakeClient occupant = occupy(world);
                assertThat(client.rows("select 'setting timezone'")).as("pipelined: %s", pipelined).containsExactly("Europe/Rome");
                assertThat(occupant.rows("select 'setting timezone'")).containsExactly("UTC");
                occupant.leave();
                client.leave();
                assertThat(world.client().rows("select 'setting timezone'")).as("the next one").containsExactly("UTC");
            }
        }
    }

    @Test
    void discardAllLeavesNothing() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("set timezone to 'Europe/Rome'");
            client.query("listen news");
            assertThat(world.busy("db-1")).isOne();
            client.query("discard all");
            assertThat(world.busy("db-1")).isZero();
            assertThat(client.rows("select 'setting timezone'")).containsExactly("UTC");
        }
    }

    @Test
    void aSessionsConnectionIsClearedBeforeAnotherGetsIt() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("set timezone to 'Europe/Rome'");
            client.query("listen news");
            client.send(Sent.terminate());
            assertThat(client.isOpen()).isFalse();
            assertThat(world.primary().sent("Q DISCARD ALL")).hasSize(1);
            FakeClient other = world.client();
            assertThat(other.rows("select 'setting timezone'")).containsExactly("UTC");
            other.query("notify news");
            assertThat(other.words()).isEmpty();
        }
    }

    @Test
    void notificationsReachTheSessionThatListens_inBetweenToo() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient listener = world.client();
            FakeClient other = world.client();
            listener.query("listen news");
            other.query("notify news");
            assertThat(listener.words()).containsExactly("A news");
            assertThat(other.words()).isEmpty();
        }
    }

    // ---- Prepared statements ----

    @Test
    void aNamedStatementIsPreparedUnseenWhereverItsSessionGoes() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.ask(parse("s", "select $1"), sync());
            occupy(world);
            assertThat(client.ask(run("s", "a"))).containsExactly("2", "D a", "C SELECT 1", "Z I");
            assertThat(client.ask(run("s", "b"))).containsExactly("2", "D b", "C SELECT 1", "Z I");
            assertThat(world.primary().sent("P banyan_")).as("once at each of two connections").hasSize(2);
        }
    }

    @Test
    void theSameTextIsPreparedOnceForAllSessions() {
        try (RouterWorld world = RouterWorld.of(0)) {
            for (int i = 0; i < 5; i++) {
                FakeClient client = world.client();
                assertThat(client.ask(parse("name" + i, "select $1"), sync(), run("name" + i, "a"))).containsExactly("1", "Z I", "2", "D a", "C SELECT 1", "Z I");
            }
            assertThat(world.primary().sent("P banyan_")).hasSize(1);
        }
    }

    @Test
    void theLeastRecentlyUsedStatementGoes() {
        try (RouterWorld world = RouterWorld.of(Routers.keeping(3), 0)) {
            FakeClient client = world.client();
            for (int i = 0; i < 10; i++) {
                client.ask(parse("s" + i, "select 'number " + i + "'"), sync());
            }
            FakeBackend backend = world.primary().sessions().getFirst();
            assertThat(backend.prepared()).hasSizeLessThanOrEqualTo(3);
            for (int i = 9; i >= 0; i--) {
                assertThat(client.ask(run("s" + i))).containsExactly("2", "D number " + i, "C SELECT 1", "Z I");
                assertThat(backend.prepared()).hasSizeLessThanOrEqualTo(3);
            }
            // All in one go: what is closed for another is needed again before the Sync.
            byte[] batch = new byte[0];
            for (int i = 0; i < 10; i++) {
                batch = join(batch, bind("s" + i), execute());
            }
            assertThat(client.ask(batch, sync())).hasSize(31).endsWith("D number 9", "C SELECT 1", "Z I");
        }
    }

    @Test
    void aStatementThatWasEvictedInABatchThatFailedIsThereAgain() {
        try (RouterWorld world = RouterWorld.of(Routers.keeping(2), 0)) {
            FakeClient client = world.client();
            client.ask(parse("a", "select 'a'"), sync(), parse("b", "select 'b'"), sync());
            for (int round = 0; round < 3; round++) {
                assertThat(client.ask(parse("", "sytnax"), parse("c" + round, "select 'c" + round + "'"), parse("d" + round, "select 'd" + round + "'"), sync()))
                        .containsExactly("E 42601 syntax error at or near \"sytnax\"", "Z I");
                assertThat(client.ask(run("a"))).containsExactly("2", "D a", "C SELECT 1", "Z I");
                assertThat(client.ask(run("b"))).containsExactly("2", "D b", "C SELECT 1", "Z I");
                assertThat(client.ask(parse("e" + round, "select 'e" + round + "'"), parse("f" + round, "sytnax"), sync())).containsExactly("1", "E 42601 syntax error at or near \"sytnax\"", "Z I");
                assertThat(client.ask(run("a"))).containsExactly("2", "D a", "C SELECT 1", "Z I");
                assertThat(client.ask(run("e" + round))).containsExactly("2", "D e" + round, "C SELECT 1", "Z I");
                assertThat(client.ask(run("b"))).containsExactly("2", "D b", "C SELECT 1", "Z I");
            }
        }
    }

    @Test
    void aNameThatIsTakenIsRefused_andStandsForWhatItStoodFor() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.ask(parse("s", "select 'a'"), sync());
            assertThat(client.ask(parse("s", "select 'b'"), bind("s"), execute(), sync())).hasSize(2).first().asString().startsWith("E 42P05 ");
            assertThat(client.ask(run("s"))).containsExactly("2", "D a", "C SELECT 1", "Z I");
        }
    }

    @Test
    void aNameIsFreeAgainOnceItIsClosed_inTheSameBatchToo() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.ask(parse("s", "select 'a'"), sync());
            assertThat(client.ask(close('S', "s"), parse("s", "select 'b'"), bind("s"), execute(), sync())).containsExactly("3", "1", "2", "D b", "C SELECT 1", "Z I");
            assertThat(client.ask(close('S', "s"), sync(), run("s"))).hasSize(4).element(2).asString().startsWith("E 26000 ");
        }
    }

    @Test
    void aCloseBehindAnErrorIsNotDone() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.ask(parse("s", "select 'a'"), sync());
            assertThat(client.ask(parse("", "sytnax"), close('S', "s"), parse("s", "select 'b'"), sync())).hasSize(2);
            assertThat(client.ask(run("s"))).containsExactly("2", "D a", "C SELECT 1", "Z I");
        }
    }

    @Test
    void aParseThatFailsLeavesNoName() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            assertThat(client.ask(parse("s", "sytnax"), sync())).hasSize(2);
            assertThat(client.ask(parse("s", "select 'a'"), sync(), run("s"))).containsExactly("1", "Z I", "2", "D a", "C SELECT 1", "Z I");
        }
    }

    @Test
    void aParseThatTheServerDidNotNeedIsAnsweredInItsTurn_andAtAFlush() {
        try (RouterWorld world = RouterWorld.of(0)) {
            world.client().ask(parse("x", "select 'known'"), sync());
            FakeClient client = world.client();
            client.ask(parse("other", "select 'other'"), sync());
            assertThat(client.ask(parse("a", "select 'known'"), flush())).containsExactly("1");
            assertThat(client.ask(bind("other"), execute(), parse("b", "select 'known'"), close('S', "b"), flush())).containsExactly("2", "D other", "C SELECT 1", "1", "3");
            assertThat(client.ask(sync())).containsExactly("Z I");
            assertThat(client.ask(close('S', "a"), flush())).containsExactly("3");
            assertThat(client.ask(sync())).containsExactly("Z I");
        }
    }

    @Test
    void deallocateAllForgetsThemAll_atTheServerToo() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            FakeClient other = world.client();
            client.ask(parse("s", "select 'a'"), sync());
            other.ask(parse("s", "select 'a'"), sync());
            assertThat(client.query("deallocate all")).containsExactly("C DEALLOCATE ALL", "Z I");
            assertThat(client.ask(run("s"))).hasSize(2).first().asString().startsWith("E 26000 ");
            assertThat(other.ask(run("s"))).containsExactly("2", "D a", "C SELECT 1", "Z I");
            assertThat(client.ask(parse("s", "select 'b'"), run("s"))).containsExactly("1", "2", "D b", "C SELECT 1", "Z I");
        }
    }

    @Test
    void theUnnamedStatementIsItsSessionsOwn() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            FakeClient other = world.client();
            client.ask(parse("", "select 'mine'"), sync());
            other.ask(extended("select 'other'"));
            assertThat(client.ask(bind(""), execute(), sync())).containsExactly("2", "D mine", "C SELECT 1", "Z I");
            client.query("select 'simple'");
            assertThat(client.ask(bind(""), execute(), sync())).as("a simple query ends it").hasSize(2).first().asString().startsWith("E 26000 ");
        }
    }

    @Test
    void aStatementOfAnotherSchemaStaysAsItsClientPreparedIt_andIsPreparedAnewForWhoPreparesIt() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.ask(parse("s", "select 'a'"), sync());
            world.client().query("alter table t add column c int");
            assertThat(client.ask(run("s"))).containsExactly("2", "D a", "C SELECT 1", "Z I");
            assertThat(world.primary().sent("P banyan_")).hasSize(1);
            assertThat(client.ask(parse("again", "select 'a'"), sync())).containsExactly("1", "Z I");
            assertThat(world.primary().sent("P banyan_")).hasSize(2);
            assertThat(world.primary().sent("C banyan_")).hasSize(1);
        }
    }

    // ---- Cancelling ----

    @Test
    void aCancelRequestReachesTheStatementOfItsSession() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            FakeClient other = world.client();
            client.send(query("select 'sleep'"));
            other.send(query("select 'sleep'"));
            world.cancel(client);
            assertThat(client.words()).containsExactly("T", "E 57014 canceling statement due to user request", "Z I");
            assertThat(other.words()).containsExactly("T");
            world.primary().sessions().stream().filter(FakeBackend::isAsleep).findFirst().orElseThrow().wake();
            assertThat(other.words()).containsExactly("D awake", "C SELECT 1", "Z I");
        }
    }

    @Test
    void aCancelRequestOfAnIdleSessionReachesNobody() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("select 'a'");
            world.client().send(query("select 'sleep'"));
            world.cancel(client);
            assertThat(world.primary().sent("cancel")).isEmpty();
        }
    }

    @Test
    void aConnectionIsNobodysUntilACancelRequestForItHasArrived() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.send(query("select 'sleep'"));
            FakeBackend asleep = world.primary().sessions().getFirst();
            world.primary().refusesSilently = true;
            world.cancel(client);
            asleep.wake();
            assertThat(client.words()).contains("D awake");
            FakeClient other = world.client();
            other.send(query("select 'process'"));
            world.primary().refusesSilently = false;
            world.pass(java.time.Duration.ofSeconds(3));
            assertThat(other.words()).as("it got another one, or waited").contains("C SELECT 1");
            assertThat(world.busy("db-1")).isZero();
        }
    }

    @Test
    void whoLeavesInTheMiddleOfAStatementHasItCancelled_andTheNextGetsACleanConnection() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.send(query("begin"), query("select 'sleep'"));
            client.leave();
            assertThat(world.primary().sent("cancel")).hasSize(1);
            assertThat(world.busy("db-1")).isZero();
            assertThat(world.client().query("select 'a'")).containsExactly("T", "D a", "C SELECT 1", "Z I");
        }
    }

    @Test
    void whoLeavesBetweenTwoStatementsOfATransactionHasItRolledBack() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.ask(query("begin"), query("insert into t values ('never')"));
            client.leave();
            assertThat(world.primary().sent("Q ROLLBACK")).hasSize(1);
            assertThat(world.client().rows("select 'committed'")).containsExactly("");
            assertThat(world.open("db-1")).isOne();
        }
    }
}
