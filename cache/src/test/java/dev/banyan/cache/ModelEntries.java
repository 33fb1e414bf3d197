package dev.banyan.cache;

import dev.banyan.cache.Entry.State;
import dev.banyan.resp.NodeDown;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What the scripts do, said once more in Java. Each call may be made a step of an interleaving, and may be lost on its way. */
final class ModelEntries implements Entries {
    private static final long FORGET_MILLIS = 600_000;

    private final Map<CacheKey, Entry> there = new HashMap<>();
    private Steps steps = new Steps() {};

    /** What lies between a caller and the node. */
    interface Steps {
        default <T> T step(Supplier<T> what) {
            return what.get();
        }

        default boolean lostBefore() {
            return false;
        }

        default boolean lostAfter() {
            return false;
        }
    }

    void steps(Steps between) {
        steps = between;
    }

    /** As the node does when its memory is full. */
    void drop(CacheKey key) {
        there.remove(key);
    }

    Optional<Entry> look(CacheKey key) {
        return Optional.ofNullable(there.get(key));
    }

    private <T> CompletionStage<T> step(Supplier<T> what) {
        if (steps.lostBefore()) {
            return CompletableFuture.failedFuture(new NodeDown("lost on its way"));
        }
        T result = steps.step(what);
        return steps.lostAfter() ? CompletableFuture.failedFuture(new NodeDown("the answer was lost")) : CompletableFuture.completedFuture(result);
    }

    @Override
    public CompletionStage<Optional<Entry>> glance(CacheKey key) {
        return step(() -> look(key));
    }

    @Override
    public CompletionStage<Entry> lease(CacheKey key, Lease wish, long oldestMillis) {
        return step(() -> {
            Entry entry = there.get(key);
            if (entry != null && entry.answers() && entry.generation() == wish.generation() && entry.atMillis() >= oldestMillis) {
                return entry;
            }
            if (entry != null && entry.state() == State.LEASE && entry.generation() == wish.generation() && entry.untilMillis() > wish.nowMillis()) {
                return entry;
            }
            return put(key, lease(wish, recent(entry, wish.nowMillis())));
        });
    }

    @Override
    public CompletionStage<Entry> leaseFor(CacheKey key, int xid, Lease wish) {
        return step(() -> {
            int[] xids = recent(there.get(key), wish.nowMillis());
            return put(key, lease(wish, Arrays.stream(xids).anyMatch(one -> one == xid) ? xids : Entry.with(xids, xid)));
        });
    }

    @Override
    public CompletionStage<Boolean> replace(CacheKey key, Entry expected, Entry entry, long keepMillis) {
        return step(() -> {
            Entry now = there.get(key);
            if (now == null || !Arrays.equals(now.headBytes(), expected.headBytes())) {
                return false;
            }
            put(key, entry);
            return true;
        });
    }

    @Override
    public CompletionStage<Boolean> invalidate(CacheKey key, int xid, long generation, long nowMillis) {
        return step(() -> {
            Entry entry = there.get(key);
            if (entry == null || entry.knows(xid)) {
                return false;
            }
            put(key, new Entry(State.GONE, generation, 0, nowMillis, 0, Entry.with(recent(entry, nowMillis), xid), new byte[0]));
            return entry.answers();
        });
    }

    private static Entry lease(Lease wish, int[] xids) {
        return new Entry(State.LEASE, wish.generation(), wish.token(), wish.nowMillis(), wish.untilMillis(), xids, new byte[0]);
    }

    private static int[] recent(Entry entry, long nowMillis) {
        return entry == null || nowMillis - entry.atMillis() > FORGET_MILLIS ? new int[0] : entry.xids();
    }

    private Entry put(CacheKey key, Entry entry) {
        there.put(key, entry);
        return entry;
    }
}
