package dev.banyan.http.cache;

/**
 * What an {@link EvictionPolicy} chooses among. Two are equal only when they are the same; the hash is that of what is stored, so that a policy that remembers
 * what went knows it again. What a policy notes here is guarded by whoever calls the policy, but for {@code uses}, whose lost updates do no harm.
 */
public class Evictable {
    /** Where a policy has it. */
    enum Place {
        NOWHERE,
        /** The only chain of most policies; the small queue of S3-FIFO. */
        FIRST,
        MAIN
    }

    final long hash;
    long weight;
    Place place = Place.NOWHERE;
    int uses;
    Evictable before;
    Evictable after;
    /** LFU's: the chain of those used as often. */
    Lfu.Level level;

    /** @param weight in bytes */
    public Evictable(long hash, long weight) {
        this.hash = hash;
        this.weight = weight;
    }

    public final long weight() {
        return weight;
    }

    @Override
    public final boolean equals(Object other) {
        return this == other;
    }

    @Override
    public final int hashCode() {
        return Long.hashCode(hash);
    }
}
