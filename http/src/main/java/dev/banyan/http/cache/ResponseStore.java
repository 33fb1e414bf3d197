package dev.banyan.http.cache;

import dev.banyan.topology.Edge.Eviction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where an edge keeps responses. Safe for any thread; a lookup takes no lock and, when memory has the answer, allocates nothing.
 *
 * <p>The life of one: {@link #epoch} when its fetch begins, {@link #fill} when its head has come, {@link Content#complete}, {@link #put}, {@link Content#release}.
 */
public final class ResponseStore implements AutoCloseable {
    /** A part of the memory that contents may take while they come. */
    private static final int FLIGHTS_PART = 4;
    /** A response may take so large a part of the memory tier. */
    private static final int LARGEST_PART = 4;

    private final Settings settings;
    private final Flights flights;
    private final Purges purges = new Purges();
    private final Uncacheable uncacheable;
    private final MemoryTier memory;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder admitted = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    /**
     * What it may take.
     *
     * @param memory bytes for responses in memory, a quarter of them for those that are just coming
     * @param object the largest content that is stored, in bytes
     * @param variantsPerKey how many variants a key may have, the oldest goes first
     * @param marks how many keys are remembered as uncacheable
     */
    public record Settings(long memory, long object, Eviction eviction, int variantsPerKey, int marks) {
        public static Settings of(long memory, long object, Eviction eviction) {
            return new Settings(memory, object, eviction, 32, 16_384);
        }
    }

    private ResponseStore(Settings settings) {
        this.settings = settings;
        this.flights = new Flights(settings.memory / FLIGHTS_PART);
        this.uncacheable = new Uncacheable(settings.marks);
        long tier = settings.memory - flights.budget();
        this.memory = new MemoryTier(EvictionPolicy.of(settings.eviction, tier), tier, settings.variantsPerKey, purges, (_, gone) -> gone.release());
    }

    /** In memory alone. */
    public static ResponseStore inMemory(Settings settings) {
        return new ResponseStore(settings);
    }

    /** What is stored under a key. Any thread, the key stays the caller's. */
    public Variants lookup(CacheKey key) {
        Variants found = memory.lookup(key);
        if (found != null && !found.isEmpty()) {
            hits.increment();
            return found;
        }
        misses.increment();
        Variants mark = uncacheable.of(key);
        return mark != null ? mark : Variants.NONE;
    }

    /** Fetches what is on disk under a key into memory: what a lookup finds then. Completes on any thread. */
    public CompletionStage<Variants> recall(CacheKey key) {
        return CompletableFuture.completedFuture(lookup(key));
    }

    /** The number of the last purge; to be asked before a request is sent, and given with its response. */
    public long epoch() {
        return purges.epoch();
    }

    /**
     * A content to fill. Whoever fills it has its first reference.
     *
     * @param length in bytes, -1 when it is not known
     */
    public Content fill(long length) {
        return new Content(length, Math.min(settings.object, (settings.memory - flights.budget()) / LARGEST_PART), flights);
    }

    /**
     * Stores a response in place of the variant for the same requests. The content must be complete; its reference stays the caller's.
     *
     * @param epoch what {@link #epoch} said before its request was sent
     * @return whether it is stored; not when it was purged since, or is too large, or others are worth more
     */
    public boolean put(CacheKey key, StoredHead head, Content content, long epoch) {
        if (!content.isComplete()) {
            throw new IllegalStateException("a response of " + key + " was to be stored before its content is complete: " + content.arrived() + " bytes of " + content.length() + " have come");
        }
        if (!content.storable() || !content.retain()) {
            rejected.increment();
            return false;
        }
        uncacheable.forget(key);
        content.placed();
        boolean stored = memory.put(key, new StoredResponse(head, content, epoch, false), false);
        (stored ? admitted : rejected).increment();
        return stored;
    }

    /**
     * Gives a response the head that its validation has made of it.
     *
     * @param epoch what {@link #epoch} said before the validation was sent
     * @return the response with the new head; the old one when it is not stored any more
     */
    public StoredResponse refresh(CacheKey key, StoredResponse old, StoredHead head, long epoch) {
        if (!old.body().retain()) {
            return old;
        }
        StoredResponse response = new StoredResponse(head, old.body(), epoch, false);
        return memory.replace(key, old, response) ? response : old;
    }

    /** An unsafe request may have changed what a key names (RFC 9111 section 4.4): its responses, and those being fetched now, must be validated. How many are stored. */
    public int invalidate(CacheKey key) {
        return (int) purge(new Purge(new Purge.Scope.Url(key.copy()), false));
    }

    /** What a key names is not to be stored: until then nobody needs to wait for another's fetch of it. */
    public void rememberUncacheable(CacheKey key, long untilMillis) {
        uncacheable.remember(key, untilMillis);
    }

    /** Purges, in force when it returns; how many responses that was. May take milliseconds for each 10,000 responses when it is not by URL. */
    public long purge(Purge purge) {
        long number = purges.begin(purge);
        return purge.scope() instanceof Purge.Scope.Url url ? memory.purge(url.key(), purge, number) : memory.sweep(purge, number);
    }

    public Figures figures() {
        return new Figures(memory.responses(), memory.bytes(), flights.taken(), hits.sum(), misses.sum(), memory.evictions(), admitted.sum(), rejected.sum(), uncacheable.size());
    }

    @Override
    public void close() {
        memory.clear();
    }

    /**
     * What it counts.
     *
     * @param responses in memory
     * @param bytes of them, with heads, keys and objects
     * @param coming bytes of contents that are not placed yet
     * @param hits lookups that found something in memory
     * @param misses lookups that did not
     * @param evictions responses that went for want of space
     * @param admitted responses that were stored
     * @param rejected responses that were not
     * @param uncacheable keys remembered as uncacheable
     */
    public record Figures(long responses, long bytes, long coming, long hits, long misses, long evictions, long admitted, long rejected, long uncacheable) {}
}
