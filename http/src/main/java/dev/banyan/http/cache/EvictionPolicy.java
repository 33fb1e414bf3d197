package dev.banyan.http.cache;

import dev.banyan.topology.Edge.Eviction;

/**
 * Chooses what goes when a budget of bytes is spent. What is used is told by any thread ({@link #touched}); all else is called by one thread at a time. Whoever adds
 * or resizes then takes out {@link #victim}s until there is none.
 */
public sealed interface EvictionPolicy permits Fifo, Lru, Lfu, S3Fifo, TinyLfu {
    /** One that is new. It may be the next victim itself. */
    void added(Evictable one);

    /** One was asked for. Any thread; takes no lock and may forget it. True when {@link #drain} is due. */
    boolean touched(Evictable one);

    /** Takes in what {@link #touched} has noted. */
    void drain();

    /** One has another weight; does nothing when it is not here. */
    void resized(Evictable one, long weight);

    /** One goes for another reason; does nothing when it is not here. */
    void removed(Evictable one);

    /** What must go now, taken out already; null when the budget is kept. */
    Evictable victim();

    /** The sum of the weights, in bytes. */
    long bytes();

    /** @param budget in bytes */
    static EvictionPolicy of(Eviction eviction, long budget) {
        return switch (eviction) {
            case FIFO -> new Fifo(budget);
            case LRU -> new Lru(budget);
            case LFU -> new Lfu(budget);
            case S3_FIFO -> new S3Fifo(budget);
            case W_TINY_LFU -> new TinyLfu(budget);
        };
    }
}
