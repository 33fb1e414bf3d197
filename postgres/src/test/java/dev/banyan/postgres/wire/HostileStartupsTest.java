package dev.banyan.postgres.wire;

import static dev.banyan.postgres.wire.Wire.SSL_REQUEST;
import static dev.banyan.postgres.wire.Wire.GSS_REQUEST;
import static dev.banyan.postgres.wire.Wire.bytes;
import static dev.banyan.postgres.wire.Wire.int32;
import static dev.banyan.postgres.wire.Wire.join;
import static dev.banyan.postgres.wire.Wire.message;
import static dev.banyan.postgres.wire.Wire.packet;
import static dev.banyan.postgres.wire.Wire.saslInitial;
import static dev.banyan.postgres.wire.Wire.start;
import static dev.banyan.postgres.wire.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What strangers may send first, and what becomes of it; whole, byte by byte and cut at random. */
class HostileStartupsTest {
    /** @param outcome as {@link Visit} has it */
    record Row(String name, byte[] sent, String outcome) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, String outcome, byte[]... sent) {
        return new Row(name, join(sent), outcome);
    }

    static List<Row> rows() {
        byte[] ada = start("user", "ada");
        byte[] eve = start("user", "eve");
        String[] many = IntStream.range(0, 199 * 2).mapToObj(i -> "a" + i).toArray(String[]::new);
        String[] tooMany = IntStream.range(0, 200 * 2).mapToObj(i -> "a" + i).toArray(String[]::new);
        return List.of(
                // Lengths
                row("nothing", ""),
                row("a part of a length", "", bytes(0, 0, 0)),
                row("length 0", "closed", int32(0)),
                row("length 4", "closed", int32(4)),
                row("length 7", "closed", int32(7)),
                row("a negative length", "closed", int32(-1)),
                row("length 10,004, not all there", "", int32(10_004), new byte[100]),
                row("length 10,005", "closed", int32(10_005)),
                row("the longest length there is", "closed", int32(Integer.MAX_VALUE)),
                row("HTTP", "closed", utf8("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")),
                row("SSH", "closed", utf8("SSH-2.0-OpenSSH_9.6\r\n")),
                row("TLS where there is none", "closed", bytes(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)),
                row("zeros", "closed", new byte[64]),
                // Versions
                row("version 0", "E2.0 closed", packet(0, 0)),
                row("version 1.0", "E2.0 closed", packet(1, 0)),
                row("version 2.0", "E2.0 closed", packet(2, 0, new byte[284])),
                row("version 3.1 does not exist", "v R10", start(1, "user", "ada")),
                row("version 3.2", "R10", start(2, "user", "ada")),
                row("version 3.3", "v R10", start(3, "user", "ada")),
                row("version 3.9999", "v R10", start(9999, "user", "ada")),
                row("version 4.0", "E0A000 closed", packet(4, 0, utf8("user\0ada\0\0"))),
                row("version 1234.1", "E0A000 closed", packet(1234, 1)),
                row("version 65535.65535", "E0A000 closed", packet(65535, 65535)),
                row("an unknown protocol option", "v R10", start("user", "ada", "_pq_.shiny", "on")),
                row("two of them", "v R10", start(2, "user", "ada", "_pq_.shiny", "on", "_pq_.other", "")),
                // Encryption
                row("TLS is asked for, there is none", "N", SSL_REQUEST),
                row("TLS is asked for twice", "N E08P01 closed", SSL_REQUEST, SSL_REQUEST),
                row("GSSAPI is asked for", "N", GSS_REQUEST),
                row("GSSAPI is asked for twice", "N E08P01 closed", GSS_REQUEST, GSS_REQUEST),
                row("a request for TLS with something in it", "E08P01 closed", packet(1234, 5679, bytes(1))),
                row("a request for GSSAPI with something in it", "E08P01 closed", packet(1234, 5680, bytes(1))),
                // Cancelling
                row("a cancel request", "cancel:7:4", packet(1234, 5678, int32(7), int32(9))),
                row("a cancel request of 3.2", "cancel:7:256", packet(1234, 5678, int32(7), new byte[256])),
                row("a cancel request without a key", "E08P01 closed", packet(1234, 5678, int32(7))),
                row("a cancel request with a short key", "E08P01 closed", packet(1234, 5678, int32(7), new byte[3])),
                row("a cancel request with a long key", "E08P01 closed", packet(1234, 5678, int32(7), new byte[257])),
                row("an empty cancel request", "E08P01 closed", packet(1234, 5678)),
                row("a cancel request and more", "cancel:7:4", packet(1234, 5678, int32(7), int32(9)), ada),
                // Parameters
                row("no parameters at all", "E08P01 closed", packet(3, 0)),
                row("only the terminator", "E28000 closed", packet(3, 0, bytes(0))),
                row("no user", "E28000 closed", start("database", "ada")),
                row("an empty user", "E28000 closed", start("user", "")),
                row("the user twice", "E08P01 closed", start("user", "ada", "user", "bob")),
                row("the database twice", "E08P01 closed", start("user", "ada", "database", "a", "database", "b")),
                row("a setting twice", "R10", start("user", "ada", "TimeZone", "UTC", "timezone", "CET")),
                row("no terminator", "E08P01 closed", packet(3, 0, utf8("user\0ada\0"))),
                row("a name without an end", "E08P01 closed", packet(3, 0, utf8("user"))),
                row("a value without an end", "E08P01 closed", packet(3, 0, utf8("user\0ada"))),
                row("a name without a value", "E08P01 closed", packet(3, 0, utf8("user\0ada\0name\0"))),
                row("bytes behind the terminator", "E08P01 closed", packet(3, 0, utf8("user\0ada\0\0x"))),
                row("199 settings and the user", "R10", start(2, join2(many, "user", "ada"))),
                row("200 settings and the user", "E54000 closed", start(2, join2(tooMany, "user", "ada"))),
                row("a name that is no UTF-8", "E22021 closed", packet(3, 0, utf8("user\0a"), bytes(0xff, 0xfe), utf8("\0\0"))),
                row("a surrogate in UTF-8", "E22021 closed", packet(3, 0, utf8("user\0a"), bytes(0xed, 0xa0, 0x80), utf8("\0\0"))),
                row("the longest packet", "R10", start("user", "ada", "x", "y".repeat(10_000 - 4 - 9 - 2 - 2))),
                row("replication", "R10", start("user", "ada", "replication", "true")),
                row("replication of a database", "R10", start("user", "ada", "replication", "database")),
                row("replication turned off", "R10", start("user", "ada", "replication", "off")),
                row("a strange replication", "E22023 closed", start("user", "ada", "replication", "maybe")),
                row("options", "R10", start("user", "ada", "options", "-c statement_timeout=1s --geqo=off")),
                row("options of another kind", "E42601 closed", start("user", "ada", "options", "-d 5")),
                row("options without a value", "E42601 closed", start("user", "ada", "options", "-c geqo")),
                // Authentication
                row("a user nobody knows", "R10", start("user", "nobody")),
                row("users that cannot be looked up", "E58000 closed", start("user", "lost")),
                row("a query instead of an answer", "R10 E08P01 closed", ada, message('Q', utf8("select 1\0"))),
                row("another start-up packet instead of an answer", "R10 E08P01 closed", ada, ada),
                row("an answer of length 0", "R10 E08P01 closed", ada, bytes('p'), int32(0)),
                row("a negative length of an answer", "R10 E08P01 closed", ada, bytes('p'), int32(-5)),
                row("an answer of 2 GiB", "R10 E08P01 closed", ada, bytes('p'), int32(Integer.MAX_VALUE)),
                row("an answer of 1,025 bytes", "R10 E08P01 closed", ada, bytes('p'), int32(1025)),
                row("an empty answer", "R10 E08P01 closed", ada, message('p')),
                row("a password in clear", "R10 E08P01 closed", ada, message('p', utf8("right\0"))),
                row("an unknown mechanism", "R10 E08P01 closed", ada, saslInitial("PLAIN", "\0ada\0right")),
                row("channel binding without TLS", "R10 E08P01 closed", ada, saslInitial("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,n=,r=abc")),
                row("a mechanism without a length", "R10 E08P01 closed", ada, message('p', utf8("SCRAM-SHA-256\0"))),
                row("a mechanism with another length", "R10 E08P01 closed", ada, message('p', utf8("SCRAM-SHA-256\0"), int32(7), utf8("n,,"))),
                row("a negative length of a first message", "R10 E08P01 closed", ada, message('p', utf8("SCRAM-SHA-256\0"), int32(-2), utf8("n,,"))),
                row("no initial message", "R10 R11", ada, message('p', utf8("SCRAM-SHA-256\0"), int32(-1))),
                row("no initial message, then one", "R10 R11 R11", ada, message('p', utf8("SCRAM-SHA-256\0"), int32(-1)), message('p', utf8("n,,n=,r=abc"))),
                row("a first message", "R10 R11", ada, saslInitial("SCRAM-SHA-256", "n,,n=,r=abc")),
                row("a client that would bind, without TLS", "R10 R11", ada, saslInitial("SCRAM-SHA-256", "y,,n=,r=abc")),
                row("another's nonce", "R10 R11 E08P01 closed", ada, saslInitial("SCRAM-SHA-256", "n,,n=,r=abc"), message('p', utf8("c=biws,r=abcd,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))),
                row("md5", "R5", eve),
                row("a wrong answer to md5", "R5 E28P01 closed", eve, message('p', utf8("md5" + "0".repeat(32) + "\0"))),
                row("an answer to md5 without an end", "R5 E28P01 closed", eve, message('p', utf8("md5"))),
                row("an empty answer to md5", "R5 E28P01 closed", eve, message('p')),
                row("the md5 verifier itself", "R5 E28P01 closed", eve, message('p', utf8(Passwords.md5Verifier("eve", Visit.PASSWORD) + "\0"))));
    }

    private static String[] join2(String[] one, String... other) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(one), java.util.Arrays.stream(other)).toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void endsAsItMust_howeverTheBytesCome(Row row) {
        List<int[]> ways = row.sent().length == 0 ? List.of(new int[0]) : Slices.of(row.sent().length);
        for (int[] ends : ways) {
            // What comes in one piece with a request for encryption is taken for an attack, whatever it is.
            boolean together = row.outcome().startsWith("N ") && ends.length < row.sent().length;
            try (Visit visit = new Visit()) {
                assertThat(visit.sendCut(row.sent(), ends).outcome()).as("cut into %d pieces", ends.length).isIn(row.outcome(), together ? "closed" : row.outcome());
            }
        }
    }
}
