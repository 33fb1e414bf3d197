package dev.banyan.resp.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A command as a line of {@code commands.txt}: name, arity, flags, first, last and step of its keys, categories, tips, key specs. Of several
 * there are commas between, {@code -} is none. A spec is {@code index:1/range:0:1:0}, {@code keyword:STREAMS:1/range:-1:1:2} or
 * {@code index:2/keynum:0:1:1}, {@code ?} what is unknown; {@code !} in front: no key.
 */
final class CommandLine {
    private CommandLine() {}

    static Collection<Command> builtIn() {
        try (var lines = new BufferedReader(new InputStreamReader(CommandLine.class.getResourceAsStream("commands.txt"), StandardCharsets.US_ASCII))) {
            return lines.lines().filter(line -> !line.startsWith("#")).map(CommandLine::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Command read(String line) {
        String[] parts = line.split(" ");
        return new Command(
                parts[0],
                Integer.parseInt(parts[1]),
                split(parts[2]).map(flag -> Command.Flag.valueOf(flag.toUpperCase(Locale.ROOT))).collect(Collectors.toSet()),
                Integer.parseInt(parts[3]),
                Integer.parseInt(parts[4]),
                Integer.parseInt(parts[5]),
                split(parts[8]).map(CommandLine::spec).toList(),
                split(parts[6]).collect(Collectors.toSet()),
                Command.Tips.of(split(parts[7]).collect(Collectors.toSet())));
    }

    private static Stream<String> split(String list) {
        return list.equals("-") ? Stream.of() : Arrays.stream(list.split(","));
    }

    private static KeySpec spec(String text) {
        boolean notKey = text.startsWith("!");
        String[] sides = text.substring(notKey ? 1 : 0).split("/");
        String[] begin = sides[0].split(":");
        String[] find = sides[1].split(":");
        return new KeySpec(
                switch (begin[0]) {
                    case "index" -> new KeySpec.Begin.Index(Integer.parseInt(begin[1]));
                    case "keyword" -> new KeySpec.Begin.Keyword(begin[1], Integer.parseInt(begin[2]));
                    default -> new KeySpec.Begin.Unknown();
                },
                switch (find[0]) {
                    case "range" -> new KeySpec.Find.Range(Integer.parseInt(find[1]), Integer.parseInt(find[2]), Integer.parseInt(find[3]));
                    case "keynum" -> new KeySpec.Find.Numbered(Integer.parseInt(find[1]), Integer.parseInt(find[2]), Integer.parseInt(find[3]));
                    default -> new KeySpec.Find.Unknown();
                },
                notKey);
    }

    static String write(Command command) {
        return String.join(" ", command.name(), "" + command.arity(), join(command.flags(), flag -> flag.name().toLowerCase(Locale.ROOT)), "" + command.first(),
                "" + command.last(), "" + command.step(), join(command.categories(), text -> text), join(command.tips().all(), text -> text), specs(command.specs()));
    }

    private static <T> String join(Set<T> items, Function<T, String> text) {
        return items.isEmpty() ? "-" : items.stream().map(text).sorted().collect(Collectors.joining(","));
    }

    private static String specs(List<KeySpec> specs) {
        return specs.isEmpty() ? "-" : specs.stream().map(CommandLine::spec).collect(Collectors.joining(","));
    }

    private static String spec(KeySpec spec) {
        String begin = switch (spec.begin()) {
            case KeySpec.Begin.Index(int index) -> "index:" + index;
            case KeySpec.Begin.Keyword(String word, int from) -> "keyword:" + word + ":" + from;
            case KeySpec.Begin.Unknown _ -> "?";
        };
        String find = switch (spec.find()) {
            case KeySpec.Find.Range(int last, int step, int limit) -> "range:" + last + ":" + step + ":" + limit;
            case KeySpec.Find.Numbered(int number, int first, int step) -> "keynum:" + number + ":" + first + ":" + step;
            case KeySpec.Find.Unknown _ -> "?";
        };
        return (spec.notKey() ? "!" : "") + begin + "/" + find;
    }
}
