package dev.banyan.http.cache;

import dev.banyan.http.cache.Evictable.Place;

/** What has not been used for the longest time goes first: a {@link Fifo} whose members go to its end when they are used. Uses are noted without a lock ({@link Uses}) and taken in together. */
final class Lru implements EvictionPolicy {
    private final long budget;
    private final Fifo order;
    private final Uses uses = new Uses();

    Lru(long budget) {
        this.budget = budget;
        this.order = new Fifo(budget);
    }

    @Override
    public void added(Evictable one) {
        order.added(one);
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
            order.removed(one);
            order.added(one);
        }
    }

    @Override
    public void resized(Evictable one, long weight) {
        order.resized(one, weight);
    }

    @Override
    public void removed(Evictable one) {
        order.removed(one);
    }

    @Override
    public Evictable victim() {
        if (order.bytes() > budget) {
            drain();
        }
        return order.victim();
    }

    @Override
    public long bytes() {
        return order.bytes();
    }
}
