package dev.banyan.cache;

import dev.banyan.cache.WriteCommand.Cell;
import dev.banyan.cache.WriteCommand.Outcome;
import dev.banyan.cache.WriteCommand.Wanted;
import dev.banyan.cache.WriteCommand.When;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.CacheKeys.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Commands that write one key, as what they do to its row. Pure. */
final class WriteCommands {
    static final Set<String> NAMES = Set.of("SET", "SETNX", "GETSET", "GETDEL", "HSET", "HMSET", "HDEL", "INCR", "DECR", "INCRBY", "DECRBY", "HINCRBY", "DEL", "UNLINK");

    private WriteCommands() {}

    /**
     * Reads a command.
     *
     * @param parts of its key
     * @throws Refused when it is wrong, or not possible on this row
     */
    static WriteCommand of(String name, byte[][] arguments, Bound bound, List<String> parts) {
        return switch (name) {
            case "SET" -> set(arguments, bound, parts);
            case "SETNX" -> put(bound, parts, arguments, name, 3, When.ABSENT, true, outcome -> count(outcome.done()));
            case "GETSET" -> put(bound, parts, arguments, name, 3, When.ALWAYS, true, WriteCommands::old);
            case "GETDEL" -> getdel(arguments, bound);
            case "DEL", "UNLINK" -> delete(bound);
            case "HSET" -> hset(arguments, bound, parts, false);
            case "HMSET" -> hset(arguments, bound, parts, true);
            case "HDEL" -> hdel(arguments, bound, parts);
            case "INCR" -> add(name, arguments, 2, bound, 1);
            case "DECR" -> add(name, arguments, 2, bound, -1);
            case "INCRBY" -> add(name, arguments, 3, bound, argument(arguments, 3));
            case "DECRBY" -> add(name, arguments, 3, bound, negated(argument(arguments, 3)));
            case "HINCRBY" -> hincrby(arguments, bound, parts);
            default -> throw new IllegalArgumentException(name + " writes nothing");
        };
    }

    private static Reply count(boolean one) {
        return new Reply.Number(one ? 1 : 0);
    }

    private static Reply old(Outcome outcome) {
        return outcome.old().<Reply>map(Reply.Bulk::new).orElse(Reply.NULL);
    }

    private static WriteCommand set(byte[][] arguments, Bound bound, List<String> parts) {
        ReadCommands.mustCount("SET", arguments, -3);
        When when = When.ALWAYS;
        boolean get = false;
        for (int i = 3; i < arguments.length; i++) {
            String option = ReadCommands.text(arguments[i]).toUpperCase(Locale.ROOT);
            switch (option) {
                case "NX", "XX" -> {
                    if (when != When.ALWAYS) {
                        throw Refused.syntax();
                    }
                    when = option.equals("NX") ? When.ABSENT : When.PRESENT;
                }
                case "GET" -> get = true;
                case "KEEPTTL" -> { }
                case "EX", "PX", "EXAT", "PXAT" -> throw ReadCommands.expiry("SET ... " + option, CacheKey.of(bound.rule(), parts));
                default -> throw Refused.syntax();
            }
        }
        Function<Outcome, Reply> answer = get ? WriteCommands::old : outcome -> outcome.done() ? Reply.OK : Reply.NULL;
        return put(bound, parts, arguments, "SET", -3, when, get || when != When.ALWAYS, answer);
    }

    private static WriteCommand put(Bound bound, List<String> parts, byte[][] arguments, String name, int count, When when, boolean needsOld, Function<Outcome, Reply> answer) {
        ReadCommands.mustCount(name, arguments, count);
        mustBeString(bound);
        List<Cell> cells = bound.rule().shape() == Shape.COLUMN
                ? List.of(new Cell(bound.onlyValue(), Optional.of(RowText.text(arguments[2]))))
                : RowText.cells(bound, parts, arguments[2]);
        return new WriteCommand(new Wanted.Put(cells, when), needsOld, answer);
    }

    private static void mustBeString(Bound bound) {
        if (bound.rule().shape() == Shape.HASH) {
            throw Refused.wrongType();
        }
    }

