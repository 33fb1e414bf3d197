package dev.banyan.cache;

import dev.banyan.cache.WriteCommand.Outcome;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.CacheKeys.Strategy;
import java.sql.SQLException;
import java.util.List;

/** Commands that write, each by its rule's strategy. Blocks. Safe for any thread. */
final class Writes {
    private final Bindings bindings;
    private final DirectWrites direct;
    private final Forgetting forgetting;
    private final WriteBehind behind;
    private final List<CacheFigures> figures;

    Writes(Bindings bindings, DirectWrites direct, Forgetting forgetting, WriteBehind behind, List<CacheFigures> figures) {
        this.bindings = bindings;
        this.direct = direct;
        this.forgetting = forgetting;
        this.behind = behind;
        this.figures = figures;
    }

    /** @throws Refused when it cannot be done; of several keys those before are done */
    Reply answer(String name, byte[][] arguments, KeyRules rules) {
        ReadCommands.mustCount(name, arguments, -2);
        return name.equals("DEL") || name.equals("UNLINK") ? delete(rules.keys(arguments, 1), name, arguments) : write(rules.key(arguments[1]), name, arguments);
    }

    /** Rows go; values that are only loaded are loaded anew when they are next read. */
    private Reply delete(List<CacheKey> keys, String name, byte[][] arguments) {
        List<CacheKey> loaded = keys.stream().filter(key -> !key.rule().writes()).toList();
        long forgotten = loaded.isEmpty() ? 0 : forgetting.forget(loaded).value();
        long deleted = keys.stream().filter(key -> key.rule().writes()).mapToLong(key -> ((Reply.Number) write(key, name, arguments)).value()).sum();
        return new Reply.Number(forgotten + deleted);
    }

    private static void mustWrite(String name, Rule rule) {
        if (!rule.writes()) {
            throw new Refused("ERR '" + name + "' is not possible on keys of the declared prefix '" + rule.prefix() + "' (cache.keys): its strategy is " + Strategies.written(rule.strategy())
                    + ", which only loads, and takes no write but DEL; write to the database, or declare write-around, write-through or write-behind");
        }
    }

    private Reply write(CacheKey key, String name, byte[][] arguments) {
        mustWrite(name, key.rule());
        Bound bound = bound(key.rule());
        List<String> parts = bound.writtenParts(key);
        WriteCommand command = WriteCommands.of(name, arguments, bound, parts);
        figures.get(key.rule().index()).writes().increment();
        Outcome outcome = key.rule().strategy() == Strategy.WRITE_BEHIND ? behind.write(key, bound, command) : direct.write(key, bound, parts, command);
        return command.answer().apply(outcome);
    }

    private Bound bound(Rule rule) {
        try {
            return bindings.bound(rule);
        } catch (SQLException e) {
            throw SqlErrors.refused(rule, "a write", e);
        }
    }
}
