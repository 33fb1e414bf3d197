package dev.banyan.http.cache;

import static dev.banyan.http.cache.Stored.head;
import static dev.banyan.http.cache.Stored.key;
import static dev.banyan.http.cache.Stored.put;
import static dev.banyan.http.cache.Stored.vary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.Purge.Scope;
import dev.banyan.topology.Edge.Eviction;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads store, look up, read, validate, purge and have evicted, with and without a disk: what is read is what was stored there, and the budget is kept. */
class StoreConcurrencyTest {
    private static final int THREADS = 6;
    private static final int ROUNDS = 3_000;
    private static final int MEMORY = 512 << 10;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void whateverManyThreadsDo_inMemory(Eviction eviction) throws Exception {
        try (ResponseStore store = ResponseStore.inMemory(ResponseStore.Settings.of(MEMORY, 1 << 20, eviction))) {
            hammer(store);
            store.close();
            assertEmpty(store);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"W_TINY_LFU", "S3_FIFO", "LRU"})
    void whateverManyThreadsDo_withADisk(Eviction eviction) throws Exception {
        try (ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> log = new ArrayList<>();
            ResponseStore store = ResponseStore.open(ResponseStore.Settings.of(MEMORY, 1 << 20, eviction), new ResponseStore.Disk(folder.resolve(eviction.name()), 1 << 20), blocking, log::add);
            hammer(store);
            store.close();
            assertThat(log).isEmpty();
            assertThat(store.diskFigures().written()).isPositive();
            assertThat(store.diskFigures().corrupt()).isZero();
            assertEmpty(store);
        }
    }

    private static void assertEmpty(ResponseStore store) {
        assertThat(store.figures().responses()).isZero();
        assertThat(store.figures().bytes()).isZero();
        Stored.await("nothing is coming", () -> store.figures().coming() == 0);
    }

    private static void hammer(ResponseStore store) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                SplittableRandom random = new SplittableRandom(t);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        step(store, random);
                    }
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        assertThat(store.figures().evictions()).isPositive();
    }

    private static void step(ResponseStore store, SplittableRandom random) {
        int name = (int) (200 * random.nextDouble() * random.nextDouble());
        CacheKey key = key("/" + name);
        switch (random.nextInt(20)) {
            case 0 -> store.purge(purge(random, key));
            case 1 -> store.invalidate(key);
            case 2 -> {
                for (StoredResponse one : store.lookup(key).all()) {
                    store.refresh(key, one, one.head(), store.epoch());
                }
            }
            case 3 -> store.rememberUncacheable(key, 1);
            case 4, 5, 6, 7 -> put(store, key, head(vary("v" + random.nextInt(3)), "" + name, "t" + name % 5), name + ":" + "x".repeat(random.nextInt(6_000)));
            case 8 -> store.recall(key).toCompletableFuture().join().all().forEach(one -> read(one, name));
            default -> store.lookup(key).all().forEach(one -> read(one, name));
        }
        assertThat(store.figures().bytes()).isLessThanOrEqualTo(MEMORY);
    }

    private static Purge purge(SplittableRandom random, CacheKey key) {
        Scope scope = switch (random.nextInt(20)) {
            case 0 -> new Scope.All();
            case 1, 2 -> new Scope.Prefix("https://photos.test/" + random.nextInt(10));
            case 3, 4, 5 -> new Scope.Tag("t" + random.nextInt(5));
            default -> new Scope.Url(key);
        };
        return new Purge(scope, random.nextBoolean());
    }

    private static void read(StoredResponse response, int name) {
        assertThat(response.head().etag()).isEqualTo("" + name);
        ByteBuf whole = response.whole();
        if (whole != null) {
            assertThat(whole.toString(StandardCharsets.ISO_8859_1)).startsWith(name + ":");
            whole.release();
        }
        ContentReader reader = response.open(0, Long.MAX_VALUE);
        if (reader != null) {
            ByteBuf next = reader.read(100);
            if (next != null) {
                assertThat(next.toString(StandardCharsets.ISO_8859_1)).startsWith(name + ":");
                next.release();
            }
            reader.close();
        }
    }
}
