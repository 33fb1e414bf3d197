package dev.banyan.postgres;

import static dev.banyan.postgres.Sent.extended;
import static dev.banyan.postgres.Sent.join;
import static dev.banyan.postgres.Sent.query;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server's connection is lost at every byte of its answer: the client hears the truth once, and its own connection stays usable. */
class RouterLossesTest {
    private static final Duration WHILE = Duration.ofMillis(150);

    /** Lets the connection break after each number of bytes of the answer, 0 and all of it included. */
    private static void atEveryByte(int replicas, String server, byte[] request, Consumer<Loss> check) {
        try (RouterWorld world = RouterWorld.of(replicas)) {
            for (int bytes = 0, whole = Integer.MAX_VALUE; bytes <= whole; bytes++) {
                FakeClient client = world.client();
                FakePostgres breaks = world.servers.get(server);
                world.servers.values().forEach(FakePostgres::forget);
                breaks.bytesLeft = bytes;
                List<String> heard = client.ask(request);
                world.pass(WHILE);
                heard.addAll(client.words());
                whole = breaks.bytesLeft == FakePostgres.NEVER ? whole : bytes; // it had more to say than this, or not
                breaks.bytesLeft = FakePostgres.NEVER;
                world.pass(Duration.ofMillis(20));
                check.accept(new Loss(bytes, heard, breaks.committed()));
                assertThat(client.rest()).as("half a message, after %d bytes", bytes).isZero();
                assertThat(client.rows("select 'still'")).as("afterwards, when %d bytes had come", bytes).containsExactly("still");
                client.leave();
            }
        }
    }

    /** @param heard by the client, up to where nothing more comes */
    private record Loss(int bytes, List<String> heard, List<String> committed) {
        boolean hears(String word) {
            return heard.stream().anyMatch(each -> each.startsWith(word));
        }

        Loss endsWithReady(int times) {
            assertThat(heard.stream().filter(word -> word.startsWith("Z ")).count()).as("after %d bytes: %s", bytes, heard).isEqualTo(times);
            assertThat(heard).as("after %d bytes", bytes).endsWith("Z I");
            return this;
        }
    }

