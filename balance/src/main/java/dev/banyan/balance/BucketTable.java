package dev.banyan.balance;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The buckets of many keys in bounded memory: sets of eight places, a key's set by its hash. Finding takes no lock; only a key that is new
 * takes its stripe's, for some tens of nanoseconds. Shared by all loops.
 *
 * <p>A new key takes only an empty place, or that of a bucket that is full again, which loses nothing: so no flood of keys sets a key free
 * that is being limited. Keys that find no place share spare buckets of the same rate, as many as there are places: so however many keys
 * come, each is limited, a table of N places admits at most what 2 N buckets do, and strangers who come during a flood share with it.
 */
final class BucketTable {
    static final int WAYS = 8;
    /** A bucket (40 bytes), the reference to it and a spare. */
    static final int BYTES_A_PLACE = 56;

    private static final int STRIPES = 64;

    private final AtomicReferenceArray<Bucket> places;
    /** When each spare bucket is full again. */
    private final AtomicLongArray spares;
    private final Object[] stripes = new Object[STRIPES];

    BucketTable(long bytes) {
        int sets = Integer.highestOneBit(Math.clamp(bytes / (BYTES_A_PLACE * (long) WAYS), 1, 1 << 24));
        places = new AtomicReferenceArray<>(sets * WAYS);
        spares = new AtomicLongArray(sets * WAYS);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    int places() {
        return places.length();
    }

    /** The key's bucket, or null when it has none. */
    Bucket find(long key) {
        int first = set(key) * WAYS;
        for (int i = first; i < first + WAYS; i++) {
            Bucket bucket = places.get(i);
            if (bucket != null && bucket.key == key) {
                return bucket;
            }
        }
        return null;
    }

    /** The key's bucket, made when it has none; null when its set has no place for it. */
    Bucket findOrAdd(long key, long at) {
        Bucket bucket = find(key);
        return bucket != null ? bucket : add(key, at);
    }

    /** As {@link Bucket#take}, for a key that has no place. */
    long takeSpare(long key, TokenRate rate, long at) {
        int spare = spare(key);
        while (true) {
            long seen = spares.get(spare);
            long debt = Math.max(seen - at, 0) + rate.intervalNanos();
            long over = debt - rate.capacityNanos();
            if (over > 0) {
                return -over;
            }
            if (spares.compareAndSet(spare, seen, at + debt)) {
                return debt;
            }
        }
    }

    void giveBackSpare(long key, TokenRate rate) {
        spares.addAndGet(spare(key), -rate.intervalNanos());
    }

    private int spare(long key) {
        return (int) (Hash64.mix(key + Hash64.GOLDEN) & spares.length() - 1);
    }

    private Bucket add(long key, long at) {
        synchronized (stripes[set(key) & STRIPES - 1]) {
            Bucket there = find(key);
            int place = there == null ? freePlace(set(key) * WAYS, at) : -1;
            if (place < 0) {
                return there;
            }
            Bucket added = new Bucket(key);
            places.set(place, added);
            return added;
        }
    }

    private int freePlace(int first, long at) {
        for (int i = first; i < first + WAYS; i++) {
            Bucket bucket = places.get(i);
            if (bucket == null || bucket.leave(at)) {
                return i;
            }
        }
        return -1;
    }

    private int set(long key) {
        return (int) (Hash64.mix(key) & places.length() / WAYS - 1);
    }
}
