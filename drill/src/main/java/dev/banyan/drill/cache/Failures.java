package dev.banyan.drill.cache;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Failed commands by what was said. Safe for any thread. */
final class Failures {
    /** Errors may name keys: then they are many. */
    private static final int KINDS = 20;
    private static final int LETTERS = 100;

    private final SortedMap<String, Long> counts = new TreeMap<>();

    synchronized void add(String message) {
        String kind = message.substring(0, Math.min(LETTERS, message.length()));
        counts.merge(counts.containsKey(kind) || counts.size() < KINDS ? kind : "others", 1L, Long::sum);
    }

    synchronized SortedMap<String, Long> byKind() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }
}
