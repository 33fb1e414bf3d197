package dev.banyan.resp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTableTest {
    private static final CommandTable TABLE = CommandTable.builtIn();

    @Test
    void findsACommandInAnyCase() {
        ByteBuf buffer = Unpooled.copiedBuffer("..GeT..", StandardCharsets.US_ASCII);
        assertThat(TABLE.find(buffer, 2, 3).name()).isEqualTo("get");
        assertThat(TABLE.find(buffer, 2, 2)).isNull();
        assertThat(TABLE.find(buffer, 0, 7)).isNull();
        assertThat(TABLE.find(buffer, 0, 0)).isNull();
    }

    @Test
    void findsEachCommandThatItHas() {
        for (Command command : TABLE.commands()) {
            byte[][] words = Arrays.stream(command.name().toUpperCase(java.util.Locale.ROOT).split("\\|")).map(CommandTableTest::bytes).toArray(byte[][]::new);
            assertThat(TABLE.find(Arguments.of(words))).isSameAs(command);
            assertThat(TABLE.find(command.name())).isSameAs(command);
        }
        assertThat(TABLE.commands()).hasSize(366);
    }

    @Test
    void ofACommandWithSubcommandsFindsTheOne() {
        assertThat(find("CONFIG", "get", "*").name()).isEqualTo("config|get");
        assertThat(find("CONFIG", "strange").name()).isEqualTo("config");
        assertThat(find("config").name()).isEqualTo("config");
        assertThat(find("config", "x".repeat(1000)).name()).isEqualTo("config");
        assertThat(find("get", "help").name()).isEqualTo("get");
        assertThat(find("config|get", "x").name()).isEqualTo("config|get");
        assertThat(find("nothing")).isNull();
        assertThat(find()).isNull();
    }

    @Test
    void tellsWhatACommandIsLike() {
        Command set = TABLE.find("set");
        assertThat(set.is(Command.Flag.WRITE)).isTrue();
        assertThat(set.is(Command.Flag.READONLY)).isFalse();
        assertThat(set.takes(2)).isFalse();
        assertThat(set.takes(3)).isTrue();
        assertThat(set.takes(9)).isTrue();
        assertThat(TABLE.find("get").takes(3)).isFalse();
        assertThat(TABLE.find("blpop").is(Command.Flag.BLOCKING)).isTrue();
        assertThat(TABLE.find("keys").requestPolicy()).isEqualTo("all_shards");
        assertThat(TABLE.find("dbsize").responsePolicy()).isEqualTo("agg_sum");
        assertThat(TABLE.find("get").requestPolicy()).isEmpty();
        assertThat(TABLE.find("config|set").categories()).contains("@admin", "@dangerous");
    }

    @Test
    void tellsAllKeysEvenWhenThereIsNoRoomForThem() {
        int[] keys = new int[2];
        Arguments call = call("mset", "a", "1", "b", "2", "c", "3");
        assertThat(TABLE.keys(TABLE.find(call), call, keys)).isEqualTo(3);
        assertThat(keys).containsExactly(1, 3);
    }

    @Test
    void keysThatCannotBeKnownAreMinusOne() {
        for (String words : List.of("eval x 3 a", "eval x -1 a", "eval x y", "eval x 99999999999", "get", "sort", "migrate h 1 k", "zunionstore dest 2147483647 a")) {
            Arguments call = call(words.split(" "));
            assertThat(TABLE.keys(TABLE.find(call), call, new int[9])).as(words).isEqualTo(-1);
        }
        Command moving = CommandLine.read("module.thing -2 movablekeys 0 0 0 - - ?/?");
        assertThat(TABLE.keys(moving, call("module.thing", "a"), new int[1])).isEqualTo(-1);
        Command untold = CommandLine.read("module.thing -2 movablekeys 0 0 0 - - -");
        assertThat(TABLE.keys(untold, call("module.thing", "a"), new int[1])).isEqualTo(-1);
    }

    @Test
    void aWordBehindWhichNothingComesTellsOfNoKeys() {
        for (String words : List.of("xread count 1 streams", "xreadgroup group g c streams")) {
            Arguments call = call(words.split(" "));
            assertThat(TABLE.keys(TABLE.find(call), call, new int[9])).as(words).isZero();
        }
        Arguments call = call("georadius", "k", "1", "2", "3", "km", "STORE");
        assertThat(TABLE.keys(TABLE.find(call), call, new int[9])).isEqualTo(1);
    }

    @Test
    void aStrangeAnswerIsAFault() {
        Reply word = Reply.bulk("get");
        for (Reply answer : List.of(
                Reply.failure("NOPERM no"), Reply.NULL, new Reply.Array(List.of(word)), new Reply.Array(List.of(new Reply.Array(List.of(word)))),
                new Reply.Array(List.of(new Reply.Array(List.of(word, word, word, word, word, word)))))) {
            assertThatThrownBy(() -> CommandTable.of(answer)).isInstanceOf(ProtocolFault.class);
        }
        assertThatThrownBy(() -> CommandTable.of(Reply.failure("NOPERM no"))).hasMessage("the answer to COMMAND has a strange part: NOPERM no");
    }

    /** Of a node of version 6: seven things of a command, which subcommands there are and where keys move is known here. */
    @Test
    void fillsInWhatAnOlderNodeDoesNotTell() {
        CommandTable table = CommandTable.of(new Reply.Array(List.of(six("memory", -2, 0, "readonly", "movablekeys"), six("eval", -3, 0, "noscript", "movablekeys"), six("get", 2, 1, "readonly"),
                six("stralgo", -2, 0, "readonly", "movablekeys"))));
        assertThat(table.find(call("memory", "usage", "k")).name()).isEqualTo("memory|usage");
        int[] keys = new int[4];
        Arguments call = call("EVAL", "x", "2", "a", "b", "c");
        assertThat(table.keys(table.find(call), call, keys)).isEqualTo(2);
        assertThat(keys).startsWith(3, 4);
        Arguments common = call("stralgo", "lcs", "keys", "a", "b");
        assertThat(table.keys(table.find(common), common, keys)).isEqualTo(2);
        assertThat(keys).startsWith(3, 4);
        assertThat(table.find("set")).isNull();
    }

    private static Reply six(String name, int arity, int key, String... flags) {
        List<Reply> words = Arrays.stream(flags).<Reply>map(Reply.Simple::new).toList();
        return new Reply.Array(List.of(Reply.bulk(name), new Reply.Number(arity), new Reply.Members(words), new Reply.Number(key), new Reply.Number(key), new Reply.Number(key), new Reply.Members(List.of())));
    }

    @Test
    void findingACommandAndItsKeysAllocatesNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuf in = Unpooled.wrappedBuffer(new byte[500]).clear(); // not one whose every use is recorded in search of leaks
        ReplyWriter.command(in, bytes("GET"), bytes("key"));
        ReplyWriter.command(in, bytes("MSET"), bytes("a"), bytes("1"), bytes("b"), bytes("2"));
        ReplyWriter.command(in, bytes("XREAD"), bytes("COUNT"), bytes("1"), bytes("STREAMS"), bytes("a"), bytes("0"));
        ReplyWriter.command(in, bytes("CONFIG"), bytes("GET"), bytes("a"));
        var scanner = new CommandScanner(new CommandScanner.Caps(1 << 20, 100, 1 << 16));
        int[] keys = new int[8];
        assertThat(rounds(scanner, in, keys, 20_000)).isEqualTo(20_000 * 4L);
        long before = threads.getCurrentThreadAllocatedBytes();
        long found = rounds(scanner, in, keys, 20_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        in.release();
        assertThat(found).isEqualTo(20_000 * 4L);
        assertThat(allocated).as("bytes for 80,000 commands").isLessThan(80_000);
    }

    /** How many keys were found. */
    private static long rounds(CommandScanner scanner, ByteBuf in, int[] keys, int rounds) {
        long found = 0;
        for (int i = 0; i < rounds; i++) {
            in.readerIndex(0);
            while (scanner.next(in) == CommandScanner.Found.COMMAND) {
                Command command = TABLE.find(scanner);
                found += TABLE.keys(command, scanner, keys);
                in.readerIndex(scanner.end());
            }
        }
        return found;
    }

    private static Command find(String... words) {
        return TABLE.find(call(words));
    }

    private static Arguments call(String... words) {
        return Arguments.of(Arrays.stream(words).map(CommandTableTest::bytes).toArray(byte[][]::new));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
