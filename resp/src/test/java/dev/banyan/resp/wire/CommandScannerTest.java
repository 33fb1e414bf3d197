package dev.banyan.resp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandScannerTest {
    private static final CommandScanner.Caps CAPS = new CommandScanner.Caps(1000, 100, 64);

    @Test
    void findsCommandsWhereTheyLie_howeverTheyAreCut() {
        saysOf("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*1\r\n$4\r\nPING\r\n", "GET,a@20", "PING@34", "more");
        saysOf("*3\r\n$3\r\nSET\r\n$0\r\n\r\n$4\r\n\r\n\r\n\r\n", "SET,,\r\n\r\n@29", "more");
        saysOf("*2\r\n$3\r\nGET\r\n$10\r\n0123456789\r\n", "GET,0123456789@30", "more");
    }

    @Test
    void readsLengthsAndCountsOfAnyNumberOfDigits() {
        for (int length : new int[] {1, 9, 10, 19, 90, 99, 100, 999, 1000}) {
            String text = "*1\r\n$" + length + "\r\n" + "k".repeat(length) + "\r\n";
            saysOf(text, "k".repeat(length) + "@" + text.length(), "more");
        }
        for (int count : new int[] {1, 9, 10, 99, 100}) {
            String text = "*" + count + "\r\n" + "$1\r\nk\r\n".repeat(count);
            saysOf(text, "k,".repeat(count - 1) + "k@" + text.length(), "more");
        }
    }

    @Test
    void skipsEmptyCommandsSilently() {
        saysOf("\r\n\n*0\r\n*-1\r\n*-10\r\n  \t\r\n*1\r\n$4\r\nPING\r\n", "PING@37", "more");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
        "PING ~ PING",
        "set  a\tb ~ set,a,b",
        "set a \"b c\" ~ set,a,b c",
        "set a \"\" '' ~ set,a,,",
        "set a \"\\x41\\x7a\\xg1\\n\\t\\\"\\\\\\q\" ~ set,a,Azxg1<n><t>\"\\q",
        "set a 'b\\'c\\n' ~ set,a,b'c\\n",
        "set a b\"c d\" ~ set,a,bc d",
    })
    void splitsALineAsRedisDoes(String line, String arguments) {
        String wanted = arguments.replace("<n>", "\n").replace("<t>", "\t");
        saysOf(line + "\r\n", wanted + "@" + (line.length() + 2), "more");
        saysOf(line + "\n", wanted + "@" + (line.length() + 1), "more");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
        "*x_ ~ invalid multibulk length",
        "*_ ~ invalid multibulk length",
        "*101_ ~ invalid multibulk length",
        "*3000000000_ ~ invalid multibulk length",
        "*99999999999999999999_ ~ invalid multibulk length",
        "*01_ ~ invalid multibulk length",
        "*+1_ ~ invalid multibulk length",
        "*1 _ ~ invalid multibulk length",
        "*1x_ ~ invalid multibulk length",
        "*12x_ ~ invalid multibulk length",
        "*1_$05_ ~ invalid bulk length",
        "*1_$1x_ ~ invalid bulk length",
        "*-0_ ~ invalid multibulk length",
        "*--1_ ~ invalid multibulk length",
        "*- ~ more",
        "*1_$x_ ~ invalid bulk length",
        "*1_$-1_ ~ invalid bulk length",
        "*1_$1001_ ~ invalid bulk length",
        "*1_$2000000000_ ~ invalid bulk length",
        "*1_$_ ~ invalid bulk length",
        "*1_foo_ ~ expected '$', got 'f'",
        "*3_$3_SET_$1_x_fooz_ ~ expected '$', got 'f'",
        "*1_$3_GETS_ ~ expected CR LF after an argument of 3 bytes",
        "*1_$3_GET_PING_ ~ more",
        "set \"\"\"k\"\"\" v_ ~ unbalanced quotes in request",
        "set \"k_ ~ unbalanced quotes in request",
        "set 'k\\'_ ~ unbalanced quotes in request",
        "set \"a\"b_ ~ unbalanced quotes in request",
        "set \"a\\_ ~ unbalanced quotes in request",
    })
    void tellsAFaultInRedissWords(String text, String fault) {
        List<String> said = says(text.replace("_", "\r\n"));
        if (text.equals("*1_$3_GET_PING_")) {
            assertThat(said).containsExactly("GET@13", "PING@19", "more");
        } else {
            assertThat(said).containsExactly(fault.equals("more") ? fault : "Protocol error: " + fault);
        }
    }

    @Test
    void endlessLinesMeetTheirCap() {
        saysOf("*" + "1".repeat(65), "Protocol error: too big mbulk count string");
        saysOf("*1\r\n$" + "1".repeat(65), "Protocol error: too big bulk count string");
        saysOf("a".repeat(65), "Protocol error: too big inline request");
        saysOf("a".repeat(64) + "\n", "Protocol error: too big inline request");
        saysOf("a".repeat(63) + "\n", "a".repeat(63) + "@64", "more");
        saysOf("*" + "1".repeat(64), "more");
        saysOf("\0", "more");
    }

    @Test
    void whatIsInvalidStaysSo() {
        var scanner = new CommandScanner(CAPS);
        ByteBuf in = bytes("*1\r\nx*1\r\n$4\r\nPING\r\n");
        assertThat(scanner.next(in)).isEqualTo(CommandScanner.Found.INVALID);
        in.skipBytes(5);
        assertThat(scanner.next(in)).isEqualTo(CommandScanner.Found.INVALID);
        assertThat(scanner.problem()).isEqualTo("Protocol error: expected '$', got 'x'");
    }

    @Test
    void aStrangerMaySayLess_untilItIsKnown() {
        var scanner = new CommandScanner(CommandScanner.Caps.UNAUTHENTICATED);
        assertThat(scanner.next(bytes("*11\r\n"))).isEqualTo(CommandScanner.Found.INVALID);
        assertThat(scanner.problem()).isEqualTo("Protocol error: unauthenticated multibulk length");
        scanner = new CommandScanner(CommandScanner.Caps.UNAUTHENTICATED);
        assertThat(scanner.next(bytes("*1\r\n$16385\r\n"))).isEqualTo(CommandScanner.Found.INVALID);
        assertThat(scanner.problem()).isEqualTo("Protocol error: unauthenticated bulk length");
        scanner = new CommandScanner(CommandScanner.Caps.UNAUTHENTICATED);
        scanner.caps(CAPS);
        assertThat(scanner.next(bytes("*11\r\n"))).isEqualTo(CommandScanner.Found.MORE);
    }

    @Test
    void knowsWhatIsWholeAndWhatIsMissing() {
        var scanner = new CommandScanner(CAPS);
        ByteBuf in = bytes("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$900\r\nabc");
        assertThat(scanner.next(in)).isEqualTo(CommandScanner.Found.MORE);
        assertThat(scanner.count()).isEqualTo(3);
        assertThat(scanner.known()).isEqualTo(2);
        assertThat(in.toString(scanner.start(1), scanner.length(1), StandardCharsets.US_ASCII)).isEqualTo("key");
        assertThat(scanner.missing()).isEqualTo(897 + 2);
        assertThat(scanner.pass(in)).isEqualTo(in.readableBytes());
    }

    @Test
    void aBigCommandIsTakenOutAsItComes() {
        byte[] bytes = bytesOf("*4\r\n$4\r\nMSET\r\n$1\r\na\r\n$600\r\n" + "x".repeat(600) + "\r\n$2\r\nbc\r\n*1\r\n$4\r\nPING\r\n");
        int whole = bytes.length - 14;
        for (long seed = 0; seed < 50; seed++) {
            for (int[] pieces : Cut.ways(bytes.length, seed)) {
                assertThat(takenOut(bytes, pieces)).as("seed %d", seed).isEqualTo(whole);
            }
        }
    }

    /** Takes out what can be passed whenever it can; the bytes of the first command, as it ends. */
    private static int takenOut(byte[] bytes, int[] pieces) {
        var scanner = new CommandScanner(CAPS);
        ByteBuf held = Unpooled.EMPTY_BUFFER;
        int at = 0;
        int taken = 0;
        for (int piece : pieces) {
            held = Cut.add(held, bytes, at, piece);
            at += piece;
            if (scanner.next(held) == CommandScanner.Found.COMMAND) {
                int whole = taken + scanner.end() - held.readerIndex();
                held.readerIndex(scanner.end());
                boolean pingFollows = scanner.next(held) != CommandScanner.Found.INVALID && (!held.isReadable() || scanner.count() <= 1);
                assertThat(pingFollows).isTrue();
                held.release();
                return whole;
            }
            int pass = scanner.pass(held);
            held.skipBytes(pass);
            scanner.taken(pass);
            taken += pass;
            assertThat(held.readableBytes()).as("what is left of a command that goes on").isLessThan(12);
        }
        throw new AssertionError("no command was found");
    }

    @Test
    void ofACommandTakenOutNoPlacesAreTold() {
        var scanner = new CommandScanner(CAPS);
        ByteBuf in = bytes("*2\r\n$3\r\nGET\r\n$900\r\nabc");
        scanner.next(in);
        in.skipBytes(scanner.pass(in));
        scanner.taken(22);
        scanner.next(in);
        assertThatThrownBy(() -> scanner.start(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(scanner.missing()).isEqualTo(899);
    }

    @Test
    void anArgumentThatIsLongIsNotLookedThrough() {
        var scanner = new CommandScanner(new CommandScanner.Caps(Integer.MAX_VALUE, 10, 64));
        ByteBuf in = bytes("*2\r\n$3\r\nGET\r\n$2147483647\r\n");
        assertThat(scanner.next(in)).isEqualTo(CommandScanner.Found.MORE);
        assertThat(scanner.missing()).isEqualTo(Integer.MAX_VALUE + 2L);
        in.skipBytes(in.readableBytes());
        scanner.taken(26);
        ByteBuf some = Unpooled.wrappedBuffer(new byte[1 << 20]);
        for (long left = Integer.MAX_VALUE; left > 0; left -= some.capacity()) {
            some.setIndex(0, (int) Math.min(some.capacity(), left));
            assertThat(scanner.next(some)).isEqualTo(CommandScanner.Found.MORE);
            assertThat(scanner.pass(some)).isEqualTo(some.readableBytes());
            scanner.taken(some.readableBytes());
        }
        ByteBuf rest = bytes("\r\n");
        assertThat(scanner.next(rest)).isEqualTo(CommandScanner.Found.COMMAND);
        assertThat(scanner.end()).isEqualTo(2);
    }

    private static void saysOf(String text, String... wanted) {
        assertThat(says(text)).containsExactly(wanted);
    }

    /** The same in each cut, and what the oracle says. */
    static List<String> says(String text) {
        byte[] bytes = bytesOf(text);
        List<String> wanted = SlowCommands.read(bytes, CAPS);
        for (int[] pieces : Cut.ways(bytes.length, text.hashCode())) {
            assertThat(FastCommands.read(bytes, pieces, CAPS)).isEqualTo(wanted);
        }
        return wanted;
    }

    private static byte[] bytesOf(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(bytesOf(text));
    }
}
