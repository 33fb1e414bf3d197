package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no message, from clients that are logged in and from servers: that connection ends, nobody else notices, and nothing stays behind. */
class HostileMessagesTest {
    private record Hostile(String name, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Hostile hostile(String name, byte[]... bytes) {
        return new Hostile(name, Sent.join(bytes));
    }

    /** Those that the router sees through itself. */
    static Stream<Hostile> fromClients() {
        List<Hostile> all = new ArrayList<>();
        for (char type : "QPBDECHSFdcf".toCharArray()) {
            for (int length : new int[] {0, 3, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                all.add(hostile(type + " of length " + length, Sent.raw(type, length)));
            }
        }
        for (char type : "DECHScf".toCharArray()) {
            all.add(hostile(type + " that is too long for its kind", Sent.raw(type, 10_001)));
        }
        for (int type : new int[] {0, 1, 'A', 'Z', 'p', 'q', 'R', 'T', '?', 0x7f, 0x80, 0xff}) {
            all.add(hostile("a type that does not exist: " + type, Sent.raw((char) type, 4)));
        }
        all.add(hostile("a query without its zero", Sent.raw('Q', 7, "abc".getBytes())));
        all.add(hostile("a query of nothing", Sent.message('Q')));
        all.add(hostile("a Parse of nothing", Sent.message('P')));
        all.add(hostile("a Parse with a name that does not end", Sent.message('P', new byte[] {'a', 'b'})));
        all.add(hostile("a Parse without a text", Sent.message('P', Sent.text("a"))));
        all.add(hostile("a Parse with a text that does not end", Sent.message('P', Sent.text("a"), new byte[] {'s'})));
        all.add(hostile("a Parse without its count", Sent.message('P', Sent.text("a"), Sent.text("select 1"))));
        all.add(hostile("a Parse with half a count", Sent.message('P', Sent.text("a"), Sent.text("select 1"), new byte[1])));
        all.add(hostile("a Bind of nothing", Sent.message('B')));
        all.add(hostile("a Bind with one name", Sent.message('B', Sent.text("a"))));
        all.add(hostile("a Bind with a name that does not end", Sent.message('B', Sent.text("a"), new byte[] {'b'})));
        all.add(hostile("a Describe of nothing", Sent.message('D')));
        all.add(hostile("a Describe without a name", Sent.message('D', new byte[] {'S'})));
        all.add(hostile("a Describe with a name that does not end", Sent.message('D', new byte[] {'S', 'a'})));
        all.add(hostile("a Close of nothing", Sent.message('C')));
        all.add(hostile("a Close without a name", Sent.message('C', new byte[] {'S'})));
        return all.stream();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatIsNoMessageEndsItsConnection_andNobodyElses(int replicas) {
        try (RouterWorld world = RouterWorld.of(replicas)) {
            FakeClient other = world.client();
            fromClients().forEach(hostile -> {
                for (byte[] before : List.of(new byte[0], Sent.query("begin"), Sent.parse("x", "select 'x'"), Sent.query("select 'sleep'"))) {
                    endsItsConnection(world, hostile, before);
                    assertThat(other.rows("select 'other'")).containsExactly("other");
                }
            });
            world.servers.keySet().forEach(server -> assertThat(world.busy(server)).isZero());
        }
    }

    private static void endsItsConnection(RouterWorld world, Hostile hostile, byte[] before) {
        FakeClient client = world.client();
        client.send(before, hostile.bytes, Sent.sync());
        world.pass(Duration.ofMillis(client.isOpen() ? 150 : 0)); // a read may wait for its replica
        world.servers.values().forEach(server -> server.sessions().stream().filter(FakeBackend::isAsleep).forEach(FakeBackend::wake));
        List<String> words = client.words();
        assertThat(client.isOpen()).as("%s, after %d bytes: %s", hostile, before.length, words).isFalse();
        assertThat(words).as("%s, after %d bytes", hostile, before.length).last().asString().startsWith("E 08P01 ");
    }

    /** Those that are the server's to refuse. */
    static Stream<Hostile> forServers() {
        return Stream.of(
                hostile("a Bind with more values than it has", Sent.message('B', Sent.text(""), Sent.text(""), Sent.int16(0), Sent.int16(32_767))),
                hostile("a Bind with a negative count", Sent.message('B', Sent.text(""), Sent.text(""), Sent.int16(-1), Sent.int16(-1))),
                hostile("a Bind with a giant value", Sent.message('B', Sent.text(""), Sent.text(""), Sent.int16(0), Sent.int16(1), Sent.int32(Integer.MAX_VALUE))),
                hostile("a Bind with a giant name", Sent.message('B', "a".repeat(70_000).getBytes(), Sent.text(""), Sent.text(""))),
                hostile("an Execute without a portal", Sent.execute()),
                hostile("an Execute of nothing", Sent.message('E')),
                hostile("a Describe of something else", Sent.message('D', new byte[] {'x'}, Sent.text("a"))),
                hostile("a Close of something else", Sent.message('C', new byte[] {'x'}, Sent.text("a"))),
                hostile("a function call of nothing", Sent.message('F')),
                hostile("copy data without a copy", Sent.copyData("a\n"), Sent.copyDone(), Sent.copyFail("x")),
                hostile("a giant name", Sent.parse("n".repeat(100_000), "select 'x'"), Sent.sync(), Sent.close('S', "n".repeat(9_000))),
                hostile("a name of strange bytes", Sent.message('P', new byte[] {-1, -2, 7, 0}, Sent.text("select 'x'"), Sent.int16(0))),
                hostile("a Parse with more types than it has", Sent.message('P', Sent.text(""), Sent.text("select 'x'"), Sent.int16(30_000))));
    }

    @ParameterizedTest
    @MethodSource("forServers")
    void whatTheServerRefusesIsRefused_andTheSessionGoesOn(Hostile hostile) {
        try (RouterWorld world = RouterWorld.of(1)) {
            FakeClient client = world.client();
            client.ask(hostile.bytes, Sent.sync());
            client.ask(Sent.sync());
            assertThat(client.isOpen()).isTrue();
            assertThat(client.rows("select 'still'")).containsExactly("still");
            assertThat(world.client().rows("select 'other'")).containsExactly("other");
        }
    }

    static Stream<Hostile> fromServers() {
        List<Hostile> all = new ArrayList<>();
        for (int type : new int[] {0, 'R', 'K', 'Q', 'B', '9', 'x', 0x80, 0xff}) {
            all.add(hostile("a type that does not exist: " + type, Sent.raw((char) type, 4)));
        }
        for (char type : "DCTEZSN123".toCharArray()) {
            all.add(hostile(type + " of length 3", Sent.raw(type, 3)));
            all.add(hostile(type + " of length -1", Sent.raw(type, -1)));
        }
        all.add(hostile("ReadyForQuery that says nothing", Sent.raw('Z', 4)));
        all.add(hostile("ReadyForQuery that says too much", Sent.raw('Z', 6, new byte[] {'I', 'I'})));
        all.add(hostile("a setting of a gigabyte", Sent.raw('S', 1 << 30)));
        all.add(hostile("a command's tag of a gigabyte", Sent.raw('C', 1 << 30)));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("fromServers")
    void aServerThatSendsWhatIsNoMessageLosesItsConnection(Hostile hostile) {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("insert into t values ('a')");
            world.primary().silent = true;
            client.send(Sent.query("insert into t values ('b')"));
            FakeBackend backend = world.primary().sessions().getFirst();
            backend.say(hostile.bytes);
            List<String> words = client.words();
            assertThat(words).hasSize(2).endsWith("Z I").first().asString().startsWith("E 08007 ").contains("is not a message");
            assertThat(world.open("db-1")).isZero();
            world.primary().silent = false;
            assertThat(client.rows("select 'still'")).containsExactly("still");
        }
    }

    static Stream<Hostile> outOfPlace() {
        return Stream.of(
                hostile("a row nobody asked for", Sent.message('D', Sent.int16(0))),
                hostile("ReadyForQuery nobody waits for", Sent.message('Z', new byte[] {'T'})),
                hostile("ParseComplete nobody waits for", Sent.message('1')),
                hostile("an error nobody waits for", Sent.message('E', Sent.text("SERROR"), Sent.text("VERROR"), Sent.text("CXX000"), Sent.text("Mx"), new byte[1])),
                hostile("an error without fields", Sent.message('E', new byte[1])),
                hostile("an error without an end", Sent.message('E', new byte[] {'S', 'x'})),
                hostile("an error of nothing", Sent.message('E')),
                hostile("a setting without an end", Sent.message('S', new byte[] {'a'})),
                hostile("a setting of nothing", Sent.message('S')),
                hostile("a command's tag of nothing", Sent.message('C')),
                hostile("a copy nobody asked for", Sent.message('G', new byte[3])));
    }

    @ParameterizedTest
    @MethodSource("outOfPlace")
    void whatAServerSaysToNobodyHarmsNobody(Hostile hostile) {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("select 'a'");
            world.primary().sessions().getFirst().say(hostile.bytes);
            assertThat(client.words()).isEmpty();
            assertThat(client.rows("select 'still'")).containsExactly("still");
        }
    }

    @Test
    void rowsWithoutEndReachTheClient_andStopWithIt() {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client();
            client.query("select 'a'");
            world.primary().silent = true;
            client.send(Sent.query("select 'b'"));
            FakeBackend backend = world.primary().sessions().getFirst();
            byte[] row = Sent.message('D', Sent.int16(1), Sent.int32(1_000), new byte[1_000]);
            for (int i = 0; i < 500; i++) {
                backend.say(row);
                world.settle();
            }
            assertThat(client.words()).hasSize(500);
            client.leave();
            assertThat(world.open("db-1")).isZero();
        }
    }
}
