package dev.banyan.resp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real Redis says of the same bytes. */
class RealRedisTest {
    private static final CommandScanner.Caps CAPS = new CommandScanner.Caps(512 << 20, Integer.MAX_VALUE, 1 << 16);

    /** What it says of calls that the command itself would refuse; and of PFMERGE of nothing, which it would not. */
    private static final List<String> INVALID = List.of("invalid arguments");

    /** Where what tells of keys takes the destination's name for another word of SORT; what does the command does not. */
    private static final Pattern STORED_AT_A_WORD = Pattern.compile("^sort .*STORE (STORE|LIMIT|BY|get)");

    @TempDir
    static Path folder;

    private static RealRedis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = RealRedis.start(folder);
    }

    @AfterAll
    static void end() {
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theBuiltInTableIsWhatItTells_inEitherVersion(int protocol) throws IOException {
        try (var connection = redis.connect()) {
            connection.ask("HELLO", "" + protocol);
            Reply info = connection.ask("INFO", "server");
            String text = info instanceof Reply.Bulk bulk ? bulk.text() : new String(((Reply.Verbatim) info).bytes(), StandardCharsets.UTF_8);
            assumeTrue(text.contains("redis_version:7.0.15"), "another version");
            assertThat(lines(CommandTable.of(connection.ask("COMMAND")))).isEqualTo(lines(CommandTable.builtIn()));
        }
    }

    private static List<String> lines(CommandTable table) {
        return table.commands().stream().sorted(Comparator.comparing(Command::name)).map(CommandLine::write).toList();
    }

    @Test
    void findsTheKeysThatItFinds() throws IOException {
        try (var connection = redis.connect()) {
            Reply answer = connection.ask("COMMAND");
            CommandTable table = CommandTable.of(answer);
            CommandTable older = CommandTable.of(without(answer));
            List<String> calls = Calls.all();
            assertThat(calls).hasSizeGreaterThan(150);
            for (String call : calls) {
                String[] words = Calls.words(call);
                List<String> theirs = theirs(connection, words);
                assertThat(ours(table, words)).as(call).isEqualTo(theirs.equals(INVALID) ? List.of() : theirs);
                if (call.startsWith("SPUBLISH")) {
                    continue; // it came with the key specs
                }
                assertThat(ours(older, words)).as(call + ", without key specs").isEqualTo(ours(table, words));
            }
        }
    }

    /** Calls that no one would make: each command with words by chance, those in its own syntax among them. */
    @Test
    void findsTheKeysThatItFinds_inCallsMadeUp() throws IOException {
        Random chance = new Random(7);
        int withKeys = 0;
        List<String> differences = new ArrayList<>();
        try (var connection = redis.connect()) {
            CommandTable table = CommandTable.of(connection.ask("COMMAND"));
            for (Command command : table.commands().stream().filter(each -> !hasSubcommands(each, table)).sorted(Comparator.comparing(Command::name)).toList()) {
                for (int i = 0; i < 100; i++) {
                    String[] words = madeUp(command, chance);
                    List<String> theirs = theirs(connection, words);
                    withKeys += theirs.isEmpty() || theirs.equals(INVALID) ? 0 : 1;
                    if (!theirs.equals(INVALID) && !STORED_AT_A_WORD.matcher(String.join(" ", words)).find() && !ours(table, words).equals(theirs)) {
                        differences.add(String.join(" ", words) + " has " + theirs + ", not " + ours(table, words));
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(withKeys).isGreaterThan(10_000);
    }

    private static boolean hasSubcommands(Command command, CommandTable table) {
        return table.commands().stream().anyMatch(each -> each.name().startsWith(command.name() + "|"));
    }

    private static String[] madeUp(Command command, Random chance) {
        List<String> pool = List.of("a", "b", "c", "d", "e", "f", "g", "0", "1", "2", "3", "STORE", "streams", "STOREDIST", "KEYS", "BY", "get", "LIMIT", "GROUP", "COUNT", "AUTH", "AUTH2", "");
        List<String> words = new ArrayList<>(List.of(command.name().split("\\|")));
        if (command.name().equals("xreadgroup")) {
            words.add("GROUP"); // without it the command is refused, but keys are found where XREAD has them
        }
        int least = Math.abs(command.arity());
        int count = Math.max(2, command.arity() > 0 ? least : least + chance.nextInt(6));
        while (words.size() < count) {
            words.add(pool.get(chance.nextInt(pool.size())));
        }
        return words.toArray(String[]::new);
    }

    /** What an older node would say: no tips, key specs and subcommands. */
    private static Reply without(Reply answer) {
        return new Reply.Array(((Reply.Array) answer).items().stream().<Reply>map(item -> new Reply.Array(((Reply.Array) item).items().subList(0, 7))).toList());
    }

    private static List<String> ours(CommandTable table, String[] words) {
        Arguments call = Arguments.of(Arrays.stream(words).map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
        Command command = table.find(call);
        int[] keys = new int[20];
        int found = table.keys(command, call, keys);
        return found <= 0 ? List.of() : IntStream.range(0, found).mapToObj(i -> words[keys[i]]).toList();
    }

    private static List<String> theirs(RealRedis.Connection connection, String[] words) throws IOException {
        List<String> question = new ArrayList<>(List.of("COMMAND", "GETKEYS"));
        question.addAll(List.of(words));
        return switch (connection.ask(question.toArray(String[]::new))) {
            case Reply.Array(List<Reply> items) -> items.stream().map(item -> ((Reply.Bulk) item).text()).toList();
            case Reply.Failure(String text) when text.equals("ERR The command has no key arguments") -> List.of();
            case Reply.Failure(String text) when text.equals("ERR Invalid arguments specified for command") -> INVALID;
            case Reply other -> throw new AssertionError(other + " to " + question);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "*x_", "*_", "*3000000000_", "*01_", "*-0_", "*1_$x_", "*1_$-1_", "*1_$600000000_", "*1_$_", "*1_foo_", "*3_$3_SET_$1_x_fooz_", "set \"\"\"k\"\"\" v_", "set \"k_", "set 'k\\'_", "set \"a\"b_",
        "*1_\u00ff_",
    })
    void tellsTheSameFault(String text) throws IOException {
        byte[] bytes = text.replace("_", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        var scanner = new CommandScanner(CAPS);
        assertThat(scanner.next(Unpooled.wrappedBuffer(bytes))).isEqualTo(CommandScanner.Found.INVALID);
        var ours = Unpooled.buffer();
        ReplyWriter.failure(ours, "ERR " + scanner.problem());
        try (var connection = redis.connect()) {
            connection.send(ByteBuffer.wrap(bytes));
            String theirs = ((Reply.Failure) connection.read()).text();
            assertThat(((Reply.Failure) ReplyReader.read(ours)).text().replace("\u00ff", "\ufffd")).isEqualTo(theirs);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "rpush LIST a b  c\td", "rpush LIST \"a b\" 'c d' \"\"", "rpush LIST \"\\x41\\x7a\\xg1\\n\\r\\t\\b\\a\\\"\\\\\\q\"", "rpush LIST 'b\\'c\\n\\\\x' \\ \\n", "rpush LIST b\"c d\" e'f g'", "  rpush LIST a  ",
        "rpush LIST \u000ba\u000cb",
    })
    void splitsALineAsItDoes(String line) throws IOException {
        var in = Unpooled.wrappedBuffer((line.replace("LIST", "list") + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        var scanner = new CommandScanner(CAPS);
        assertThat(scanner.next(in)).isEqualTo(CommandScanner.Found.COMMAND);
        assertThat(pushed(in)).containsExactly(Arrays.copyOfRange(scanner.inlineArguments(), 2, scanner.arguments()));
    }

    @Test
    void splitsLinesByChanceAsItDoes() throws IOException {
        Random chance = new Random(11);
        String[] pool = {"a", "b", " ", " ", "\"", "\"", "'", "'", "\\", "\\x4", "1", "\\n", "\t", "\u000b", "\u00ff", "\u0001"};
        int balanced = 0;
        for (int i = 0; i < 1_000; i++) {
            String line = "rpush list x " + IntStream.range(0, chance.nextInt(10)).mapToObj(_ -> pool[chance.nextInt(pool.length)]).collect(Collectors.joining()) + "\r\n";
            var in = Unpooled.wrappedBuffer(line.getBytes(StandardCharsets.ISO_8859_1));
            var scanner = new CommandScanner(CAPS);
            CommandScanner.Found found = scanner.next(in);
            balanced += found == CommandScanner.Found.COMMAND ? 1 : 0;
            assertThat(found == CommandScanner.Found.COMMAND ? List.of(scanner.inlineArguments()).subList(2, scanner.arguments()) : List.of(bytes("ERR " + scanner.problem())))
                    .as(line).usingRecursiveComparison().isEqualTo(pushed(in));
        }
        assertThat(balanced).isBetween(200, 800);
    }

    /** What the list holds after a line that adds to it; or the error. */
    private static List<byte[]> pushed(ByteBuf line) throws IOException {
        try (var connection = redis.connect()) {
            connection.ask("DEL", "list");
            connection.send(line.nioBuffer());
            if (connection.read() instanceof Reply.Failure(String text)) {
                return List.of(bytes(text));
            }
            return ((Reply.Array) connection.ask("LRANGE", "list", "0", "-1")).items().stream().map(item -> ((Reply.Bulk) item).bytes()).toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** {@code DEBUG PROTOCOL} answers with each kind of version 3. */
    @ParameterizedTest
    @ValueSource(strings = {"string", "integer", "double", "null", "array", "set", "map", "attrib", "push", "verbatim", "true", "false", "bignum"})
    void readsEachKindThatItWrites(String kind) throws IOException {
        try (var connection = redis.connect()) {
            for (int protocol = kind.equals("push") ? 3 : 2; protocol <= 3; protocol++) {
                connection.ask("HELLO", "" + protocol);
                Reply reply = connection.ask("DEBUG", "PROTOCOL", kind);
                assertThat(reply).as(kind).isNotInstanceOf(Reply.Failure.class);
                if (reply instanceof Reply.Push) {
                    connection.read(); // the answer itself
                }
                assertThat(connection.ask("PING")).isEqualTo(new Reply.Simple("PONG"));
            }
        }
    }
}
