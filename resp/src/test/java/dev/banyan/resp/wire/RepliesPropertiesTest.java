package dev.banyan.resp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Values as they are written, found, and read again. */
class RepliesPropertiesTest {
    private static final int DEPTH = 4;

    @Property(tries = 500)
    void whatIsWrittenInVersion3IsReadTheSame(@ForAll("replies") Reply reply, @ForAll long seed) {
        byte[] bytes = written(reply, 3);
        for (int[] pieces : Cut.ways(bytes.length, seed)) {
            assertThat(FastReplies.read(bytes, pieces, DEPTH, (seed & 1) == 0)).containsExactly((char) bytes[0] + "@" + bytes.length, "more");
        }
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        Reply read = ReplyReader.read(in);
        assertThat(in.isReadable()).isFalse();
        assertThat(written(read, 3)).isEqualTo(bytes);
        assertThat(read).usingRecursiveComparison().isEqualTo(reply);
    }

    @Property(tries = 500)
    void whatIsWrittenInVersion2HasItsKindsOnly(@ForAll("replies") Reply reply) {
        byte[] bytes = written(reply, 2);
        assertThat(SlowReplies.read(bytes, DEPTH)).hasSize(2).last().isEqualTo("more");
        Reply read = ReplyReader.read(Unpooled.wrappedBuffer(bytes));
        assertThat(written(read, 2)).isEqualTo(bytes);
        assertThat(old(read)).isTrue();
    }

    @Property(tries = 500)
    void aCommandIsFoundAsItWasWritten(@ForAll("commands") List<byte[]> arguments, @ForAll long seed) {
        ByteBuf out = Unpooled.buffer();
        ReplyWriter.command(out, arguments.toArray(byte[][]::new));
        byte[] bytes = ByteBufUtil.getBytes(out);
        String wanted = String.join(",", arguments.stream().map(each -> new String(each, StandardCharsets.ISO_8859_1)).toList()) + "@" + bytes.length;
        for (int[] pieces : Cut.ways(bytes.length, seed)) {
            assertThat(FastCommands.read(bytes, pieces, new CommandScanner.Caps(1 << 20, 1000, 1 << 16))).containsExactly(wanted, "more");
        }
    }

    @Property(tries = 2_000)
    void bothScannersSayWhatTheSlowOnesSay(@ForAll("nearly") String text, @ForAll long seed) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var caps = new CommandScanner.Caps(20, 5, 16);
        List<String> commands = SlowCommands.read(bytes, caps);
        List<String> replies = SlowReplies.read(bytes, DEPTH);
        for (int[] pieces : Cut.ways(bytes.length, seed)) {
            assertThat(FastCommands.read(bytes, pieces, caps)).isEqualTo(commands);
            assertThat(FastCommands.ends(bytes, pieces, caps)).isEqualTo(FastCommands.endsOf(commands));
            assertThat(FastReplies.read(bytes, pieces, DEPTH, true)).isEqualTo(replies);
        }
    }

    /** Pieces of the protocol, in any order. */
    @Provide
    Arbitrary<String> nearly() {
        return Arbitraries.of("*1\r\n", "*2\r\n", "*", "$", "3", "-1", "\r\n", "\r", "\n", "$3\r\n", "abc", "abc\r\n", "$0\r\n\r\n", "|1\r\n", "%1\r\n", "~1\r\n", ">2\r\n", "+OK\r\n", "_\r\n", ":1\r\n",
                "\"", "'", "\\", "\\x41", " ", "get", "\\'", "\0", "\u00ff").list().ofMaxSize(12).map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<List<byte[]>> commands() {
        return bytes().list().ofMinSize(1).ofMaxSize(20);
    }

    @Provide
    Arbitrary<Reply> replies() {
        return replies(DEPTH);
    }

    private static Arbitrary<Reply> replies(int depth) {
        Arbitrary<String> texts = Arbitraries.strings().excludeChars('\r', '\n').ofMaxLength(20).map(RepliesPropertiesTest::utf8);
        Arbitrary<Reply> plain = Arbitraries.oneOf(List.of(
                texts.map(Reply.Simple::new),
                texts.map(Reply.Failure::new),
                Arbitraries.longs().map(Reply.Number::new),
                bytes().map(Reply.Bulk::new),
                Arbitraries.just(Reply.NULL),
                Arbitraries.of("1.5", "inf", "-inf", "nan", "1e10").map(Reply.Real::new),
                Arbitraries.of(true, false).map(Reply.Truth::new),
                Arbitraries.bigIntegers().map(number -> new Reply.BigNumber(number.toString())),
                bytes().map(each -> new Reply.Verbatim("txt", each))));
        if (depth == 0) {
            return plain;
        }
        Arbitrary<List<Reply>> items = Arbitraries.lazy(() -> replies(depth - 1)).list().ofMaxSize(4);
        return Arbitraries.frequencyOf(
                Tuple.of(4, plain),
                Tuple.of(1, items.map(Reply.Array::new)),
                Tuple.of(1, items.map(Reply.Members::new)),
                Tuple.of(1, items.map(Reply.Push::new)),
                Tuple.of(1, items.filter(each -> each.size() % 2 == 0).map(Reply.Pairs::new)));
    }

    private static Arbitrary<byte[]> bytes() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
    }

    /** Without what UTF-8 cannot hold: half a pair of surrogates. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static boolean old(Reply reply) {
        return switch (reply) {
            case Reply.Simple _, Reply.Failure _, Reply.Number _, Reply.Bulk _, Reply.Null _ -> true;
            case Reply.Array(List<Reply> items) -> items.stream().allMatch(RepliesPropertiesTest::old);
            case Reply.Pairs _, Reply.Members _, Reply.Push _, Reply.Real _, Reply.Truth _, Reply.BigNumber _, Reply.Verbatim _ -> false;
        };
    }

    private static byte[] written(Reply reply, int protocol) {
        ByteBuf out = Unpooled.buffer();
        ReplyWriter.write(reply, protocol, out);
        return ByteBufUtil.getBytes(out);
    }
}
