package dev.banyan.postgres;

import static dev.banyan.postgres.Sent.bind;
import static dev.banyan.postgres.Sent.close;
import static dev.banyan.postgres.Sent.copyData;
import static dev.banyan.postgres.Sent.copyDone;
import static dev.banyan.postgres.Sent.copyFail;
import static dev.banyan.postgres.Sent.describe;
import static dev.banyan.postgres.Sent.execute;
import static dev.banyan.postgres.Sent.extended;
import static dev.banyan.postgres.Sent.functionCall;
import static dev.banyan.postgres.Sent.join;
import static dev.banyan.postgres.Sent.parse;
import static dev.banyan.postgres.Sent.query;
import static dev.banyan.postgres.Sent.run;
import static dev.banyan.postgres.Sent.sync;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each flow of the protocol through the router, whole, byte by byte and randomly cut in both directions: the client hears what it would hear of the server. */
class RouterFlowsTest {
    private record Flow(String name, byte[] sent, String... heard) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Flow flow(String name, byte[] sent, String heard) {
        return new Flow(name, sent, heard.split(", "));
    }

    private static final List<Flow> FLOWS = List.of(
            flow("a read", query("select 'text'"), "T, D text, C SELECT 1, Z I"),
            flow("a write", query("insert into t values ('w')"), "C INSERT 0 1, Z I"),
            flow("an empty query", query(""), "I, Z I"),
            flow("several statements in one query", query("select 'a'; insert into t values ('b'); select 'c'"), "T, D a, C SELECT 1, C INSERT 0 1, T, D c, C SELECT 1, Z I"),
            flow("an error", query("sytnax"), "E 42601 syntax error at or near \"sytnax\", Z I"),
            flow("an error behind rows", query("select 'half 22012'"), "T, D 1, E 22012 in the middle of the rows, Z I"),
            flow("many rows", query("select 'rows 40'"), "T, " + String.join("", rows(40)) + "C SELECT 40, Z I"),
            flow("a wide row", query("select 'wide 3000'"), "T, D 3000 bytes, C SELECT 1, Z I"),
            flow("a transaction", join(query("begin"), query("insert into t values ('t')"), query("select 'x'"), query("commit")),
                    "C BEGIN, Z T, C INSERT 0 1, Z T, T, D x, C SELECT 1, Z T, C COMMIT, Z I"),
            flow("a transaction that fails", join(query("begin"), query("sytnax"), query("select 'x'"), query("commit")),
                    "C BEGIN, Z T, E 42601 syntax error at or near \"sytnax\", Z E, E 25P02 current transaction is aborted, commands ignored until end of transaction block, Z E, C ROLLBACK, Z I"
                            .replace("aborted, commands", "aborted; commands")),
            flow("pipelined simple queries", join(query("select 'a'"), query("insert into t values ('p')"), query("sytnax"), query("select 'b'")),
                    "T, D a, C SELECT 1, Z I, C INSERT 0 1, Z I, E 42601 syntax error at or near \"sytnax\", Z I, T, D b, C SELECT 1, Z I"),
            flow("an extended read", extended("select $1", "v"), "1, 2, T, D v, C SELECT 1, Z I"),
            flow("an extended write", extended("insert into t values ($1)", "v"), "1, 2, n, C INSERT 0 1, Z I"),
            flow("a named statement", join(parse("s", "select $1"), describe('S', "s"), sync(), run("s", "a"), run("s", "b"), close('S', "s"), sync()),
                    "1, t, T, Z I, 2, D a, C SELECT 1, Z I, 2, D b, C SELECT 1, Z I, 3, Z I"),
            flow("pipelined extended queries", join(extended("select 'a'"), extended("insert into t values ('e')"), extended("sytnax"), extended("select 'b'")),
                    "1, 2, T, D a, C SELECT 1, Z I, 1, 2, n, C INSERT 0 1, Z I, E 42601 syntax error at or near \"sytnax\", Z I, 1, 2, T, D b, C SELECT 1, Z I"),
            flow("simple and extended mixed", join(query("select 'a'"), extended("select 'b'"), query("insert into t values ('m')"), parse("m", "select 'c'"), sync(), query("select 'd'"), run("m")),
                    "T, D a, C SELECT 1, Z I, 1, 2, T, D b, C SELECT 1, Z I, C INSERT 0 1, Z I, 1, Z I, T, D d, C SELECT 1, Z I, 2, D c, C SELECT 1, Z I"),
            flow("an error in the middle of a batch", join(parse("", "select 'a'"), bind(""), execute(), parse("", "sytnax"), bind(""), execute(), sync(), query("select 'b'")),
                    "1, 2, D a, C SELECT 1, E 42601 syntax error at or near \"sytnax\", Z I, T, D b, C SELECT 1, Z I"),
            flow("a Bind that fails", join(parse("", "select 'refuse to bind'"), bind(""), describe('P', ""), execute(), sync(), extended("select 'b'")),
                    "1, E 22P02 invalid input syntax, Z I, 1, 2, T, D b, C SELECT 1, Z I"),
            flow("several statements in a batch", join(parse("", "select 'a'"), bind(""), execute(), parse("", "insert into t values ('x')"), bind(""), execute(), sync()),
                    "1, 2, D a, C SELECT 1, 1, 2, C INSERT 0 1, Z I"),
            flow("a Sync alone", join(sync(), sync()), "Z I, Z I"),
            flow("a statement nobody has", run("nobody"), "E 26000 prepared statement \"nobody\" does not exist, Z I"),
            flow("a function call", functionCall(), "V, Z I"),
            flow("a copy in", join(query("copy t from stdin"), copyData("a\n"), copyData("b\nc\n"), copyDone(), query("select 'x'")), "G, C COPY 3, Z I, T, D x, C SELECT 1, Z I"),
            flow("a copy out", join(query("insert into t values ('o')"), query("copy t to stdout")), "C INSERT 0 1, Z I, H, d o, c, C COPY 1, Z I"),
            flow("a copy in that the client ends", join(query("copy t from stdin"), copyData("a\n"), copyFail("enough"), query("select 'x'")),
                    "G, E 57014 COPY from stdin failed: enough, Z I, T, D x, C SELECT 1, Z I"),
            flow("a copy in that fails in the middle", join(query("copy t from stdin"), copyData("a\n"), copyData("bad\n"), copyData("c\n"), copyDone(), query("select 'x'")),
                    "G, E 22P02 invalid input syntax in COPY, Z I, T, D x, C SELECT 1, Z I"),
            flow("an extended copy in", join(parse("", "copy t from stdin"), bind(""), execute(), sync(), copyData("a\n"), copyDone(), sync(), query("select 'x'")),
                    "1, 2, G, C COPY 1, Z I, T, D x, C SELECT 1, Z I"),
            flow("a query in the middle of a copy", join(query("copy t from stdin"), copyData("a\n"), query("select 'x'"), query("select 'y'")),
                    "G, E 08P01 unexpected message type 0x51 during COPY from stdin, Z I, T, D y, C SELECT 1, Z I"),
            flow("a setting", join(query("set timezone to 'Europe/Rome'"), query("select 'setting timezone'")), "S TimeZone Europe/Rome, C SET, Z I, T, D Europe/Rome, C SELECT 1, Z I"),
            flow("a notification", join(query("listen news"), query("notify news")), "C LISTEN, Z I, A news, C NOTIFY, Z I"));

