package dev.banyan.http.cache;

/** A key's place in memory: all its variants come and go together for the {@link EvictionPolicy}. What it holds is changed under the store's lock, and read without. */
final class Slot extends Evictable {
    /** Of heap beside the key's bytes and the responses: this object, the key, the list, the map's entry, a policy's notes. */
    private static final int OVERHEAD = 320;

    final CacheKey key;
    volatile Variants variants = Variants.NONE;

    Slot(CacheKey key) {
        super(key.hash(), OVERHEAD + key.length());
        this.key = key;
    }

    /** What it weighs with these. */
    long weightWith(Variants next) {
        long bytes = OVERHEAD + key.length();
        for (StoredResponse one : next.all()) {
            bytes += one.footprint();
        }
        return bytes;
    }
}
