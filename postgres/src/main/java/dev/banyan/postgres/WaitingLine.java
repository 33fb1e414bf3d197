package dev.banyan.postgres;

import dev.banyan.postgres.ServerPool.Lessee;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who waits for a connection of one pool on one loop, first come, first served. Owned by that loop. */
final class WaitingLine<C extends ServerPool.Connection> {
    private final Map<Lessee<C>, Long> since = new LinkedHashMap<>();
    private Lessee<C> first;

    int size() {
        return since.size();
    }

    boolean isEmpty() {
        return since.isEmpty();
    }

    /** @throws IllegalStateException when it waits already: it would be answered twice */
    void add(Lessee<C> lessee, long nowNanos) {
        if (since.putIfAbsent(lessee, nowNanos) != null) {
            throw new IllegalStateException("it waits for a connection already: " + lessee);
        }
        if (first == null) {
            first = lessee;
        }
    }

    /** Who waits for the longest time; there must be somebody. */
    Lessee<C> first() {
        return first;
    }

    /** Since when {@link #first} waits, in nanoseconds. */
    long firstSince() {
        return since.get(first);
    }

    boolean remove(Lessee<C> lessee) {
        boolean waited = since.remove(lessee) != null;
        if (lessee == first) {
            first = since.isEmpty() ? null : since.keySet().iterator().next();
        }
        return waited;
    }

    /** All of them, first come first; nobody waits then. */
    List<Lessee<C>> takeAll() {
        List<Lessee<C>> all = List.copyOf(since.keySet());
        since.clear();
        first = null;
        return all;
    }
}
