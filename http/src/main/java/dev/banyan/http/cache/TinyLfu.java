package dev.banyan.http.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * W-TinyLFU (Einziger, Friedman, Manes: TinyLFU, a highly efficient cache admission policy, 2017) as Caffeine has it: what is new stands in a window first and
 * takes another's place only when a sketch of all that was asked for lately says that it is used more often. Caffeine knows the evictables alone, the store finds
 * them in its own map; its read buffers take the place of {@link Uses}.
 */
final class TinyLfu implements EvictionPolicy {
    private final Cache<Evictable, Evictable> ranks;
    private final Queue<Evictable> victims = new ConcurrentLinkedQueue<>();

    TinyLfu(long budget) {
        ranks = Caffeine.newBuilder()
                .maximumWeight(budget)
                .<Evictable, Evictable>weigher((one, _) -> (int) Math.min(Integer.MAX_VALUE, one.weight))
                .evictionListener((one, _, _) -> victims.add(one))
                .executor(Runnable::run) // its upkeep is some microseconds of whoever came, and needs no thread of its own
                .build();
    }

    @Override
    public void added(Evictable one) {
        ranks.put(one, one);
    }

    @Override
    public boolean touched(Evictable one) {
        ranks.getIfPresent(one);
        return false;
    }

    @Override
    public void drain() {}

    @Override
    public void resized(Evictable one, long weight) {
        one.weight = weight;
        if (ranks.asMap().containsKey(one)) {
            ranks.put(one, one);
        }
    }

    @Override
    public void removed(Evictable one) {
        ranks.asMap().remove(one);
    }

    @Override
    public Evictable victim() {
        Evictable next = victims.poll();
        if (next == null) {
            ranks.cleanUp();
            next = victims.poll();
        }
        return next;
    }

    @Override
    public long bytes() {
        return ranks.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }
}
