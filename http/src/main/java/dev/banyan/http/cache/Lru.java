package dev.banyan.http.cache;

import dev.banyan.http.cache.Evictable.Place;

/** What has not been used for the longest time goes first. Uses are noted without a lock ({@link Uses}) and taken in together. */
final class Lru implements EvictionPolicy {
    private final long budget;
    private final Chain chain = new Chain();
    private final Uses uses = new Uses();

    Lru(long budget) {
        this.budget = budget;
    }

    @Override
    public void added(Evictable one) {
        one.place = Place.FIRST;
        chain.add(one);
    }

    @Override
    public boolean touched(Evictable one) {
        return uses.note(one);
    }

    @Override
    public void drain() {
        uses.drain(this::used);
    }

    private void used(Evictable one) {
        if (one.place != Place.NOWHERE) {
            chain.remove(one);
            chain.add(one);
        }
    }

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
        if (chain.bytes() <= budget) {
            return null;
        }
        drain();
        Evictable first = chain.first();
        removed(first);
        return first;
    }

    @Override
    public long bytes() {
        return chain.bytes();
    }
}
