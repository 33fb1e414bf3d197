package dev.banyan.http.cache;

import dev.banyan.http.cache.Evictable.Place;

/**
 * What has been used least often since it was stored goes first; of those used as often, the one that reached that first. Each step takes constant time: all that
 * were used as often stand in one chain, the chains in a list (Shah, Mitra, Matani: An O(1) algorithm for implementing the LFU cache eviction scheme, 2010).
 */
final class Lfu implements EvictionPolicy {
    private final long budget;
    private final Uses uses = new Uses();
    /** Before the level of those used least; never holds any. */
    private final Level bottom = new Level(0);
    private long bytes;

    Lfu(long budget) {
        this.budget = budget;
    }

    @Override
    public void added(Evictable one) {
        one.place = Place.FIRST;
        bytes += one.weight;
        enter(one, bottom, 1);
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
        if (one.place == Place.NOWHERE) {
            return;
        }
        Level from = one.level;
        from.chain.remove(one);
        enter(one, from, from.uses + 1);
        from.leaveIfEmpty();
    }

    /** Puts it on the level above one, which is made when it is missing. */
    private static void enter(Evictable one, Level below, long uses) {
        Level level = below.above;
        if (level == null || level.uses != uses) {
            level = new Level(uses);
            level.standOn(below);
        }
        one.level = level;
        level.chain.add(one);
    }

    @Override
    public void resized(Evictable one, long weight) {
        if (one.place != Place.NOWHERE) {
            bytes += weight - one.weight;
            one.level.chain.resized(weight - one.weight);
            one.weight = weight;
        }
    }

    @Override
    public void removed(Evictable one) {
        if (one.place == Place.NOWHERE) {
            return;
        }
        one.place = Place.NOWHERE;
        bytes -= one.weight;
        one.level.chain.remove(one);
        one.level.leaveIfEmpty();
        one.level = null;
    }

    @Override
    public Evictable victim() {
        if (bytes <= budget) {
            return null;
        }
        drain();
        Evictable first = bottom.above.chain.first();
        removed(first);
        return first;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Those that were used as often. */
    static final class Level {
        private final long uses;
        private final Chain chain = new Chain();
        private Level below;
        private Level above;

        Level(long uses) {
            this.uses = uses;
        }

        private void standOn(Level lower) {
            below = lower;
            above = lower.above;
            if (above != null) {
                above.below = this;
            }
            lower.above = this;
        }

        private void leaveIfEmpty() {
            if (!chain.isEmpty() || below == null) {
                return;
            }
            below.above = above;
            if (above != null) {
                above.below = below;
            }
        }
    }
}