    private static void mustBeHash(Bound bound) {
        if (bound.rule().shape() != Shape.HASH) {
            throw Refused.wrongType();
        }
    }

    private static WriteCommand getdel(byte[][] arguments, Bound bound) {
        ReadCommands.mustCount("GETDEL", arguments, 2);
        mustBeString(bound);
        return new WriteCommand(new Wanted.Delete(), true, WriteCommands::old).checked(bound);
    }

    private static WriteCommand delete(Bound bound) {
        return new WriteCommand(new Wanted.Delete(), false, outcome -> count(outcome.done())).checked(bound);
    }

    private static WriteCommand hset(byte[][] arguments, Bound bound, List<String> parts, boolean ok) {
        String name = ok ? "HMSET" : "HSET";
        ReadCommands.mustCount(name, arguments, -4);
        if (arguments.length % 2 != 0) {
            throw Refused.arguments(name);
        }
        mustBeHash(bound);
        List<Cell> cells = new ArrayList<>();
        for (int i = 2; i < arguments.length; i += 2) {
            byte[] value = arguments[i + 1];
            RowText.cell(bound, parts, RowText.text(arguments[i]), _ -> Optional.of(RowText.text(value))).ifPresent(cell -> {
                cells.removeIf(before -> before.column().equals(cell.column())); // the last one counts
                cells.add(cell);
            });
        }
        if (cells.isEmpty()) {
            throw new Refused("ERR " + name + " on '" + bound.rule().prefix() + "' must name a column beside the key's");
        }
        return new WriteCommand(new Wanted.Put(cells, When.ALWAYS), !ok, ok ? _ -> Reply.OK : outcome -> new Reply.Number(cells.stream().filter(cell -> !has(outcome, cell.column())).count()));
    }

    private static boolean has(Outcome outcome, Column column) {
        return outcome.old().map(HashValue::parse).filter(fields -> fields.containsKey(column.name())).isPresent();
    }

    private static WriteCommand hdel(byte[][] arguments, Bound bound, List<String> parts) {
        ReadCommands.mustCount("HDEL", arguments, -3);
        mustBeHash(bound);
        List<Column> columns = new ArrayList<>();
        for (int i = 2; i < arguments.length; i++) {
            Cell cell = RowText.cell(bound, parts, RowText.text(arguments[i]), _ -> Optional.empty()).orElseThrow(IllegalStateException::new);
            if (!columns.contains(cell.column())) {
                columns.add(cell.column());
            }
        }
        return new WriteCommand(new Wanted.Clear(columns), true, outcome -> new Reply.Number(columns.stream().filter(column -> has(outcome, column)).count()));
    }

    private static long argument(byte[][] arguments, int count) {
        return arguments.length == count ? ReadCommands.number(arguments[2]) : 0; // the count is refused later
    }

    private static long negated(long amount) {
        if (amount == Long.MIN_VALUE) {
            throw new Refused("ERR decrement would overflow");
        }
        return -amount;
    }

    private static WriteCommand add(String name, byte[][] arguments, int count, Bound bound, long amount) {
        ReadCommands.mustCount(name, arguments, count);
        if (bound.rule().shape() != Shape.COLUMN) {
            throw bound.rule().shape() == Shape.HASH ? Refused.wrongType() : new Refused("ERR value is not an integer or out of range");
        }
        return add(bound.onlyValue(), amount);
    }

    private static WriteCommand hincrby(byte[][] arguments, Bound bound, List<String> parts) {
        ReadCommands.mustCount("HINCRBY", arguments, 4);
        mustBeHash(bound);
        Cell cell = RowText.cell(bound, parts, RowText.text(arguments[2]), _ -> Optional.empty()).orElseThrow();
        return add(cell.column(), ReadCommands.number(arguments[3]));
    }

    private static WriteCommand add(Column column, long amount) {
        if (!column.whole()) {
            throw new Refused("ERR column " + column.name() + " is of type " + column.type() + ", and only smallint, integer and bigint count up");
        }
        return new WriteCommand(new Wanted.Add(column, amount), false, outcome -> new Reply.Number(outcome.number().orElseThrow()));
    }
}
