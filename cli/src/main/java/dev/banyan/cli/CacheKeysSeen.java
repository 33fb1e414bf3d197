package dev.banyan.cli;

import dev.banyan.console.Cached;
import dev.banyan.console.Cached.HotKey;
import dev.banyan.console.Cached.Prefix;
import dev.banyan.resp.Node;
import dev.banyan.resp.RespRouter;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Snapshot;
import dev.banyan.topology.Cache;
import dev.banyan.topology.CacheKeys;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What the cache was asked, by declared prefix and by hot key. */
record CacheKeysSeen(Cache cache, Snapshot now, RespRouter router) {
    private static final int MOST_HOT = 24;
    private static final int SHOWN = 60;
    private static final long PATIENCE_MILLIS = 200;

    Cached cached() {
        return new Cached(cache.keys().stream().map(this::prefix).toList(), hot());
    }

    private Prefix prefix(CacheKeys declared) {
        Labels labels = Labels.of("prefix", declared.prefix());
        long hits = total("banyan_cache_hits_total", labels);
        long misses = total("banyan_cache_misses_total", labels);
        return new Prefix(declared.prefix(), strategy(declared), hits + misses, hits, total("banyan_cache_loads_total", labels),
                now.distribution("banyan_cache_load_duration_seconds", labels).quantileNanos(.5) / 1e6, total("banyan_cache_writes_total", labels),
                total("banyan_cache_invalidations_total", labels));
    }

    static String strategy(CacheKeys declared) {
        return declared.strategy().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private long total(String name, Labels labels) {
        return (long) now.total(name, labels);
    }

    /** None while the router's loops are too busy to say. */
    private List<HotKey> hot() {
        double hot = cache.router().near().hot();
        boolean copies = cache.router().near().memory().bytes() > 0;
        return router.hotKeys(MOST_HOT).completeOnTimeout(List.of(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS).join().stream()
                .map(key -> new HotKey(cut(key.text()), key.perSecond(), router.nodeOf(key.key()).map(Node::name).orElse(""), copies && key.perSecond() >= hot))
                .toList();
    }

    private static String cut(String key) {
        return key.length() > SHOWN ? key.substring(0, SHOWN) + "..." : key;
    }
}
