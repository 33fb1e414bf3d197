package dev.banyan.topology.file;

import dev.banyan.topology.Cache;
import dev.banyan.topology.CacheKeys;
import dev.banyan.topology.CacheKeys.Strategy;
import dev.banyan.topology.Database;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.util.List;

/** What must hold between the keys of the cache. */
record CacheCheck(Topology site, Findings findings) {
    /** The keys below {@code cache} that mean something only when there is one. */
    private static final List<String> ALL = List.of("cache.url", "cache.nodes", "cache.memory", "cache.eviction", "cache.persistence", "cache.router", "cache.keys", "cache.write-behind");

    /** Keys of the nodes that Banyan runs itself. */
    private static final List<String> EMBEDDED_ONLY = List.of("cache.nodes", "cache.memory", "cache.eviction", "cache.persistence");

    void check() {
        Cache cache = site.cache();
        if (cache.kind() == Cache.Kind.NONE) {
            if (known("cache.kind")) {
                ALL.stream().filter(findings::given).forEach(path -> problem(path, "has no effect while cache.kind is none: write kind: redis, or remove it"));
            }
            return;
        }
        if (findings.given("cache.url")) {
            EMBEDDED_ONLY.stream().filter(findings::given).forEach(path -> problem(path,
                    "is for embedded nodes, but cache.url names nodes that someone else runs, with memory and settings of their own: remove one of them"));
            sentinel(cache);
        }
        new CacheKeysCheck(cache.keys(), findings).check();
        database(cache);
        if (findings.given("cache.write-behind") && cache.keys().stream().noneMatch(keys -> keys.strategy() == Strategy.WRITE_BEHIND)) {
            findings.warning("cache.write-behind", "has no effect: no prefix in cache.keys has the strategy write-behind");
        }
    }

    private void sentinel(Cache cache) {
        boolean nameless = cache.url().filter(url -> url.reveal().matches("rediss?-sentinel://[^/]*/?(\\?.*)?")).isPresent();
        if (nameless && known("cache.url")) {
            problem("cache.url", "names Sentinels but not what they watch: add its name, as redis-sentinel://HOST:PORT/NAME");
        }
    }

    private void database(Cache cache) {
        List<CacheKeys> keys = cache.keys();
        for (int i = 0; i < keys.size(); i++) {
            String path = CacheKeysCheck.path(i);
            if (keys.get(i).strategy() != Strategy.CACHE_ASIDE && site.database().kind() == Database.Kind.NONE && known("database.kind") && known(path + ".strategy")) {
                problem(path + ".strategy", "'" + Names.kebab(keys.get(i).strategy().name()) + "' needs the site's database: write database: { kind: postgresql }");
            }
        }
    }

    /** What the file asks for that its stage does not do yet. */
    void stage() {
        Stage stage = site.stage();
        Cache cache = site.cache();
        if (stage.atLeast(Stage.CACHE) || cache.kind() == Cache.Kind.NONE) {
            return;
        }
        if (findings.given("cache.nodes") && known("cache.nodes") && cache.url().isEmpty()) {
            findings.warning("cache.nodes", "is " + cache.nodes() + ", but stage " + stage.number() + " runs none; they run from stage 5: write stage: 5, or 'banyan grow'");
        }
        if (cache.url().isPresent() && known("cache.url")) {
            findings.warning("cache.url", "names nodes, but stage " + stage.number() + " uses no cache; it does from stage 5: write stage: 5, or 'banyan grow'");
        }
    }

    private boolean known(String path) {
        return !findings.bad(path);
    }

    private void problem(String path, String message) {
        if (known(path)) {
            findings.problem(findings.at(path), path, message);
        }
    }
}
