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
import org.junit.jupiter.params.provider.ValueSource;

class ReplyScannerTest {
    private static final int DEPTH = 5;

    @ParameterizedTest
    @ValueSource(strings = {
        "+OK_", "-ERR what_", ":-12_", "$5_he\r\no_", "$0__", "$-1_", "*-1_", "*0_", "*3_:1_$1_a_*1_+b_", "__", "#t_", ",1.5_", ",inf_", "(123456789012345678901234567890_", "!3_ERR_", "=5_txt:a_",
        "%2_+a_:1_+b_%0_", "~2_+a_+b_", ">3_+message_$1_c_$2_hi_", "%1_$1_k_*2_~1_:1_#f_", "*2_*2_*2_*2_*1_:1_:2_:3_:4_:5_",
    })
    void findsTheEndOfEachKind_howeverItIsCut(String text) {
        String bytes = text.equals("__") ? "_\r\n" : text.replace("_", "\r\n");
        assertThat(says(bytes + bytes)).containsExactly(bytes.charAt(0) + "@" + bytes.length(), bytes.charAt(0) + "@" + 2 * bytes.length(), "more");
    }

    @Test
    void anAttributeIsPartOfTheAnswerBehindIt() {
        assertThat(says("|1\r\n+ttl\r\n:3\r\n$1\r\na\r\n+OK\r\n")).containsExactly("$@21", "+@26", "more");
        assertThat(says("|0\r\n>1\r\n+x\r\n")).containsExactly(">@12", "more");
        assertThat(says("*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n:3\r\n")).containsExactly("*@24", ":@28", "more");
        assertThat(says("|1\r\n|1\r\n+a\r\n+b\r\n+c\r\n+d\r\n-E\r\n")).containsExactly("-@28", "more");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
        "x_ ~ an answer cannot begin with the byte 120",
        "*x_ ~ no length stands behind a '*'",
        "*-2_ ~ a length of -2 stands behind a '*'",
        "%-1_ ~ a length of -1 stands behind a '%'",
        "$-2_ ~ a length of -2 stands behind a '$'",
        "$2147483647_ ~ a length of 2147483647 stands behind a '$'",
        "*999999999999999999_ ~ a length of 999999999999999999 stands behind a '*'",
        "$1_ab_ ~ CR LF is missing behind a '$'",
        "+a<r>b_ ~ CR LF is missing behind a '+'",
        "$?_ ~ no length stands behind a '$'",
        "*000000000000000000000000000000000_ ~ the length behind a '*' is longer than 32 bytes",
        "*1_*1_*1_*1_*1_*1_:1_ ~ an answer has more than 5 arrays in each other",
    })
    void nonsenseIsAFault(String text, String fault) {
        String bytes = text.replace("_", "\r\n").replace("<r>", "\r");
        assertThat(says(bytes)).containsExactly("fault");
        assertThatThrownBy(() -> new ReplyScanner(DEPTH).scan(bytes(bytes))).isInstanceOf(ProtocolFault.class).hasMessage(fault);
    }

    @Test
    void anEndlessLineMeetsItsCap() {
        var scanner = new ReplyScanner(DEPTH);
        assertThat(scanner.scan(bytes("-" + "a".repeat(ReplyScanner.LINE)))).isFalse();
        assertThatThrownBy(() -> new ReplyScanner(DEPTH).scan(bytes("-" + "a".repeat(ReplyScanner.LINE + 1)))).hasMessage("a line of an answer is longer than 1048576 bytes");
    }

    @Test
    void aLongAnswerIsTakenOutAsItComes() {
        var scanner = new ReplyScanner(DEPTH);
        assertThat(scanner.type()).isZero();
        ByteBuf in = bytes("*2\r\n$2000000000\r\nabc");
        assertThat(scanner.scan(in)).isFalse();
        assertThat(scanner.type()).isEqualTo((byte) '*');
        assertThat(scanner.length()).isEqualTo(in.readableBytes());
        scanner.taken(scanner.length());
        ByteBuf some = Unpooled.wrappedBuffer(new byte[1 << 20]);
        for (long left = 2_000_000_000L - 3; left > 0; left -= some.capacity()) {
            some.setIndex(0, (int) Math.min(some.capacity(), left));
            assertThat(scanner.scan(some)).isFalse();
            assertThat(scanner.length()).isEqualTo(some.readableBytes());
            scanner.taken(some.readableBytes());
        }
        ByteBuf rest = bytes("\r\n:1\r\n+OK\r\n");
        assertThat(scanner.scan(rest)).isTrue();
        assertThat(scanner.length()).isEqualTo(6);
        rest.skipBytes(6);
        assertThat(scanner.scan(rest)).isTrue();
        assertThat(scanner.length()).isEqualTo(5);
    }

    @Test
    void tellsAPushAndAnError() {
        var scanner = new ReplyScanner(DEPTH);
        assertThat(scanner.scan(bytes(">2\r\n+invalidate\r\n*1\r\n$1\r\na\r\n"))).isTrue();
        assertThat(scanner.push()).isTrue();
        assertThat(scanner.scan(bytes("-MOVED 1 a:1\r\n"))).isTrue();
        assertThat(scanner.push()).isFalse();
        assertThat(scanner.type()).isEqualTo((byte) '-');
    }

    private static List<String> says(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        List<String> wanted = SlowReplies.read(bytes, DEPTH);
        for (int[] pieces : Cut.ways(bytes.length, text.hashCode())) {
            assertThat(FastReplies.read(bytes, pieces, DEPTH, false)).isEqualTo(wanted);
            assertThat(FastReplies.read(bytes, pieces, DEPTH, true)).isEqualTo(wanted);
        }
        return wanted;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
