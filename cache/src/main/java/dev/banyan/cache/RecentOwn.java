package dev.banyan.cache;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The last transactions of our own. Safe for any thread. */
final class RecentOwn {
    private static final int KEPT = 256;

    private final AtomicIntegerArray xids = new AtomicIntegerArray(KEPT);
    private final AtomicInteger next = new AtomicInteger();

    void add(int xid) {
        xids.set(Math.floorMod(next.getAndIncrement(), KEPT), xid);
    }

    boolean has(int xid) {
        for (int i = 0; i < KEPT; i++) {
            if (xids.get(i) == xid) {
                return true;
            }
        }
        return false;
    }
}
