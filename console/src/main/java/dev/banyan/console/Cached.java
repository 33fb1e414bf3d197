package dev.banyan.console;

import java.util.List;

/**
 * What the cache's router was asked, besides its figures in the drawing.
 *
 * @param prefixes those that the site file declares, in its order
 * @param hot the keys that are read most now, the hottest first; a few dozen at most
 */
public record Cached(List<Prefix> prefixes, List<HotKey> hot) {
    public Cached {
        prefixes = List.copyOf(prefixes);
        hot = List.copyOf(hot);
    }

    /**
     * A declared prefix; counted since the start.
     *
     * @param strategy as the site file writes it
     * @param reads of its keys
     * @param hits those of them that the cache answered, also with "there is no such row"
     * @param loads statements that the others took; several misses may share one
     * @param loadMillis how long half of these took at most
     * @param writes of its keys
     * @param evicted values that became old because the database changed
     */
    public record Prefix(String prefix, String strategy, long reads, long hits, long loads, double loadMillis, long writes, long evicted) {}

    /**
     * A key that is read often.
     *
     * @param key as text, cut when it is long
     * @param rate reads a second
     * @param node that has it
     * @param near whether the router answers it from a copy of its own
     */
    public record HotKey(String key, double rate, String node, boolean near) {}
}
