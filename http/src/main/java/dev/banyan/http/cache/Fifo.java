package dev.banyan.http.cache;

import dev.banyan.http.cache.Evictable.Place;

/** What was stored first goes first. Uses do not count. */
final class Fifo implements EvictionPolicy {
    private final long budget;
    private final Chain chain = new Chain();

    Fifo(long budget) {
        this.budget = budget;
    }

    @Override
    public void added(Evictable one) {
        one.place = Place.FIRST;
        chain.add(one);
    }

    @Override
    public boolean touched(Evictable one) {
        return false;
    }

    @Override
    public void drain() {}

    @Override
    public void resized(Evictable one, long weight) {
        if (one.place != Place.NOWHERE) {
            chain.resized(weight - one.weight);
            one.weight = weight;
        }
    }

    @Override
    public void removed(Evictable one) {
        if (one.place != Place.NOWHERE) {
            one.place = Place.NOWHERE;
            chain.remove(one);
        }
    }

    @Override
    public Evictable victim() {
        Evictable first = chain.bytes() > budget ? chain.first() : null;
        if (first != null) {
            removed(first);
        }
        return first;
    }

    @Override
    public long bytes() {
        return chain.bytes();
    }
}
