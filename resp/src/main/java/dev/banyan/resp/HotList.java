package dev.banyan.resp;

import java.util.Arrays;

/**
 * The keys with the highest counts of a {@link Sketch}, with their bytes: what a sketch alone cannot tell. A key that comes takes the place of
 * the lowest when it is above it. (Space-saving, Metwally and others 2005, needs no sketch, but with 64 places it only keeps keys of more than
 * a 64th of all reads; a sketch's counts tell one of a thousandth apart.) Owned by one loop.
 */
final class HotList {
    private static final int PLACES = 64;

    private final Sketch sketch;
    private final long[] hashes = new long[PLACES];
    private final byte[][] keys = new byte[PLACES][];
    private int size;
    private int lowest;

    /** Is told a key of the list. */
    interface Visitor {
        void key(byte[] key, long hash, int count);
    }

    HotList(Sketch sketch) {
        this.sketch = sketch;
    }

    /** A key was read; it is copied if it comes in. */
    void offer(byte[] key, int length, long hash) {
        int count = sketch.count(hash);
        if (count <= lowest && size == PLACES || has(hash)) {
            return;
        }
        int place = size < PLACES ? size++ : lowestPlace();
        hashes[place] = hash;
        keys[place] = Arrays.copyOf(key, length);
        settle();
    }

    /** Looks again how high the lowest is: counts have grown or were halved. */
    void settle() {
        lowest = size == 0 ? 0 : sketch.count(hashes[lowestPlace()]);
    }

    /** Those that were not read for a while are left out. */
    void forEach(Visitor visitor) {
        for (int i = 0; i < size; i++) {
            int count = sketch.count(hashes[i]);
            if (count > 0) {
                visitor.key(keys[i], hashes[i], count);
            }
        }
    }

    private boolean has(long hash) {
        for (int i = 0; i < size; i++) {
            if (hashes[i] == hash) {
                return true;
            }
        }
        return false;
    }

    private int lowestPlace() {
        int found = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            int count = sketch.count(hashes[i]);
            if (count < least) {
                least = count;
                found = i;
            }
        }
        return found;
    }
}
