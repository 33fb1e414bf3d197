package dev.banyan.cache;

import dev.banyan.topology.CacheKeys.Strategy;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The value a client reads: the database's, with what is pending where it is written behind. Does not block. */
final class Reading {
    private final Reader reader;
    private final WriteBehind behind;
    private final Bindings bindings;
    private final Executor executor;

    Reading(Reader reader, WriteBehind behind, Bindings bindings, Executor executor) {
        this.reader = reader;
        this.behind = behind;
        this.bindings = bindings;
        this.executor = executor;
    }

    CompletionStage<Optional<byte[]>> value(CacheKey key) {
        if (!key.rule().loads()) {
            throw new Refused("CROSSSLOT Keys of prefixes that Banyan loads and keys of one with leases (cache.keys) cannot stand in one command: send two");
        }
        if (key.rule().strategy() != Strategy.WRITE_BEHIND) {
            return reader.read(key);
        }
        Optional<Bound> known = bindings.known(key.rule());
        return known.isPresent() ? behind.value(key, known.get())
                : CompletableFuture.supplyAsync(() -> behind.value(key, bound(key.rule())), executor).thenCompose(Function.identity());
    }

    private Bound bound(Rule rule) {
        try {
            return bindings.bound(rule);
        } catch (SQLException e) {
            throw SqlErrors.refused(rule, "a read", e);
        }
    }
}
