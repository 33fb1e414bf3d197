package dev.banyan.cli;

import dev.banyan.console.Figures;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Window;
import java.util.Locale;

/** The console's figures from the cache's metrics. */
record CacheFigures(Window window) {
    private static final String COMMANDS = "banyan_cache_commands_total";
    private static final String NEAR = "banyan_cache_near_hits_total";
    private static final String DOWN = "banyan_cache_down_total";

    /** Of all that clients ask; how long it takes is not measured. */
    Figures all() {
        return new Figures(window.rate(COMMANDS, Labels.NONE), 0, 0, 0, window.rate(DOWN, Labels.of("answer", "error")), 0, (long) window.to().total(COMMANDS, Labels.NONE));
    }

    /** Of one embedded node. */
    Figures of(String node) {
        Labels labels = Labels.of("node", node);
        return new Figures(window.rate(CacheWatch.COMMANDS, labels), 0, 0, 0, 0, 0, (long) window.to().total(CacheWatch.COMMANDS, labels));
    }

    /** Of all reads in the window those that a copy in the router or a node had, or of all since the start; {@code no reads} without any. */
    String hitRatio() {
        double hits = window.count(NEAR, Labels.NONE) + window.count(CacheWatch.HITS, Labels.NONE);
        double misses = window.count(CacheWatch.MISSES, Labels.NONE);
        if (hits + misses < 1) {
            hits = window.to().total(NEAR, Labels.NONE) + window.to().total(CacheWatch.HITS, Labels.NONE);
            misses = window.to().total(CacheWatch.MISSES, Labels.NONE);
        }
        return hits + misses < 1 ? "no reads" : percent(hits / (hits + misses)) + " hits";
    }

    /** Of all reads in the window, 0 to 1, those that a copy in the router or a node had; NaN without any. */
    double hitShare() {
        double hits = window.count(NEAR, Labels.NONE) + window.count(CacheWatch.HITS, Labels.NONE);
        return hits / (hits + window.count(CacheWatch.MISSES, Labels.NONE));
    }

    /** The same of one node. */
    double hitShare(String node) {
        double hits = window.count(CacheWatch.HITS, Labels.of("node", node));
        return hits / (hits + window.count(CacheWatch.MISSES, Labels.of("node", node)));
    }

    /** Of all commands in the window, those that the router answered by itself. */
    String nearShare() {
        double commands = window.count(COMMANDS, Labels.NONE);
        return commands <= 0 ? "0 %" : percent(window.count(NEAR, Labels.NONE) / commands);
    }

    long clients() {
        return level("banyan_cache_clients", Labels.NONE);
    }

    long nearBytes() {
        return level("banyan_cache_near_bytes", Labels.NONE);
    }

    long keys(String node) {
        return level(CacheWatch.KEYS, Labels.of("node", node));
    }

    /** {@code 41.2 of 64 MiB}. */
    String memory(String node, long most) {
        return String.format(Locale.ROOT, "%.1f of %,d MiB", level(CacheWatch.MEMORY, Labels.of("node", node)) / (double) (1 << 20), most >> 20);
    }

    long evicted(String node) {
        return (long) window.to().total(CacheWatch.EVICTED, Labels.of("node", node));
    }

    private long level(String name, Labels labels) {
        return (long) window.level(name, labels);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
