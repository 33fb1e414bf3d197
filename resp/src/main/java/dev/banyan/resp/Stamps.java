package dev.banyan.resp;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters of invalidations: one for each of 65,536 stripes of keys, one for each node (of 64; further ones share), and one for all. They only
 * grow, so a sum of some of them is what it was if and only if each is. Safe for any thread.
 */
class Stamps {
    static final int STRIPES = 1 << 16;
    private static final int NODES = 1 << 6;

    private final AtomicLongArray stripes = new AtomicLongArray(STRIPES);
    private final AtomicLongArray nodes = new AtomicLongArray(NODES);
    private final AtomicLong all = new AtomicLong();

    /** Changes with each invalidation of the key's stripe, of its node, and of all. */
    long of(long hash, int node) {
        return stripes.get(stripe(hash)) + epoch(node);
    }

    void stripeChanged(int stripe) {
        stripes.incrementAndGet(stripe);
    }

    /** Changes with each invalidation of the node and of all, not with those of keys. */
    final long epoch(int node) {
        return nodes.get(node & NODES - 1) + all.get();
    }

    void keyChanged(long hash) {
        stripes.incrementAndGet(stripe(hash));
    }

    final void nodeChanged(int node) {
        nodes.incrementAndGet(node & NODES - 1);
    }

    final void allChanged() {
        all.incrementAndGet();
    }

    static int stripe(long hash) {
        return (int) hash & STRIPES - 1;
    }
}
