package dev.banyan.http.cache;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * Uses, noted by any thread without a lock and taken in by one, in rings that lose what finds no room: as Caffeine's read buffers do, for the same reason. A lock on
 * each hit would make all loops wait for each other; a lost note costs a little of an order that is an estimate anyway.
 */
final class Uses {
    private static final int RINGS = Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors() - 1);
    private static final int SIZE = 64;
    private static final int DUE = SIZE / 2;

    private final Ring[] rings = new Ring[RINGS];

    Uses() {
        for (int i = 0; i < RINGS; i++) {
            rings[i] = new Ring();
        }
    }

    /** True when so many wait that they should be taken in. */
    boolean note(Evictable one) {
        return rings[(int) Thread.currentThread().threadId() & RINGS - 1].note(one);
    }

    /** One thread at a time. */
    void drain(Consumer<Evictable> to) {
        for (Ring ring : rings) {
            ring.drain(to);
        }
    }

    private static final class Ring {
        private final AtomicReferenceArray<Evictable> slots = new AtomicReferenceArray<>(SIZE);
        private final AtomicLong written = new AtomicLong();
        private volatile long read;

        boolean note(Evictable one) {
            long at = written.get();
            long waiting = at - read;
            if (waiting < SIZE && written.compareAndSet(at, at + 1)) {
                slots.setRelease((int) at & SIZE - 1, one);
            }
            return waiting >= DUE;
        }

        void drain(Consumer<Evictable> to) {
            long until = written.get();
            long at = read;
            while (at < until) {
                Evictable one = slots.getAcquire((int) at & SIZE - 1);
                if (one == null) {
                    break; // counted, but not written yet
                }
                slots.setPlain((int) at & SIZE - 1, null);
                at++;
                to.accept(one);
            }
            read = at;
        }
    }
}
