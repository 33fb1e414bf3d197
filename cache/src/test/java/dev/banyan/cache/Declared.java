package dev.banyan.cache;

import dev.banyan.topology.CacheKeys;
import dev.banyan.topology.CacheKeys.EvictedBy;
import dev.banyan.topology.CacheKeys.OnChange;
import dev.banyan.topology.CacheKeys.Shape;
import dev.banyan.topology.CacheKeys.Strategy;
import dev.banyan.topology.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Declarations for tests, the usual ones unless said otherwise. Each word makes another. */
record Declared(CacheKeys keys) {
    static Declared of(String prefix, Strategy strategy) {
        return new Declared(new CacheKeys(prefix, strategy, Optional.empty(), List.of(), List.of(), Optional.empty(), Shape.DOCUMENT, Duration.ofMinutes(10), new Share(0.1), Duration.ofSeconds(5),
                new Share(0), OnChange.EVICT, List.of(), false));
    }

    Declared table(String table, String... columns) {
        return new Declared(new CacheKeys(keys.prefix(), keys.strategy(), Optional.of(table), keys.key(), List.of(columns), keys.sql(), keys.value(), keys.ttl(), keys.jitter(), keys.missing(),
                keys.refreshAhead(), keys.onChange(), keys.evictedBy(), keys.lease()));
    }

    Declared key(String... columns) {
        return new Declared(new CacheKeys(keys.prefix(), keys.strategy(), keys.table(), List.of(columns), keys.columns(), keys.sql(), keys.value(), keys.ttl(), keys.jitter(), keys.missing(),
                keys.refreshAhead(), keys.onChange(), keys.evictedBy(), keys.lease()));
    }

    Declared sql(String text) {
        return new Declared(new CacheKeys(keys.prefix(), keys.strategy(), keys.table(), keys.key(), keys.columns(), Optional.of(text), keys.value(), keys.ttl(), keys.jitter(), keys.missing(),
                keys.refreshAhead(), keys.onChange(), keys.evictedBy(), keys.lease()));
    }

    Declared value(Shape shape) {
        return new Declared(new CacheKeys(keys.prefix(), keys.strategy(), keys.table(), keys.key(), keys.columns(), keys.sql(), shape, keys.ttl(), keys.jitter(), keys.missing(), keys.refreshAhead(),
                keys.onChange(), keys.evictedBy(), keys.lease()));
    }

    Declared ttl(Duration ttl, double refreshAhead) {
        return new Declared(new CacheKeys(keys.prefix(), keys.strategy(), keys.table(), keys.key(), keys.columns(), keys.sql(), keys.value(), ttl, new Share(0), keys.missing(),
                new Share(refreshAhead), keys.onChange(), keys.evictedBy(), keys.lease()));
    }

    Declared onChange(OnChange what) {
        return new Declared(new CacheKeys(keys.prefix(), keys.strategy(), keys.table(), keys.key(), keys.columns(), keys.sql(), keys.value(), keys.ttl(), keys.jitter(), keys.missing(),
                keys.refreshAhead(), what, keys.evictedBy(), keys.lease()));
    }

    Declared evictedBy(String table, String... columns) {
        List<EvictedBy> all = new ArrayList<>(keys.evictedBy());
        all.add(new EvictedBy(table, List.of(columns)));
        return new Declared(new CacheKeys(keys.prefix(), keys.strategy(), keys.table(), keys.key(), keys.columns(), keys.sql(), keys.value(), keys.ttl(), keys.jitter(), keys.missing(),
                keys.refreshAhead(), keys.onChange(), all, keys.lease()));
    }

    Declared lease() {
        return new Declared(new CacheKeys(keys.prefix(), keys.strategy(), keys.table(), keys.key(), keys.columns(), keys.sql(), keys.value(), keys.ttl(), keys.jitter(), keys.missing(),
                keys.refreshAhead(), keys.onChange(), keys.evictedBy(), true));
    }
}
