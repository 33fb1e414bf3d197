package dev.banyan.resp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.banyan.net.Clock;
import dev.banyan.topology.CacheRouter.Near;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Values of hot keys in the router itself, in bounded memory, shared by all loops. What is here is what a node answered to GET, or that it has
 * no such key.
 *
 * <p><b>The race.</b> A loop asks a node for a key; before the answer is put here the key is written, by a client of another loop or past the
 * router. The answer is then old, and the news of the write, an invalidation, may have come already and found nothing to remove: put blindly,
 * the old value would stay. So:
 * <ul>
 *   <li>{@link #stamp} is taken <em>before</em> the GET is sent, and {@link #put} stores nothing when an {@link #invalidate} of the key's stripe,
 *       of its node or of all has begun since;
 *   <li>an invalidation first counts, then removes; a put compares the count within the map's atomic {@code compute} of the key, and the removal is
 *       atomic too. Either the removal comes first: then the count before it is seen and nothing is stored. Or it comes second: then it removes
 *       what was stored. To store, then look again and take back would not do: between the two a reader would get the old value after the
 *       invalidation has returned.
 * </ul>
 * So no {@link Reader#get} that begins after an invalidation has returned gives a value that was asked for before it. Whoever passes a write on
 * must invalidate <em>when its answer comes</em>, before passing that on: a GET that was stamped between the writing's sending and its doing may
 * still bring the old value, and the node's own push of it may come later than the answer, on another connection. When the answer never comes,
 * the connection is lost, and {@link #invalidateNode} is due.
 *
 * <p>Invalidating a node or all is counting alone, and so is {@link #stripeChanged}: a value carries the stamp it was read under and is void when that
 * has changed.
 */
final class NearCache {
    /** Instead of a value: the node has no such key. Told by identity. */
    static final byte[] NO_SUCH_KEY = new byte[0];

    /** Of an entry beside the bytes of its key and its value: objects of this class, of Caffeine and of its map. */
    private static final int OVERHEAD_BYTES = 208;

    /** A value may take up so large a part of the memory. */
    private static final int LARGEST_PART = 16;

    /** Values that a reader has at hand, and how large each may be: a megabyte a loop at most, beside the map's memory. */
    private static final int LATEST = 1 << 8;
    private static final int LATEST_VALUE = 4 << 10;
    /** One read of so many goes to the map, which learns so what is used. */
    private static final int COUNTED_OF = 32;
    private static final long TICK_NANOS = 100_000_000;

    private final Cache<Key, Entry> entries;
    private final Stamps stamps;
    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private final LongAdder evictions = new LongAdder();
    private final long lifetimeNanos;
    private final long memory;
    private final Clock clock;

    private NearCache(long memory, long lifetimeNanos, Clock clock, Stamps stamps) {
        this.memory = memory;
        this.clock = clock;
        this.lifetimeNanos = lifetimeNanos;
        this.stamps = stamps;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(memory)
                .weigher(NearCache::weight)
                .expireAfter(Expiry.<Key, Entry>writing((_, entry) -> Duration.ofNanos(entry.lifetimeNanos)))
                .ticker(clock::nanos)
                .executor(Runnable::run) // its upkeep is some microseconds of whoever wrote, and needs no thread of its own
                .evictionListener((_, _, cause) -> count(cause))
                .build();
    }

    static NearCache of(Near near, Clock clock) {
        return new NearCache(near.memory().bytes(), near.lifetime().toNanos(), clock, new Stamps());
    }

    /** For tests that stop at each reading and counting of a stamp. */
    static NearCache of(Near near, Clock clock, Stamps stamps) {
        return new NearCache(near.memory().bytes(), near.lifetime().toNanos(), clock, stamps);
    }

    /** Whether it may hold anything. */
    boolean enabled() {
        return memory > 0;
    }

    /** A way to read it without allocating, for one loop. Kept for the figures: one a loop, not one a connection. */
    Reader reader() {
        Reader reader = new Reader();
        readers.add(reader);
        return reader;
    }

    /**
     * To be taken before a GET is sent, and handed to {@link #put} with its answer.
     *
     * @param node the index of the node that is asked
     */
    long stamp(long hash, int node) {
        return stamps.of(hash, node);
    }

    /** A node answered; see {@link #put(byte[], int, long, int, byte[], long, long)}. Kept for the usual lifetime. */
    void put(byte[] key, int length, long hash, int node, byte[] value, long stamp) {
        put(key, length, hash, node, value, stamp, lifetimeNanos);
    }

    /**
     * A node answered. Nothing is stored when there was an invalidation since the stamp was taken, or when the value is too large.
     *
     * @param key in the first {@code length} bytes; copied
     * @param hash of those bytes ({@link dev.banyan.balance.Hash64})
     * @param value the string, not copied, or {@link #NO_SUCH_KEY}
     * @param mostNanos how long it may be kept, as until the key expires at its node
     */
    void put(byte[] key, int length, long hash, int node, byte[] value, long stamp, long mostNanos) {
        long lifetime = Math.min(lifetimeNanos, mostNanos);
        if (lifetime <= 0 || (long) length + value.length + OVERHEAD_BYTES > memory / LARGEST_PART || stamps.of(hash, node) != stamp) {
            return;
        }
        byte[] copy = Arrays.copyOf(key, length);
        entries.asMap().compute(new Key(copy, length, hash), (_, _) -> {
            return stamps.of(hash, node) == stamp ? new Entry(value, copy, hash, node, stamp, lifetime, clock.nanos() + lifetime) : null;
        });
    }

    /** The key was or may have been changed. When this returns, no reader gets what was asked for before. */
    void invalidate(byte[] key, int length, long hash) {
        stamps.keyChanged(hash);
        entries.asMap().remove(new Key(key, length, hash));
    }

    /**
     * Some key of a stripe is being written or was: the copies of all its keys are void, without knowing which. To be called before the write is
     * sent, so that a read behind it on the same connection does not see the copy, and when it is answered, before that is passed on.
     *
     * @param stripe of {@link Stamps#stripe}
     */
    void stripeChanged(int stripe) {
        stamps.stripeChanged(stripe);
    }

    /** News of a node may be lost: its connection was, or it was emptied. */
    void invalidateNode(int node) {
        stamps.nodeChanged(node);
    }

    /** Nothing is known to be true any more: everything was emptied, or another node has the index of one before. */
    void invalidateAll() {
        stamps.allChanged();
    }

    /** What it holds and did; from any thread. */
    Figures figures() {
        long hits = readers.stream().mapToLong(reader -> reader.hits.get()).sum();
        long misses = readers.stream().mapToLong(reader -> reader.misses.get()).sum();
        long bytes = entries.policy().eviction().orElseThrow().weightedSize().orElse(0);
        return new Figures(hits, misses, entries.estimatedSize(), bytes, evictions.sum());
    }

    /**
     * @param hits reads that were answered from here
     * @param misses reads of hot keys that were not
     * @param entries with those that are void since a node or all was invalidated, and go when their lifetime is over
     * @param bytes of those, with what an entry takes beside its key and value
     * @param evictions values given up for want of memory
     */
    record Figures(long hits, long misses, long entries, long bytes, long evictions) {}

    private void count(RemovalCause cause) {
        if (cause == RemovalCause.SIZE) {
            evictions.increment();
        }
    }

    private static int weight(Key key, Entry entry) {
        return OVERHEAD_BYTES + key.length + entry.value.length;
    }

    /** Reads the near cache. Owned by one loop. */
    final class Reader {
        private final Key probe = new Key(NO_SUCH_KEY, 0, 0);
        private final AtomicLong hits = new AtomicLong();
        private final AtomicLong misses = new AtomicLong();
        private final Entry[] latest = new Entry[LATEST];
        private long now = Long.MAX_VALUE;
        private int untilCounted = COUNTED_OF;

        /** To be called some ten times a second: what would end before the next time is not taken from the latest. */
        void tick(long nowNanos) {
            now = nowNanos + TICK_NANOS;
        }

        /**
         * The value of the key in the first {@code length} bytes, {@link #NO_SUCH_KEY}, or null when it is not known. Allocates nothing.
         *
         * <p>The latest few are looked at first, without the map, its clock and its counting of uses; one in so many reads is counted all the same.
         *
         * @return not a copy: never to be changed
         */
        byte[] get(byte[] key, int length, long hash) {
            Entry entry = latest[(int) (hash >>> 32) & LATEST - 1];
            if (entry != null && entry.hash == hash && entry.endNanos - now > 0 && --untilCounted != 0 && entry.stamp == stamps.of(hash, entry.node)
                    && Arrays.equals(entry.key, 0, entry.key.length, key, 0, length)) {
                hits.setRelease(hits.getPlain() + 1);
                return entry.value;
            }
            untilCounted = untilCounted <= 0 ? COUNTED_OF : untilCounted;
            return fromMap(key, length, hash);
        }

        private byte[] fromMap(byte[] key, int length, long hash) {
            probe.bytes = key;
            probe.length = length;
            probe.hash = hash;
            Entry entry = entries.getIfPresent(probe);
            probe.bytes = NO_SUCH_KEY;
            if (entry != null && entry.stamp == stamps.of(hash, entry.node)) {
                if (entry.value.length <= LATEST_VALUE) {
                    latest[(int) (hash >>> 32) & LATEST - 1] = entry;
                }
                hits.setRelease(hits.getPlain() + 1);
                return entry.value;
            }
            misses.setRelease(misses.getPlain() + 1);
            return null;
        }
    }

    private record Entry(byte[] value, byte[] key, long hash, int node, long stamp, long lifetimeNanos, long endNanos) {}

    /** The bytes of a key. Only a reader's probe ever changes, and that is never stored. */
    private static final class Key {
        private byte[] bytes;
        private int length;
        private long hash;

        Key(byte[] bytes, int length, long hash) {
            this.bytes = bytes;
            this.length = length;
            this.hash = hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(hash);
        }
    }
}
