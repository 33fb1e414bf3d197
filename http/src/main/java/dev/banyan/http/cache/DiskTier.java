package dev.banyan.http.cache;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Edge.Eviction;
import dev.banyan.topology.ErrorCode;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Responses on disk: what memory evicts and what is too large for it, each in a file of its own ({@link FileHead}), so that a policy frees exactly what it chooses and
 * a purge is a deletion. Nothing here blocks an IO loop: what blocks runs on threads for that.
 *
 * <p>A purge is on the disk before it is acknowledged: files are deleted, or marked in place when it is soft, and the folders synced. A file that is being written
 * while a purge begins compares itself with the purges under the lock of the index before it is listed.
 *
 * <p>When the disk is full, or fails, the tier turns itself off: it neither reads nor writes any more, but still purges.
 */
final class DiskTier {
    private static final int READS_AT_ONCE = 64;
    private static final long CLOSE_SECONDS = 5;
    /** Of heap for the index, a part of all; and what a file takes of it. */
    private static final int HEAP_PART = 8;
    private static final int HEAP_OF_FILE = 300;

    private final Path path;
    private final ExecutorService blocking;
    private final Consumer<String> log;
    private final Purges purges;
    private final long budget;
    private final long leastWeight;
    private final long mostPending;
    private final DiskIndex index;
    private final Semaphore reads = new Semaphore(READS_AT_ONCE);
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final AtomicBoolean off = new AtomicBoolean();
    private final AtomicLong lastId = new AtomicLong();
    private final LongAdder written = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder corrupt = new LongAdder();
    private final LongAdder recalled = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private volatile DiskFolder folder;
    /** Whether all files of the folder are in the index. */
    private volatile boolean listed;
    private volatile MemoryTier memory;

