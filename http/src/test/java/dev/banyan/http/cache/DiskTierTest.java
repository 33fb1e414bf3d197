package dev.banyan.http.cache;

import static dev.banyan.http.cache.Stored.await;
import static dev.banyan.http.cache.Stored.head;
import static dev.banyan.http.cache.Stored.key;
import static dev.banyan.http.cache.Stored.put;
import static dev.banyan.http.cache.Stored.text;
import static dev.banyan.http.cache.Stored.vary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.http.cache.ContentReader.State;
import dev.banyan.http.cache.Purge.Scope;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Edge.Eviction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What memory lets go is found on disk, over restarts; what is broken there is never served. */
class DiskTierTest {
    private static final int MEMORY = 1 << 20;
    private static final long DISK = 64 << 20;

    @TempDir
    private Path folder;

    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private ResponseStore store;

    private ResponseStore open(long disk) {
        store = ResponseStore.open(ResponseStore.Settings.of(MEMORY, 1 << 30, Eviction.LRU), new ResponseStore.Disk(folder, disk), blocking, log::add);
        store.ready().toCompletableFuture().join();
        return store;
    }

    private ResponseStore reopen() {
        store.close();
        return open(DISK);
    }

    @AfterEach
    void close() {
        store.close();
        assertThat(store.figures().coming()).isZero();
        blocking.close();
    }

