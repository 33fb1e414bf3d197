package dev.banyan.cache;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The transactions that lately changed each key, whether a node has an entry of it or not: what a load must have seen before it may be
 * stored. Keys share {@value #SLOTS} slots by their hash, which errs towards loading once more. A slot remembers the last two; older ones
 * are visible where these are, since a standby shows commits in the order of the log. Forgotten after {@link #KEPT} to twice that, which is
 * how late a replica may be. Safe for any thread; 1.5 MiB.
 */
final class RecentChanges {
    static final Duration KEPT = Duration.ofMinutes(10);

    private static final int SLOTS = 1 << 16;
    private static final int[] NONE = {};

    private final Clock clock;
    private final int rules;
    private volatile Age current;
    private volatile Age previous;

    RecentChanges(Clock clock, int rules) {
        this.clock = clock;
        this.rules = rules;
        this.current = new Age(rules, clock.nanos());
        this.previous = new Age(rules, clock.nanos());
    }

    /** A key was changed by a transaction that is committed; said before its entry is put away. */
    void note(CacheKey key, int xid) {
        current().note(slot(key), xid, clock.now().toEpochMilli());
    }

    /** All keys of a prefix were. */
    void note(Rule rule, int xid) {
        current().note(SLOTS + rule.index(), xid, clock.now().toEpochMilli());
    }

    /** The transactions that a load of the key must have seen, beside those its entry names. */
    int[] of(CacheKey key) {
        Age now = current;
        Age before = previous;
        int[] found = NONE;
        for (Age age : new Age[] {before, now}) {
            found = age.collect(slot(key), found);
            found = age.collect(SLOTS + key.rule().index(), found);
        }
        return found;
    }

    /** When the key was last said to have changed, in milliseconds since 1970; 0 when that is not known. */
    long toldMillis(CacheKey key) {
        return Math.max(current.told.get(slot(key)), previous.told.get(slot(key)));
    }

    private static int slot(CacheKey key) {
        int hash = key.hashCode() * 0x9e3779b9;
        return hash >>> 16;
    }

    private Age current() {
        if (clock.nanos() - current.sinceNanos > KEPT.toNanos()) {
            turn();
        }
        return current;
    }

    private synchronized void turn() {
        if (clock.nanos() - current.sinceNanos > KEPT.toNanos()) {
            previous = current;
            current = new Age(rules, clock.nanos());
        }
    }

    /** What was said in one span of time. */
    private static final class Age {
        /** The last id in the lower half, the one before it in the upper; 0 is no transaction. */
        private final AtomicLongArray xids;
        private final AtomicLongArray told;
        private final long sinceNanos;

        Age(int rules, long sinceNanos) {
            this.xids = new AtomicLongArray(SLOTS + rules);
            this.told = new AtomicLongArray(SLOTS + rules);
            this.sinceNanos = sinceNanos;
        }

        void note(int slot, int xid, long atMillis) {
            told.accumulateAndGet(slot, atMillis, Math::max);
            xids.updateAndGet(slot, both -> (int) both == xid ? both : both << Integer.SIZE | xid & 0xffff_ffffL);
        }

        int[] collect(int slot, int[] found) {
            long both = xids.get(slot);
            int[] more = found;
            for (int xid : new int[] {(int) (both >>> Integer.SIZE), (int) both}) {
                if (xid != 0) {
                    more = Arrays.copyOf(more, more.length + 1);
                    more[more.length - 1] = xid;
                }
            }
            return more;
        }
    }
}