    private static String[] rows(int count) {
        return java.util.stream.IntStream.rangeClosed(1, count).mapToObj(i -> "D " + i + ", ").toArray(String[]::new);
    }

    static Stream<Arguments> flows() {
        return FLOWS.stream().flatMap(flow -> Stream.of(0, 2).map(replicas -> Arguments.of(flow, replicas)));
    }

    @ParameterizedTest(name = "{0}, {1} replicas")
    @MethodSource("flows")
    void theClientHearsWhatTheServerWouldSay_howeverTheBytesAreCut(Flow flow, int replicas) {
        try (RouterWorld world = RouterWorld.of(replicas)) {
            for (int way = 0; way < 8; way++) {
                FakeClient client = world.client().in(pieces(way, 1));
                for (FakePostgres server : world.servers.values()) {
                    server.pieces = pieces(way, 2);
                    server.forget();
                }
                List<String> heard = client.ask(flow.sent);
                world.pass(Duration.ofMillis(replicas == 0 ? 0 : 120)); // reads may wait for a replica
                heard.addAll(client.words());
                assertThat(heard.stream().map(word -> word.replace("aborted, commands", "aborted; commands"))).as("cut in way %d", way).containsExactly(flow.heard);
                assertThat(client.rest()).isZero();
                assertThat(client.in(Pieces.WHOLE).query("select 'still'")).as("afterwards").containsExactly("T", "D still", "C SELECT 1", "Z I");
            }
        }
    }

    /** Whole, byte by byte in one direction or both, and cut at random. */
    private static Pieces pieces(int way, int direction) {
        return switch (way) {
            case 0 -> Pieces.WHOLE;
            case 1, 2 -> way == direction ? Pieces.BYTES : Pieces.WHOLE;
            case 3 -> Pieces.BYTES;
            default -> Pieces.random(10 * way + direction);
        };
    }
}
