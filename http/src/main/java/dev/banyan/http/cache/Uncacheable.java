package dev.banyan.http.cache;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;

/** Keys whose responses were not to be stored when they were asked for last; a bounded number, the oldest goes first. Safe for any thread. */
final class Uncacheable {
    private final int most;
    private final ConcurrentHashMap<CacheKey, Variants> marks = new ConcurrentHashMap<>();
    private final ArrayDeque<CacheKey> order = new ArrayDeque<>();

    Uncacheable(int most) {
        this.most = most;
    }

    /** What to say of a key; null when nothing is known. */
    Variants of(CacheKey key) {
        return marks.isEmpty() ? null : marks.get(key);
    }

    synchronized void remember(CacheKey key, long untilMillis) {
        CacheKey own = key.copy();
        if (marks.put(own, new Variants(java.util.List.of(), false, untilMillis)) == null) {
            order.add(own);
        }
        if (order.size() > most) {
            marks.remove(order.poll());
        }
    }

    void forget(CacheKey key) {
        if (!marks.isEmpty() && marks.containsKey(key)) {
            remove(key);
        }
    }

    /** Its place in the order goes too, which costs a search: a key that turns cacheable is rare. */
    private synchronized void remove(CacheKey key) {
        if (marks.remove(key) != null) {
            order.remove(key);
        }
    }

    int size() {
        return marks.size();
    }
}
