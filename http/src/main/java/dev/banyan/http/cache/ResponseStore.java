package dev.banyan.http.cache;

import dev.banyan.topology.Edge.Eviction;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

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
    /** Of the memory, on top of it, for what waits to be written to disk. */
    private static final int PENDING_PART = 8;
    /** Larger contents stay on disk when they are asked for there, whatever room memory has: their first byte would have to wait for the last. */
    private static final long MOST_RECALLED = 4 << 20;

    private final Settings settings;
    private final Flights flights;
    private final Purges purges = new Purges();
    private final Uncacheable uncacheable;
    private final long tier;
    private final MemoryTier memory;
    private final DiskTier disk;
    private final ConcurrentHashMap<CacheKey, CompletableFuture<Variants>> recalls = new ConcurrentHashMap<>();
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

    /**
     * Where it keeps responses beside.
     *
     * @param folder its own, made when it is not there
     * @param bytes what files may take
     */
    public record Disk(Path folder, long bytes) {}

    private ResponseStore(Settings settings, Optional<Disk> disk, ExecutorService blocking, Consumer<String> log) {
        this.settings = settings;
        this.flights = new Flights(settings.memory / FLIGHTS_PART);
        this.uncacheable = new Uncacheable(settings.marks);
        this.tier = settings.memory - flights.budget();
        this.disk = disk.map(found -> new DiskTier(found, settings.eviction, settings.memory / PENDING_PART, blocking, purges, log)).orElse(null);
        this.memory = new MemoryTier(EvictionPolicy.of(settings.eviction, tier), tier, settings.variantsPerKey, purges, this::evicted);
    }

    /** In memory alone. */
    public static ResponseStore inMemory(Settings settings) {
        return new ResponseStore(settings, Optional.empty(), null, _ -> {});
    }

    /**
     * In memory and on disk. What the folder holds is listed in the background, and found when {@link #ready} is completed.
     *
     * @param blocking runs what reads and writes files, each task in a thread that may block
     * @param log is told, in one sentence, when the disk can be used no longer
     */
    public static ResponseStore open(Settings settings, Disk disk, ExecutorService blocking, Consumer<String> log) {
        ResponseStore store = new ResponseStore(settings, Optional.of(disk), blocking, log);
        store.disk.start(store.memory);
        return store;
    }

    /** Completes when what was on disk is known. */
    public CompletionStage<Void> ready() {
        return disk == null ? CompletableFuture.completedFuture(null) : disk.ready();
    }

    private void evicted(CacheKey key, StoredResponse gone, long epoch) {
        if (disk == null) {
            gone.release();
        } else {
            disk.offer(key, gone, epoch);
        }
    }

    /** What is stored under a key. Any thread, the key stays the caller's. */
    public Variants lookup(CacheKey key) {
        Variants found = memory.lookup(key);
        if (found != null && !found.isEmpty()) {
            hits.increment();
            return found;
        }
        misses.increment();
        return elsewhere(key);
    }

    /** What a lookup would find; it is not counted, and keeps nothing in memory for longer. */
    public Variants peek(CacheKey key) {
        Variants found = memory.peek(key);
        return found != null && !found.isEmpty() ? found : elsewhere(key);
    }

    private Variants elsewhere(CacheKey key) {
        if (disk != null && disk.has(key)) {
            return Variants.ON_DISK;
        }
        Variants mark = uncacheable.of(key);
        return mark != null ? mark : Variants.NONE;
    }

    /**
     * Brings what is on disk under a key into memory, once for all who ask at the same time; completes, on a thread of the disk's, with what a lookup finds then. A
     * content that is too large stays on disk, and its reader reads it there.
     */
    public CompletionStage<Variants> recall(CacheKey key) {
        if (disk == null || !disk.has(key)) {
            memory.onDisk(key, false);
            return CompletableFuture.completedFuture(lookup(key));
        }
        CompletableFuture<Variants> fresh = new CompletableFuture<>();
        CacheKey own = key.copy();
        CompletableFuture<Variants> running = recalls.putIfAbsent(own, fresh);
        if (running != null) {
            return running;
        }
        disk.block(() -> {
            try {
                disk.recall(own, length -> length <= Math.min(MOST_RECALLED, tier / LARGEST_PART) && flights.has(length) ? fill(length) : null);
                memory.onDisk(own, false);
            } finally {
                recalls.remove(own);
                Variants found = memory.lookup(own);
                fresh.complete(found == null ? Variants.NONE : found);
            }
        });
        return fresh;
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
        long most = disk == null ? tier / LARGEST_PART : Math.max(tier / LARGEST_PART, flights.budget());
        return new Content(length, Math.min(settings.object, most), flights);
    }

    /**
     * Stores a response in place of the variant for the same requests. The content must be complete; its reference stays the caller's.
     *
     * @param epoch what {@link #epoch} said before its request was sent
     * @return whether it is stored, or will be written to disk; not when it was purged since, or is too large, or others are worth more
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
        long before = disk == null ? 0 : disk.lastId(); // asked first: this response may be on disk itself before it is asked for again below
        StoredResponse response = new StoredResponse(head, content, epoch);
        boolean stored = disk != null && response.footprint() > tier / LARGEST_PART ? disk.offer(key.copy(), response, epoch) : remember(key, response, content);
        (stored ? admitted : rejected).increment();
        if (disk != null && disk.has(key)) {
            CacheKey own = key.copy();
            disk.block(() -> disk.replaced(own, DiskFile.variant(head), before));
        }
        return stored;
    }

    private boolean remember(CacheKey key, StoredResponse response, Content content) {
        content.placed();
        return memory.put(key, response, disk != null && disk.has(key));
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
        StoredResponse response = new StoredResponse(head, old.body(), epoch);
        return memory.replace(key, old, response) ? response : old;
    }

    /**
     * An unsafe request may have changed what a key names (RFC 9111 section 4.4): its responses, and those being fetched now, are never used again, not even where the
     * origin fails. Any thread; files go soon after.
     *
     * @return its number, as {@link #epoch} has them
     */
    public long invalidate(CacheKey key) {
        Purge purge = new Purge(new Purge.Scope.Url(key.copy()), true);
        long number = purges.begin(purge);
        if (disk != null) {
            disk.invalidate(key, number);
        }
        memory.purge(key, purge, number);
        purges.walked(number);
        return number;
    }

    /**
     * What a key names is not what is stored of it (RFC 9111 section 4.3.5): its responses, and those being fetched now, are stale, as after a soft purge. Any thread; the
     * disk is told soon after.
     */
    public void outdate(CacheKey key) {
        Purge purge = new Purge(new Purge.Scope.Url(key.copy()), false);
        long number = purges.begin(purge);
        if (disk != null) {
            disk.outdate(key, number);
        }
        memory.purge(key, purge, number);
        purges.walked(number);
    }

    /**
     * Whether a response was purged, softly or not, since it was asked for: nobody who asks now should be given it. Errs towards yes.
     *
     * @param epoch what {@link #epoch} said before its request was sent
     */
    public boolean purgedSince(CacheKey key, List<String> tags, long epoch) {
        return purges.verdict(key, tags, epoch) != Purges.Verdict.GOOD;
    }

    /** What a key names is not to be stored: until then nobody needs to wait for another's fetch of it. */
    public void rememberUncacheable(CacheKey key, long untilMillis) {
        uncacheable.remember(key, untilMillis);
    }

    /**
     * Purges: in force, for lookups and for what is being fetched, as soon as it has its number, and on the disk when this returns. Blocks when there is a disk; takes
     * milliseconds for each 10,000 responses when it is not by URL.
     *
     * @return how many responses that was
     * @throws dev.banyan.topology.BanyanException DISK when a restart could bring a response back
     */
    public long purge(Purge purge) {
        long number = purges.begin(purge);
        try {
            List<DiskFile> files = disk == null ? List.of() : disk.takeOut(purge, number);
            long count = disk == null ? 0 : disk.alone(files);
            count += purge.scope() instanceof Purge.Scope.Url url ? memory.purge(url.key(), purge, number) : memory.sweep(purge, number);
            if (disk != null) {
                disk.purge(files, purge.hard());
            }
            return count;
        } finally {
            purges.walked(number);
        }
    }

    public Figures figures() {
        return new Figures(memory.responses(), memory.bytes(), flights.taken(), hits.sum(), misses.sum(), memory.evictions(), admitted.sum(), rejected.sum(), uncacheable.size());
    }

    /** Of the disk; all zero when there is none. */
    public DiskFigures diskFigures() {
        return disk == null ? new DiskFigures(0, 0, 0, 0, 0, 0, 0, false) : disk.figures();
    }

    /** Lets all go; what is not on disk is written there, for five seconds at most. Blocks when there is a disk. */
    @Override
    public void close() {
        if (disk != null) {
            disk.closing();
        }
        memory.clear();
        if (disk != null) {
            disk.close();
        }
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

    /**
     * What the disk counts.
     *
     * @param responses on disk
     * @param bytes of their files, in steps of 4 KiB
     * @param written responses
     * @param dropped those that were not written since too many waited, or the disk is off
     * @param corrupt files that did not say what was written, and were dropped
     * @param recalled responses that were read back
     * @param evicted files that went for want of space or for a newer one
     * @param off whether the disk is not used any more
     */
    public record DiskFigures(long responses, long bytes, long written, long dropped, long corrupt, long recalled, long evicted, boolean off) {}
}
