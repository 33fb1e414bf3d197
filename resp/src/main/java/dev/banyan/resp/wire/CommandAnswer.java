package dev.banyan.resp.wire;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads the answer to {@code COMMAND} of Redis 6 to 8 and Valkey, in either version of the protocol. */
final class CommandAnswer {
    /** {@code STRALGO LCS KEYS one other}, which was gone before there were key specs. */
    private static final KeySpec STRALGO = new KeySpec(new KeySpec.Begin.Keyword("KEYS", 2), new KeySpec.Find.Range(1, 1, 0), false);

    private final CommandTable known;
    private final List<Command> commands = new ArrayList<>();

    private CommandAnswer(CommandTable known) {
        this.known = known;
    }

    /** @param known fills in what an answer of before version 7 leaves out; null if there is nothing */
    static List<Command> read(Reply answer, CommandTable known) {
        var reading = new CommandAnswer(known);
        items(answer).forEach(reading::command);
        return reading.commands;
    }

    private void command(Reply told) {
        List<Reply> parts = items(told);
        if (parts.size() < 6) {
            throw new ProtocolFault("COMMAND tells " + parts.size() + " things of a command, not 6 or more");
        }
        String name = text(parts.get(0)).toLowerCase(Locale.ROOT);
        Set<Command.Flag> flags = flags(parts.get(2));
        List<KeySpec> specs = parts.size() > 8 ? items(parts.get(8)).stream().map(CommandAnswer::spec).toList() : olderSpecs(name, flags);
        commands.add(new Command(name, number(parts.get(1)), flags, number(parts.get(3)), number(parts.get(4)), number(parts.get(5)), specs,
                parts.size() > 6 ? texts(parts.get(6)) : Set.of(), parts.size() > 7 ? Command.Tips.of(texts(parts.get(7))) : Command.Tips.NONE));
        if (parts.size() > 9) {
            items(parts.get(9)).forEach(this::command);
        } else if (known != null) {
            known.commands().stream().filter(sub -> sub.name().startsWith(name + "|")).forEach(commands::add);
        }
    }

    private List<KeySpec> olderSpecs(String name, Set<Command.Flag> flags) {
        if (name.equals("stralgo")) {
            return List.of(STRALGO);
        }
        Command command = known == null || !flags.contains(Command.Flag.MOVABLEKEYS) ? null : known.find(name);
        return command == null ? List.of() : command.specs();
    }

    private static Set<Command.Flag> flags(Reply told) {
        Set<Command.Flag> flags = EnumSet.noneOf(Command.Flag.class);
        Set<String> names = texts(told);
        for (Command.Flag flag : Command.Flag.values()) {
            if (names.contains(flag.name().toLowerCase(Locale.ROOT))) {
                flags.add(flag);
            }
        }
        return flags;
    }

    private static KeySpec spec(Reply told) {
        Map<String, Reply> parts = pairs(told);
        return new KeySpec(begin(pairs(parts.get("begin_search"))), find(pairs(parts.get("find_keys"))), texts(parts.get("flags")).contains("not_key"));
    }

    private static KeySpec.Begin begin(Map<String, Reply> told) {
        return switch (text(told.get("type"))) {
            case "index" -> new KeySpec.Begin.Index(number(pairs(told.get("spec")).get("index")));
            case "keyword" -> {
                Map<String, Reply> spec = pairs(told.get("spec"));
                yield new KeySpec.Begin.Keyword(text(spec.get("keyword")), number(spec.get("startfrom")));
            }
            default -> new KeySpec.Begin.Unknown();
        };
    }

    private static KeySpec.Find find(Map<String, Reply> told) {
        String type = text(told.get("type"));
        Map<String, Reply> spec = pairs(told.get("spec"));
        return switch (type) {
            case "range" -> new KeySpec.Find.Range(number(spec.get("lastkey")), number(spec.get("keystep")), number(spec.get("limit")));
            case "keynum" -> new KeySpec.Find.Numbered(number(spec.get("keynumidx")), number(spec.get("firstkey")), number(spec.get("keystep")));
            default -> new KeySpec.Find.Unknown();
        };
    }

    private static Map<String, Reply> pairs(Reply told) {
        List<Reply> items = items(told);
        Map<String, Reply> pairs = new HashMap<>();
        for (int i = 0; i + 1 < items.size(); i += 2) {
            pairs.put(text(items.get(i)), items.get(i + 1));
        }
        return pairs;
    }

    private static Set<String> texts(Reply told) {
        Set<String> texts = new HashSet<>();
        items(told).forEach(item -> texts.add(text(item)));
        return texts;
    }

    private static List<Reply> items(Reply told) {
        return switch (told) {
            case Reply.Array(List<Reply> items) -> items;
            case Reply.Members(List<Reply> items) -> items;
            case Reply.Pairs(List<Reply> items) -> items;
            case null, default -> throw strange(told);
        };
    }

    private static String text(Reply told) {
        return switch (told) {
            case Reply.Bulk bulk -> bulk.text();
            case Reply.Simple(String text) -> text;
            case null, default -> throw strange(told);
        };
    }

    private static int number(Reply told) {
        if (told instanceof Reply.Number(long value) && (int) value == value) {
            return (int) value;
        }
        throw strange(told);
    }

    private static ProtocolFault strange(Reply told) {
        return new ProtocolFault("the answer to COMMAND has a strange part: " + (told instanceof Reply.Failure(String text) ? text : told == null ? "nothing" : told.getClass().getSimpleName()));
    }
}
