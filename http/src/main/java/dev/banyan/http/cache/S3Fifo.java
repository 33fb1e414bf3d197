package dev.banyan.http.cache;

import dev.banyan.http.cache.Evictable.Place;

/**
 * Three queues without any order but that of coming (Yang, Zhang, Qiu, Yue, Rashmi: FIFO queues are all you need for cache eviction, SOSP 2023): what is new stands in
 * a small one, a tenth of the bytes, and is gone soon unless it is used more than once there; the rest stands in the main one, where what was used gets another
 * round for each use, three at most; and of what left the small one a ghost stays, as long as the main queue is, so that what comes again goes to the main queue at
 * once. A use is a plain increment.
 *
 * <p>Sizes: queues are measured in bytes, not in responses. A response larger than the small queue still passes through it and is the next victim then.
 */
final class S3Fifo implements EvictionPolicy {
    private static final int MOST_USES = 3;
    private static final int USES_TO_STAY = 2;

    private final long budget;
    private final long smallBudget;
    private final Chain small = new Chain();
    private final Chain main = new Chain();
    private final Ghosts ghosts;

    S3Fifo(long budget) {
        this.budget = budget;
        this.smallBudget = budget / 10;
        this.ghosts = new Ghosts(budget - smallBudget);
    }

    @Override
    public void added(Evictable one) {
        one.uses = 0;
        enter(one, ghosts.remove(one.hash) ? Place.MAIN : Place.FIRST);
    }

    @Override
    public boolean touched(Evictable one) {
        if (one.uses < MOST_USES) {
            one.uses++;
        }
        return false;
    }

    @Override
    public void drain() {}

    @Override
    public void resized(Evictable one, long weight) {
        if (one.place != Place.NOWHERE) {
            chainOf(one).resized(weight - one.weight);
            one.weight = weight;
        }
    }

    @Override
    public void removed(Evictable one) {
        if (one.place != Place.NOWHERE) {
            chainOf(one).remove(one);
            one.place = Place.NOWHERE;
        }
    }

    @Override
    public Evictable victim() {
        while (bytes() > budget) {
            Evictable gone = small.bytes() > smallBudget || main.isEmpty() ? fromSmall() : fromMain();
            if (gone != null) {
                return gone;
            }
        }
        return null;
    }

    /** The oldest of the small queue, unless it was used there and moves on: then null. */
    private Evictable fromSmall() {
        Evictable oldest = small.first();
        boolean stays = oldest.uses >= USES_TO_STAY;
        removed(oldest);
        if (stays) {
            oldest.uses = 0;
            enter(oldest, Place.MAIN);
            return null;
        }
        ghosts.add(oldest.hash, oldest.weight);
        return oldest;
    }

    /** The oldest of the main queue, unless it was used and gets another round: then null. */
    private Evictable fromMain() {
        Evictable oldest = main.first();
        removed(oldest);
        if (oldest.uses > 0) {
            oldest.uses--;
            enter(oldest, Place.MAIN);
            return null;
        }
        return oldest;
    }

    private void enter(Evictable one, Place place) {
        one.place = place;
        chainOf(one).add(one);
    }

    private Chain chainOf(Evictable one) {
        return one.place == Place.MAIN ? main : small;
    }

    @Override
    public long bytes() {
        return small.bytes() + main.bytes();
    }
}