    @ParameterizedTest
    @CsvSource({"1, db-2", "1, db-1"})
    void aReadIsAskedAgainWhenNothingOfItsAnswerWasSeen(int replicas, String server) {
        String sql = server.equals("db-1") ? "/* banyan: primary */ select 'text'" : "select 'text'";
        for (byte[] request : List.of(query(sql), extended(sql))) {
            atEveryByte(replicas, server, request, loss -> {
                loss.endsWithReady(1);
                boolean repeated = !loss.hears("E ");
                assertThat(repeated || loss.hears("D ")).as("an error without a row before it, after %d bytes: %s", loss.bytes, loss.heard).isTrue();
                assertThat(loss.heard.stream().filter(word -> word.startsWith("D ")).count()).as("%s", loss.heard).isEqualTo(1);
                if (!repeated) {
                    assertThat(loss.heard.stream().filter(word -> word.startsWith("E "))).singleElement().asString().startsWith("E 57P01 ");
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void aWriteIsNeverRepeated_andItsFateIsSaidToBeUnknown(int replicas) {
        for (byte[] request : List.of(query("insert into t values ('once')"), extended("insert into t values ($1)", "once"))) {
            atEveryByte(replicas, "db-1", request, loss -> {
                loss.endsWithReady(1);
                assertThat(loss.committed.size()).as("after %d bytes: %s", loss.bytes, loss.heard).isLessThanOrEqualTo(1);
                if (loss.hears("E ")) {
                    assertThat(loss.heard.stream().filter(word -> word.startsWith("E "))).singleElement().asString().startsWith("E 08007 ");
                } else {
                    assertThat(loss.committed).containsExactly("once");
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void aTransactionIsRolledBack_orItsCommitIsInDoubt(int replicas) {
        byte[] request = join(query("begin"), query("insert into t values ('a')"), query("insert into t values ('b')"), query("commit"));
        atEveryByte(replicas, "db-1", request, loss -> {
            loss.endsWithReady(4);
            if (!loss.hears("E ")) {
                assertThat(loss.committed).containsExactly("a", "b");
            } else {
                // All was sent at once, the COMMIT too.
                assertThat(loss.heard.stream().filter(word -> word.startsWith("E "))).as("after %d bytes", loss.bytes).allMatch(word -> word.startsWith("E 08007 "));
            }
        });
    }

    @Test
    void aTransactionThatIsLostBeforeItsCommitIsToldSoByTheNextStatement() {
        try (RouterWorld world = RouterWorld.of(0)) {
            for (byte[] next : List.of(query("insert into t values ('b')"), extended("insert into t values ('b')"), query("commit"))) {
                FakeClient client = world.client();
                client.ask(query("begin"), query("insert into t values ('a')"));
                world.primary().killSessions();
                List<String> heard = client.ask(next);
                assertThat(heard).hasSize(2).endsWith("Z I");
                assertThat(heard.getFirst()).startsWith("E 40001 ");
                assertThat(client.rows("select 'committed'")).containsExactly("");
            }
        }
    }

    @Test
    void aCommitThatIsLostAtAReplicaIsInNoDoubt_forItHadNothingToCommit() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.ask(query("begin"), query("select 'text'"));
            assertThat(world.busy("db-2")).isOne();
            world.servers.get("db-2").silent = true;
            client.send(query("commit"));
            world.servers.get("db-2").killSessions();
            assertThat(client.words()).hasSize(2).endsWith("Z I").first().asString().startsWith("E 40001 ");
            world.servers.get("db-2").silent = false;
            assertThat(client.rows("select 'still'")).containsExactly("still");
        }
    }

    @Test
    void severalRequestsUnderWayAreEachAnsweredOnce_readsToo() {
        for (int replicas = 0; replicas < 2; replicas++) {
            byte[] request = join(query("/* banyan: primary */ select 'r'"), query("insert into t values ('w')"), extended("/* banyan: primary */ select 's'"));
            atEveryByte(replicas, "db-1", request, loss -> {
                loss.endsWithReady(3);
                assertThat(loss.committed.size()).isLessThanOrEqualTo(1);
            });
        }
    }

    @Test
    void aReplicaThatSaysWhyItEndsIsForgotten() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.send(query("select 'sleep'"));
            FakeBackend asleep = world.servers.get("db-2").sessions().stream().filter(FakeBackend::isAsleep).findFirst().orElseThrow();
            asleep.terminate();
            world.settle();
            world.primary().sessions().stream().filter(FakeBackend::isAsleep).findFirst().orElseThrow().wake();
            assertThat(client.words()).containsExactly("T", "D awake", "C SELECT 1", "Z I");
        }
    }

    @Test
    void whatTheServerSaidAtTheEndIsInTheError() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("select 'text'");
            world.primary().silent = true;
            client.send(query("insert into t values ('x')"));
            world.primary().sessions().getFirst().terminate();
            assertThat(client.words()).first().asString().startsWith("E 08007 ").contains("administrator command");
        }
    }

    @Test
    void aSessionThatKeptSomethingAtTheServerIsToldAndEnds() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("listen news");
            assertThat(world.busy("db-1")).isOne();
            world.primary().killSessions();
            assertThat(client.words()).singleElement().asString().startsWith("E 57P01 ").contains("listen");
            assertThat(client.isOpen()).isFalse();
        }
    }

    @Test
    void anIdleClientNeverHearsOfIt() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("set timezone to 'Europe/Rome'");
            world.primary().killSessions();
            assertThat(client.words()).isEmpty();
            assertThat(client.rows("select 'setting timezone'")).containsExactly("Europe/Rome");
        }
    }

    @Test
    void theRestOfALongMessageGoesWhereItsBeginningWent() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            byte[] bind = Sent.bind("", "x".repeat(100_000));
            client.send(Sent.parse("", "sytnax"));
            byte[] half = java.util.Arrays.copyOf(bind, 70_000);
            byte[] rest = java.util.Arrays.copyOfRange(bind, 70_000, bind.length);
            assertThat(client.ask(half)).containsExactly("E 42601 syntax error at or near \"sytnax\"");
            assertThat(client.ask(rest, Sent.execute(), Sent.sync())).containsExactly("Z I");
            assertThat(client.rows("select 'still'")).containsExactly("still");
        }
    }

    @Test
    void aLongStatementInATransactionAtAReplicaComes() {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.ask(query("begin"), query("select 'server'"));
            assertThat(world.busy("db-2")).isOne();
            String longText = "x".repeat(300_000);
            client.in(rest -> Math.min(rest, 10_000)).send(query("select '" + longText + "'"));
            assertThat(client.words()).containsExactly("T", "D 300000 bytes", "C SELECT 1", "Z T");
            assertThat(client.query("commit")).containsExactly("C COMMIT", "Z I");
        }
    }
}