    private List<StoredResponse> recalled(String path) {
        return store.recall(key(path)).toCompletableFuture().join().all();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).filter(file -> !file.endsWith("lock")).toList();
        }
    }

    /** All of it, as an IO loop would read it; null when it fails. */
    static byte[] read(StoredResponse response, long from, long to) {
        Semaphore wakes = new Semaphore(0);
        ByteBuf all = Unpooled.buffer();
        try (ContentReader reader = response.open(from, to)) {
            reader.onMore(wakes::release);
            while (true) {
                for (ByteBuf next = reader.read(50_000); next != null; next = reader.read(50_000)) {
                    all.writeBytes(next);
                    next.release();
                }
                if (reader.state() != State.MORE) {
                    return reader.state() == State.ENDED ? Arrays.copyOf(all.array(), all.readableBytes()) : null;
                }
                if (!wakes.tryAcquire(60, TimeUnit.SECONDS)) {
                    throw new AssertionError("no wake after " + all.readableBytes() + " bytes");
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new java.util.SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private boolean putBytes(String path, byte[] bytes) {
        Content content = store.fill(bytes.length);
        content.add(Unpooled.wrappedBuffer(bytes));
        content.complete();
        try {
            return store.put(key(path), head("big"), content, store.epoch());
        } finally {
            content.release();
        }
    }

    @Test
    void whatMemoryEvictsIsRecalled() {
        open(DISK);
        for (int i = 0; i < 2_000; i++) {
            put(store, key("/" + i), head("t" + i), "content of " + i + " " + "x".repeat(1_000));
        }
        await("all is written", () -> store.diskFigures().written() + store.diskFigures().dropped() + store.figures().responses() == 2_000);
        int found = 0;
        for (int i = 0; i < 1_000; i++) {
            Variants there = store.lookup(key("/" + i));
            if (there.onDisk()) {
                List<StoredResponse> back = recalled("/" + i);
                assertThat(back).hasSize(1);
                assertThat(text(back.getFirst())).startsWith("content of " + i + " ");
                assertThat(back.getFirst().head()).usingRecursiveComparison().isEqualTo(head("t" + i));
                found++;
            }
        }
        assertThat(found).isPositive().isEqualTo((int) store.diskFigures().recalled());
        assertThat(log).isEmpty();
    }

    @Test
    void allIsThereAfterARestart_variantsAndMarksToo() {
        open(DISK);
        put(store, key("/a"), head(vary("gzip"), "\"1\""), "zipped");
        put(store, key("/a"), head(vary("br"), "\"2\""), "brotli");
        put(store, key("/b"), head(), "stale");
        store.purge(new Purge(new Scope.Url(key("/b")), false));
        reopen();
        assertThat(store.diskFigures().responses()).isEqualTo(3);
        assertThat(store.lookup(key("/a")).onDisk()).isTrue();
        assertThat(recalled("/a")).extracting(Stored::text).containsExactlyInAnyOrder("zipped", "brotli");
        assertThat(store.lookup(key("/a")).all()).hasSize(2);
        assertThat(store.lookup(key("/a")).onDisk()).as("memory has all of them").isFalse();
        assertThat(recalled("/b").getFirst().isInvalidated()).isTrue();
        assertThat(store.lookup(key("/c"))).isSameAs(Variants.NONE);
    }

    @Test
    void whatIsTooLargeForMemoryIsReadFromDisk_wholeAndInParts() {
        store = ResponseStore.open(ResponseStore.Settings.of(8 << 20, 1 << 30, Eviction.LRU), new ResponseStore.Disk(folder, DISK), blocking, log::add);
        store.ready().toCompletableFuture().join();
        byte[] bytes = bytes(1_900_000, 1);
        assertThat(putBytes("/big", bytes)).isTrue();
        await("it is written", () -> store.diskFigures().written() == 1);
        assertThat(store.figures().responses()).isZero();

        StoredResponse response = recalled("/big").getFirst();
        assertThat(response.length()).isEqualTo(bytes.length);
        assertThat(response.whole()).isNull();
        assertThat(read(response, 0, Long.MAX_VALUE)).isEqualTo(bytes);
        for (long[] part : new long[][] {{0, 1}, {65_535, 65_537}, {131_071, 131_073}, {100_000, 900_000}, {1_899_999, 1_900_000}, {1_800_000, Long.MAX_VALUE}}) {
            assertThat(read(response, part[0], part[1])).isEqualTo(Arrays.copyOfRange(bytes, (int) part[0], (int) Math.min(part[1], bytes.length)));
        }
    }

    @Test
    void aResponseThatStaysOnDiskKeepsItsContentUnderANewHead() {
        largeInAStoreOfItsOwn();
        StoredResponse old = recalled("/big").getFirst();
        StoredResponse fresh = store.refresh(key("/big"), old, head(StoredHead.Vary.NONE, "\"new\"", "big"), store.epoch());
        store.close();
        reopenLarge();
        StoredResponse again = recalled("/big").getFirst();
        assertThat(again.head().etag()).isEqualTo("\"new\"").isEqualTo(fresh.head().etag());
        assertThat(read(again, 0, Long.MAX_VALUE)).isEqualTo(bytes(5_000_000, 2));
        assertThat(store.diskFigures().responses()).isEqualTo(1);
    }

    private void largeInAStoreOfItsOwn() {
        reopenLarge();
        assertThat(putBytes("/big", bytes(5_000_000, 2))).isTrue();
        await("it is written", () -> store.diskFigures().written() == 1);
    }

    private void reopenLarge() {
        store = ResponseStore.open(ResponseStore.Settings.of(20_000_000, 1 << 30, Eviction.S3_FIFO), new ResponseStore.Disk(folder, DISK), blocking, log::add);
        store.ready().toCompletableFuture().join();
    }

    @Test
    void aReaderThatIsClosedEarlyLeavesNothingBehind() {
        largeInAStoreOfItsOwn();
        StoredResponse response = recalled("/big").getFirst();
        for (int i = 0; i < 50; i++) {
            ContentReader reader = response.open(i * 1_000, Long.MAX_VALUE);
            ByteBuf first = reader.read(10);
            if (first != null) {
                first.release();
            }
            reader.close();
        }
        assertThat(read(response, 0, 1_000)).hasSize(1_000);
    }

    @Test
    void purgesHoldOverARestart() throws IOException {
        open(DISK);
        for (int i = 0; i < 20; i++) {
            put(store, key("/" + i % 4 + "/" + i), head("tag-" + i % 5), "content " + i);
        }
        reopen();
        assertThat(store.purge(new Purge(new Scope.Url(key("/0/0")), true))).isEqualTo(1);
        assertThat(store.purge(new Purge(new Scope.Tag("tag-1"), true))).isEqualTo(4);
        assertThat(store.purge(new Purge(new Scope.Prefix("https://photos.test/2/"), true))).isEqualTo(4);
        assertThat(files()).hasSize(11);
        assertThat(store.purge(new Purge(new Scope.All(), false))).isEqualTo(11);
        store.close();
        for (Path file : files()) {
            assertThat(Files.readAllBytes(file)[FileHead.MARK]).isEqualTo(FileHead.STALE);
        }
        open(DISK);
        assertThat(store.lookup(key("/0/0"))).isSameAs(Variants.NONE);
        assertThat(recalled("/3/3").getFirst().isInvalidated()).isTrue();
    }

    @Test
    void aPurgeCountsWhatIsInMemoryAndOnDiskOnce() {
        open(DISK);
        put(store, key("/a"), head(), "a");
        put(store, key("/b"), head(), "b");
        reopen();
        recalled("/a");
        assertThat(store.purge(new Purge(new Scope.All(), true))).isEqualTo(2);
        assertThat(recalled("/a")).isEmpty();
    }

    @Test
    void whatIsWrittenWhileAPurgeBeginsIsCaught() {
        open(DISK);
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i < 30; i++) {
                put(store, key("/" + i), head(), "x".repeat(60_000));
            }
            store.purge(new Purge(new Scope.All(), true));
            for (int i = 0; i < 30; i++) {
                assertThat(store.lookup(key("/" + i))).isSameAs(Variants.NONE);
            }
        }
        await("nothing waits", () -> store.diskFigures().responses() == 0);
        reopen();
        assertThat(store.diskFigures().responses()).isZero();
    }

    @Test
    void anInvalidationIsKnownOnDiskToo_atOnceAndAfterARestart() {
        open(DISK);
        put(store, key("/a"), head(), "a");
        put(store, key("/b"), head(), "b");
        reopen();
        store.invalidate(key("/a"));
        assertThat(recalled("/a")).isEmpty();
        assertThat(recalled("/b")).hasSize(1);
        await("its file goes", () -> store.diskFigures().responses() == 1);
        reopen();
        assertThat(recalled("/a")).isEmpty();
    }

    @Test
    void whatIsOutdatedIsKnownOnDiskToo() {
        open(DISK);
        put(store, key("/a"), head(), "a");
        reopen();
        store.outdate(key("/a"));
        assertThat(recalled("/a").getFirst().isInvalidated()).isTrue();
        await("it is marked", () -> {
            try {
                return Files.readAllBytes(files().getFirst())[FileHead.MARK] == FileHead.STALE;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aNewerResponseTakesTheFilesPlace() {
        open(DISK);
        put(store, key("/a"), head(), "old");
        reopen();
        put(store, key("/a"), head(), "new");
        await("the old file is gone", () -> store.diskFigures().responses() == 0);
        reopen();
        assertThat(recalled("/a")).extracting(Stored::text).containsExactly("new");
    }

    /** Each byte, changed; each length, cut: the file is dropped at the start, or when it is read, and what it said is never given. */
    @Test
    void whateverByteIsFlippedAndWhereverItIsCut_itIsNeverServed() throws IOException {
        open(DISK);
        put(store, key("/a"), head(vary("gzip"), "\"tag\"", "one", "two"), "a small content");
        store.close();
        Path file = files().getFirst();
        byte[] good = Files.readAllBytes(file);
        List<String> served = new ArrayList<>();
        for (int i = 0; i < good.length; i++) {
            for (int bit : new int[] {1, 0x80, 0xFF}) {
                boolean mark = i == FileHead.MARK && bit == 0xFF; // says that it is stale, which is what it is for
                byte[] bad = good.clone();
                bad[i] ^= (byte) bit;
                if (!mark && survives(bad)) {
                    served.add("byte " + i + " ^ " + bit);
                }
            }
            if (survives(Arrays.copyOf(good, i))) {
                served.add("cut to " + i);
            }
        }
        if (survives(Arrays.copyOf(good, good.length + 1))) {
            served.add("one byte more");
        }
        assertThat(served).isEmpty();
        assertThat(survives(good)).isTrue();
        open(DISK);
    }

    private boolean survives(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("suspect"), bytes);
        try (java.nio.channels.FileChannel channel = java.nio.channels.FileChannel.open(file)) {
            return DiskFolder.head(channel).map(head -> {
                try {
                    ByteBuf content = DiskFolder.blocks(channel, channel.position(), head, 0, FileHead.blocks(head.length()));
                    boolean whole = content != null;
                    if (whole) {
                        content.release();
                    }
                    return whole;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }).orElse(false);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aBrokenFileIsDropped_whetherItsHeadIsBrokenOrItsContent() throws IOException {
        open(DISK);
        put(store, key("/a"), head(), "content a");
        put(store, key("/b"), head(), "content b");
        put(store, key("/c"), head(), "content c");
        store.close();
        for (Path file : files()) {
            byte[] bytes = Files.readAllBytes(file);
            String said = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            if (said.endsWith("content a")) {
                bytes[40] ^= 1;
            } else if (said.endsWith("content b")) {
                bytes[bytes.length - 1] ^= 1;
            }
            Files.write(file, bytes);
        }
        open(DISK);
        assertThat(store.diskFigures().responses()).isEqualTo(2);
        assertThat(recalled("/b")).isEmpty();
        assertThat(recalled("/c")).hasSize(1);
        assertThat(store.diskFigures().corrupt()).isEqualTo(2);
        await("both files are gone", () -> {
            try {
                return files().size() == 1;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aBrokenBlockInTheMiddleEndsWhatIsRead_afterWhatIsGood() throws IOException {
        largeInAStoreOfItsOwn();
        store.close();
        Path file = files().getFirst();
        byte[] bytes = Files.readAllBytes(file);
        bytes[3_000_000] ^= 1;
        Files.write(file, bytes);
        reopenLarge();
        StoredResponse response = recalled("/big").getFirst();
        assertThat(read(response, 0, 1_000_000)).isEqualTo(Arrays.copyOf(bytes(5_000_000, 2), 1_000_000));
        assertThat(read(response, 2_000_000, 4_000_000)).as("it fails").isNull();
        assertThat(store.lookup(key("/big")).isEmpty()).isTrue();
        await("the file is gone", () -> store.diskFigures().responses() == 0);
    }

    @Test
    void filesStayWithinTheirBytes() throws IOException {
        open(1 << 20);
        for (int i = 0; i < 1_000; i++) {
            put(store, key("/" + i), head(), "x".repeat(5_000));
            assertThat(store.diskFigures().bytes()).isLessThanOrEqualTo(1 << 20);
        }
        await("nothing is written any more", () -> store.diskFigures().written() + store.diskFigures().dropped() + store.figures().responses() == 1_000);
        store.close();
        long sum = 0;
        for (Path file : files()) {
            sum += Files.size(file);
        }
        assertThat(sum).isPositive().isLessThanOrEqualTo(1 << 20);
        open(1 << 20);
        assertThat(store.diskFigures().evicted()).isZero();
    }

    @Test
    void whenWritingFails_theTierTurnsItselfOffWithOneLine_andMemoryGoesOn() throws IOException {
        open(DISK);
        Path unfinished = folder.resolve("unfinished");
        Files.delete(unfinished);
        Files.writeString(unfinished, "in the way");
        for (int i = 0; i < 2_000; i++) {
            put(store, key("/" + i), head(), "x".repeat(1_000));
        }
        await("it is off", () -> store.diskFigures().off());
        assertThat(log).hasSize(1).first().asString().startsWith("the cache's disk tier in " + folder + " is off until a restart: a response of 1000 bytes could not be written (");
        assertThat(put(store, key("/new"), head(), "new")).isTrue();
        assertThat(store.lookup(key("/new")).all()).hasSize(1);
        assertThat(store.purge(new Purge(new Scope.Url(key("/new")), true))).isEqualTo(1);
    }

    @Test
    void twoCannotHaveOneFolder_andAPurgeSaysWhatItCannotKeep() {
        open(DISK);
        ResponseStore second = ResponseStore.open(ResponseStore.Settings.of(MEMORY, 1 << 20, Eviction.LRU), new ResponseStore.Disk(folder, DISK), blocking, log::add);
        second.ready().toCompletableFuture().join();
        assertThat(log).hasSize(1).first().asString().contains("its folder cannot be read (another process has it)");
        assertThatThrownBy(() -> second.purge(new Purge(new Scope.All(), true))).isInstanceOf(BanyanException.class).hasMessageContaining("purged in memory, but not in " + folder);
        second.close();
    }

    @Test
    void whatWasLeftUnfinishedIsDeleted() throws IOException {
        open(DISK);
        store.close();
        Files.writeString(folder.resolve("unfinished").resolve("0000000000000001"), "half");
        open(DISK);
        assertThat(files()).isEmpty();
    }
}
