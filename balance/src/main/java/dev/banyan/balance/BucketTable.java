package dev.banyan.balance;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The buckets of many keys in bounded memory: sets of eight places, a key's set by its hash. Finding takes no lock; only a key that is new
 * takes its stripe's, for some tens of nanoseconds. Shared by all loops.
 *
 * <p>A flood of new keys takes a place only from a bucket that is full again, which loses nothing, or from one that lacks at most one token
 * and was not refused, which loses one token. A key that is being limited keeps its place. Keys that find no place share one bucket a set,
 * of eight times the rate: so a table of N places admits at most what 2 N buckets do, however many keys come.
 */
final class BucketTable {
    static final int WAYS = 8;
    /** A bucket (40 bytes) and the reference to it. */
    static final int BYTES_A_PLACE = 48;

    private static final int STRIPES = 64;

    private final TokenRate rate;
    private final AtomicReferenceArray<Bucket> places;
    private final AtomicReferenceArray<Bucket> overflows;
    private final Object[] stripes = new Object[STRIPES];

    BucketTable(TokenRate rate, long bytes) {
        this.rate = rate;
        int sets = Integer.highestOneBit(Math.clamp(bytes / (BYTES_A_PLACE * (long) WAYS), 1, 1 << 24));
        places = new AtomicReferenceArray<>(sets * WAYS);
        overflows = new AtomicReferenceArray<>(sets);
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

    /** The one bucket of a set's keys that have no place, of {@link #WAYS} times the rate. */
    Bucket overflow(long key) {
        int set = set(key);
        Bucket bucket = overflows.get(set);
        if (bucket != null) {
            return bucket;
        }
        overflows.compareAndSet(set, null, new Bucket(0));
        return overflows.get(set);
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
        int least = -1;
        for (int i = first; i < first + WAYS; i++) {
            Bucket bucket = places.get(i);
            if (bucket == null) {
                return i;
            }
            if (least < 0 || bucket.debt(at) < places.get(least).debt(at)) {
                least = i;
            }
        }
        for (int i = 0; i < WAYS; i++) {
            int place = first + (least - first + i) % WAYS; // the one that lacks least before all others
            if (places.get(place).leave(rate, at)) {
                return place;
            }
        }
        return -1;
    }

    private int set(long key) {
        return (int) (Hash64.mix(key) & places.length() / WAYS - 1);
    }
}
