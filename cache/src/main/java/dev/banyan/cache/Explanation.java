package dev.banyan.cache;

import dev.banyan.cache.Loads.Loading;
import dev.banyan.resp.NodeDown;
import dev.banyan.resp.Store;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.CacheKeys.Strategy;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Tells what is known of a key. Blocks. Safe for any thread. */
final class Explanation {
    private final Bindings bindings;
    private final Loading all;
    private final Store store;
    private final WriteBehind behind;

    Explanation(Bindings bindings, Loading all, Store store, WriteBehind behind) {
        this.bindings = bindings;
        this.all = all;
        this.store = store;
        this.behind = behind;
    }

    Explained of(CacheKey key) {
        String strategy = Strategies.written(key.rule().strategy());
        long left = left(key);
        if (!key.rule().loads()) {
            return new Explained(key.rule().prefix(), strategy, left == -2 ? "nothing" : "the application's own value", -1, Math.max(-1, left), Optional.empty(),
                    "none: the application loads it", List.of(), Optional.empty());
        }
        Found found = found(key);
        Optional<Long> changedBy = found.entry.map(Entry::lastXid).filter(xid -> xid != 0).map(Integer::toUnsignedLong);
        long age = found.entry.map(entry -> all.clock().now().toEpochMilli() - entry.atMillis()).orElse(-1L);
        Sql sql = sql(key);
        return new Explained(key.rule().prefix(), strategy, found.words, age, Math.max(-1, left), changedBy, sql.text, sql.parameters, sql.pending);
    }

    private long left(CacheKey key) {
        try {
            return Waiting.on(store.send(key.bytes(), "PTTL".getBytes(StandardCharsets.US_ASCII), key.bytes()), all.answer()) instanceof Reply.Number(long millis) ? millis : -1;
        } catch (NodeDown | Refused e) {
            return -1;
        }
    }

    private record Found(Optional<Entry> entry, String words) {}

    private Found found(CacheKey key) {
        try {
            Optional<Entry> entry = Waiting.on(all.entries().glance(key), all.answer());
            return new Found(entry, entry.map(one -> words(key, one)).orElse("nothing"));
        } catch (NodeDown | Refused e) {
            return new Found(Optional.empty(), "not known: " + e.getMessage());
        }
    }

    private String words(CacheKey key, Entry entry) {
        String what = switch (entry.state()) {
            case VALUE -> "a value of " + entry.value().length + " bytes";
            case NONE -> "that there is no such row";
            case LEASE -> "nothing yet: it is being loaded";
            case GONE -> "that it was changed: it is loaded when it is next read";
        };
        boolean old = entry.answers() && (!all.truth().answers(key, entry) || all.owed().holds(key));
        return old ? what + ", which does not count any more (" + (entry.generation() == all.truth().generation(key.rule()) ? "too old while the log is not followed, or just changed"
                : "all values of the prefix were given up") + ")" : what;
    }

    private record Sql(String text, List<String> parameters, Optional<String> pending) {}

    private Sql sql(CacheKey key) {
        try {
            Bound bound = bindings.bound(key.rule());
            List<String> parts = key.parts(bound.parts());
            Optional<String> pending = key.rule().strategy() == Strategy.WRITE_BEHIND ? behind.pendingText(key, bound) : Optional.empty();
            return new Sql(bound.load().text(), bound.load().parameters().stream().map(parts::get).toList(), pending);
        } catch (Refused | BanyanException e) {
            return new Sql("not known: " + e.getMessage(), List.of(), Optional.empty());
        } catch (SQLException e) {
            return new Sql("not known: " + SqlErrors.text(e), List.of(), Optional.empty());
        }
    }
}