    // Guarded by pending.
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private long pendingBytes;
    private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);
    private boolean closing;

    /** @param epoch the number of the last purge that it has outlived */
    private record Pending(CacheKey key, StoredResponse response, long epoch) {}

    DiskTier(ResponseStore.Disk settings, Eviction eviction, long mostPending, ExecutorService blocking, Purges purges, Consumer<String> log) {
        this.path = settings.folder();
        this.budget = settings.bytes();
        this.leastWeight = Math.max(1, budget / Math.max(1, Runtime.getRuntime().maxMemory() / HEAP_PART / HEAP_OF_FILE));
        this.index = new DiskIndex(EvictionPolicy.of(eviction, budget));
        this.mostPending = mostPending;
        this.blocking = blocking;
        this.purges = purges;
        this.log = log;
    }

    /** Begins to list what is there; until that is done nothing is found. */
    void start(MemoryTier over) {
        memory = over;
        blocking.execute(() -> {
            try {
                folder = DiskFolder.open(path);
                for (long id : folder.ids()) {
                    lastId.accumulateAndGet(id, Math::max);
                    list(id);
                }
                listed = true;
            } catch (IOException | RuntimeException e) {
                turnOff("its folder cannot be read", e);
            } finally {
                ready.complete(null);
            }
        });
    }

    /** Completes when what was there is listed. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    private void list(long id) throws IOException {
        Optional<FileHead> head;
        long size;
        try (FileChannel file = folder.read(id)) {
            size = file.size();
            head = DiskFolder.head(file);
        } catch (NoSuchFileException gone) {
            return;
        }
        if (head.isEmpty()) {
            corrupt.increment();
            folder.delete(id);
            return;
        }
        FileHead found = head.get();
        synchronized (index) {
            Purges.Verdict verdict = purges.verdict(found.key(), found.head().tags(), 0);
            DiskFile file = new DiskFile(found.key(), found.head(), id, size, 0, found.stale() || verdict == Purges.Verdict.STALE, leastWeight);
            if (verdict == Purges.Verdict.GONE || file.weight > budget) {
                folder.delete(id);
                return;
            }
            index.add(file).forEach(this::discard);
        }
    }

    /** Whether there is something under a key. Any thread. */
    boolean has(CacheKey key) {
        return index.has(key) && !off.get();
    }

    /**
     * Takes one with its reference, to write it; false when too much waits, or the tier is off. Any thread.
     *
     * @param epoch the number of the last purge that it has outlived
     */
    boolean offer(CacheKey key, StoredResponse response, long epoch) {
        DiskFile there = response.file();
        if (there != null && there.alive) {
            response.release();
            return true;
        }
        synchronized (pending) {
            long bytes = response.footprint();
            boolean room = closing || pendingBytes == 0 || pendingBytes + bytes <= mostPending;
            if (room && !off.get() && response.length() <= budget) {
                pending.add(new Pending(key, response, epoch));
                pendingBytes += bytes;
                if (writing.isDone()) {
                    writing = new CompletableFuture<>();
                    block(this::write);
                }
                return true;
            }
        }
        dropped.increment();
        response.release();
        return false;
    }

    /** Writes what waits until nothing does. */
    private void write() {
        ready.join();
        while (true) {
            Pending next;
            synchronized (pending) {
                next = pending.peek();
                if (next == null) {
                    writing.complete(null);
                    return;
                }
            }
            try {
                if (!off.get()) {
                    write(next);
                }
            } catch (IOException | RuntimeException e) {
                turnOff("a response of " + next.response.length() + " bytes could not be written", e);
            } finally {
                long bytes = next.response.footprint();
                synchronized (pending) {
                    pending.poll();
                    pendingBytes -= bytes;
                }
                next.response.release();
            }
        }
    }

    private void write(Pending one) throws IOException {
        StoredResponse response = one.response;
        if (purges.verdict(one.key, response.head().tags(), one.epoch) == Purges.Verdict.GONE) {
            return;
        }
        long id = lastId.incrementAndGet();
        long size = write(id, one);
        DiskFile file;
        List<DiskFile> gone;
        synchronized (index) {
            Purges.Verdict verdict = purges.verdict(one.key, response.head().tags(), one.epoch);
            file = new DiskFile(one.key, response.head(), id, size, one.epoch, response.isInvalidated() || verdict == Purges.Verdict.STALE, leastWeight);
            if (verdict == Purges.Verdict.GONE || file.weight > budget) {
                folder.abandon(id);
                return;
            }
            folder.finish(id);
            gone = index.add(file);
        }
        written.increment();
        gone.forEach(this::discard);
        if (file.stale) {
            folder.mark(id);
        }
        if (!memory.listed(one.key, file)) {
            drop(file);
        }
    }

    private long write(long id, Pending one) throws IOException {
        StoredResponse response = one.response;
        return switch (response.body()) {
            case Content content -> folder.write(id, new FileHead(response.isInvalidated(), one.key, response.head(), content.length(), DiskFolder.sums(content)), content);
            case DiskBody there -> {
                try (FileChannel from = folder.read(there.file.id)) {
                    yield folder.copy(id, new FileHead(response.isInvalidated(), one.key, response.head(), there.length(), there.head.sums()), from, there.contentAt);
                }
            }
        };
    }

    /**
     * Reads what is under a key, without what memory has already.
     *
     * @param fill makes a content of a length in memory; null when it is to stay on disk
     */
    void recall(CacheKey key, LongFunction<Content> fill) {
        for (DiskFile file : index.of(key)) {
            if (off.get() || file.gone || memory.has(key, file) || !file.hold()) {
                continue;
            }
            reads.acquireUninterruptibly();
            try {
                StoredResponse response = read(key, file, fill);
                if (response != null) {
                    index.used(file);
                    recalled.increment();
                    memory.recalled(key, response);
                }
            } catch (IOException e) {
                unreadable(file, e);
            } finally {
                reads.release();
                letGo(file);
            }
        }
    }

    /** One response with its file; null when it is broken or another's, and then it is dropped. */
    private StoredResponse read(CacheKey key, DiskFile file, LongFunction<Content> fill) throws IOException {
        try (FileChannel channel = folder.read(file.id)) {
            FileHead head = DiskFolder.head(channel).filter(found -> found.key().equals(key)).orElse(null);
            if (head == null || channel.size() != file.size) {
                broken(file);
                return null;
            }
            Content content = fill.apply(head.length());
            Body body = content == null ? onDisk(file, head) : filled(content, channel, head);
            if (body == null) {
                broken(file);
                return null;
            }
            return new StoredResponse(head.head(), body, file.epoch, file.stale || head.stale(), file);
        }
    }

    private DiskBody onDisk(DiskFile file, FileHead head) {
        return file.hold() ? new DiskBody(this, file, head) : null;
    }

    /** With all of a file's content; null when that is broken. */
    private static Content filled(Content content, FileChannel channel, FileHead head) throws IOException {
        long contentAt = channel.position();
        int step = Content.LARGEST_SEGMENT / FileHead.BLOCK;
        for (int block = 0; block < head.sums().length; block += step) {
            ByteBuf piece = DiskFolder.blocks(channel, contentAt, head, block, step);
            if (piece == null) {
                content.fail();
                content.release();
                return null;
            }
            content.add(piece);
            piece.release();
        }
        content.complete();
        content.placed();
        return content;
    }

    /** What is under a key and stands for the same requests as this is older than what was stored just now. Blocks. */
    void replaced(CacheKey key, int variant, long before) {
        for (DiskFile file : index.of(key)) {
            if (file.variant == variant && file.id <= before) {
                drop(file);
            }
        }
    }

    /** The number of the last file. */
    long lastId() {
        return lastId.get();
    }

    /** What is under a key is read no more from now on; its files go soon. Any thread. */
    void invalidate(CacheKey key, long number) {
        List<DiskFile> covered = before(key, number);
        covered.forEach(file -> file.gone = true);
        if (!covered.isEmpty()) {
            block(() -> covered.forEach(this::forget));
        }
    }

    private void forget(DiskFile file) {
        memory.forget(file.key, file);
        drop(file);
    }

    /** Marks what is under a key in memory at once and on the disk soon. Any thread. */
    void outdate(CacheKey key, long number) {
        List<DiskFile> covered = before(key, number);
        covered.forEach(file -> file.stale = true);
        if (!covered.isEmpty()) {
            block(() -> persist(covered));
        }
    }

    /** The files under a key that were asked for before a purge. */
    private List<DiskFile> before(CacheKey key, long number) {
        return Arrays.stream(index.of(key)).filter(file -> file.epoch < number).toList();
    }

    private void persist(List<DiskFile> stale) {
        try {
            mark(stale);
        } catch (IOException e) {
            turnOff("an invalidation could not be written", e);
        }
    }

    /** What a purge that is in force covers: out of the index when it is hard, known to be stale when not. Blocks until all files are known. */
    List<DiskFile> takeOut(Purge purge, long number) {
        ready.join();
        synchronized (index) {
            List<DiskFile> covered = index.covered(purge, number);
            for (DiskFile file : covered) {
                if (purge.hard()) {
                    index.remove(file);
                } else {
                    file.stale = true;
                }
            }
            return covered;
        }
    }

    /** How many of these memory has not. */
    int alone(List<DiskFile> files) {
        return (int) files.stream().filter(file -> !memory.has(file.key, file)).count();
    }

    /**
     * Purges these. Blocks until that is on the disk.
     *
     * @throws BanyanException DISK when a restart could bring a response back
     */
    void purge(List<DiskFile> covered, boolean hard) {
        try {
            if (!listed) {
                throw new IOException("it could not be read when this edge started, and the log says why");
            }
            if (hard) {
                delete(covered);
            } else {
                mark(covered);
            }
        } catch (IOException e) {
            turnOff("a purge could not be written", e);
            throw new BanyanException(ErrorCode.DISK, "purged in memory, but not in " + path + ": " + reason(e) + "; a restart could bring responses back, so stop this edge and delete that folder", e);
        }
    }

    private void delete(List<DiskFile> files) throws IOException {
        for (DiskFile file : files) {
            folder.delete(file.id);
            letGo(file);
        }
        folder.sync(files);
    }

    private void mark(List<DiskFile> files) throws IOException {
        for (DiskFile file : files) {
            folder.mark(file.id);
        }
    }

    /** A file does not say any more what was written: it is dropped. Blocks. */
    void broken(DiskFile file) {
        if (file.alive) {
            corrupt.increment();
            memory.forget(file.key, file);
            drop(file);
        }
    }

    /** A file cannot be read. Blocks. */
    void unreadable(DiskFile file, IOException e) {
        if (e instanceof NoSuchFileException) {
            memory.forget(file.key, file);
            drop(file);
            return;
        }
        turnOff("a response of " + file.size + " bytes could not be read", e);
    }

    private void drop(DiskFile file) {
        if (index.remove(file)) {
            letGo(file);
        }
    }

    /** One that the index has just given up. */
    private void discard(DiskFile file) {
        evicted.increment();
        memory.forget(file.key, file);
        letGo(file);
    }

    /** One holder less; the last deletes the file. Blocks. */
    private void letGo(DiskFile file) {
        if (file.letGo()) {
            delete(file);
        }
    }

    /** The same; any thread. */
    void letGoSoon(DiskFile file) {
        if (file.letGo()) {
            block(() -> delete(file));
        }
    }

    private void delete(DiskFile file) {
        try {
            folder.delete(file.id);
        } catch (IOException e) {
            turnOff("a file could not be deleted", e);
        }
    }

    /** Runs what reads, not too many at once, where blocking does no harm. */
    void read(Runnable task) {
        block(() -> {
            reads.acquireUninterruptibly();
            try {
                task.run();
            } finally {
                reads.release();
            }
        });
    }

    /** Runs what blocks where that does no harm. */
    void block(Runnable task) {
        try {
            blocking.execute(task);
        } catch (RejectedExecutionException ending) {
            task.run(); // the process ends: nobody is kept waiting by this any more
        }
    }

    DiskFolder folder() {
        return folder;
    }

    private void turnOff(String what, Exception why) {
        if (off.compareAndSet(false, true)) {
            log.accept("the cache's disk tier in " + path + " is off until a restart: " + what + " (" + reason(why) + "); responses are kept in memory alone");
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e instanceof java.nio.file.FileSystemException ? e.getClass().getSimpleName() + ": " + e.getMessage() : e.getMessage();
    }

    /** Writes what waits, for some seconds, and gives the folder up. Blocks. What memory evicts after {@link #closing} is written too. */
    void close() {
        CompletableFuture<Void> last;
        synchronized (pending) {
            last = writing;
        }
        try {
            last.get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            turnOff("not all could be written within " + CLOSE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ready.join();
        off.set(true);
        try {
            if (folder != null) {
                folder.close();
            }
        } catch (IOException e) {
            log.accept("the lock of " + path + " could not be given up: " + reason(e));
        }
    }

    /** From now on nothing is dropped for want of room. */
    void closing() {
        synchronized (pending) {
            closing = true;
        }
    }

    ResponseStore.DiskFigures figures() {
        return new ResponseStore.DiskFigures(index.count(), index.bytes(), written.sum(), dropped.sum(), corrupt.sum(), recalled.sum(), evicted.sum(), off.get());
    }
}
