package dev.banyan.http.cache;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** What has been evicted lately: hashes, as many as their responses would fill a budget of bytes, in the order of their going. One thread at a time. */
final class Ghosts {
    /** What one takes of heap, so many at most for each megabyte of the budget: a flood of tiny responses must not fill the heap with ghosts. */
    private static final long LEAST_WEIGHT = 1 << 10;

    private final long budget;
    private final ArrayDeque<Ghost> order = new ArrayDeque<>();
    private final Map<Long, Ghost> byHash = new HashMap<>();
    private long bytes;

    Ghosts(long budget) {
        this.budget = budget;
    }

    void add(long hash, long weight) {
        Ghost ghost = new Ghost(hash, Math.max(weight, LEAST_WEIGHT));
        byHash.put(hash, ghost);
        order.add(ghost);
        bytes += ghost.weight;
        while (bytes > budget && !order.isEmpty()) {
            Ghost oldest = order.poll();
            bytes -= oldest.weight;
            byHash.remove(oldest.hash, oldest);
        }
    }

    /** Whether it was there. Its place in the order stays, empty, until its turn. */
    boolean remove(long hash) {
        return byHash.remove(hash) != null;
    }

    private static final class Ghost {
        private final long hash;
        private final long weight;

        Ghost(long hash, long weight) {
            this.hash = hash;
            this.weight = weight;
        }
    }
}
