package dev.banyan.http;

import dev.banyan.http.cache.CacheKey;
import dev.banyan.http.cache.CacheRules;
import dev.banyan.http.cache.ResponseStore;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.topology.Edge;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What makes a front door an edge: what is stored, by which rules, and what is being fetched now. Safe for any thread. */
public final class EdgeCache {
    static final LocalAnswer ONLY_IF_CACHED = new LocalAnswer(504, "nothing stored answers this request, and it wants no other (only-if-cached)", 0);

    private final String name;
    private final ResponseStore store;
    private final Map<CacheKey, Fetch> flights = new ConcurrentHashMap<>();
    private volatile Edge settings;
    private volatile CacheRules rules;

    /** @param name as {@code Cache-Status} has it */
    public EdgeCache(String name, Edge settings, ResponseStore store) {
        this.name = name;
        this.store = store;
        use(settings);
    }

    /** Uses new rules for every request that begins from now on; sizes stay. */
    public void use(Edge newSettings) {
        var stale = newSettings.stale();
        CacheRules usual = CacheRules.USUAL;
        rules = new CacheRules(usual.cookies(), usual.heuristicPercent(), usual.heuristicMost(), newSettings.negative().toSeconds(), stale.whileRevalidate().toSeconds(),
                stale.ifError().toSeconds(), usual.hitForMiss(), usual.reload());
        settings = newSettings;
    }

    public String name() {
        return name;
    }

    public ResponseStore store() {
        return store;
    }

    Edge settings() {
        return settings;
    }

    CacheRules rules() {
        return rules;
    }

    /** The fetch of that key that others may join, or null. */
    Fetch fetching(CacheKey key) {
        return flights.get(key);
    }

    /** Lets others join a fetch, unless one of its key is under way. */
    boolean takesOff(Fetch fetch) {
        return flights.putIfAbsent(fetch.key(), fetch) == null;
    }

    void landed(Fetch fetch) {
        flights.remove(fetch.key(), fetch);
    }

    /** Fetches under way that others may join. */
    public int fetches() {
        return flights.size();
    }
}
