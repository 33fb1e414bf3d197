package dev.banyan.bench.policies;

import dev.banyan.http.cache.CacheKey;
import dev.banyan.http.cache.Content;
import dev.banyan.http.cache.ResponseStore;
import dev.banyan.http.cache.StoredHead;
import dev.banyan.topology.Edge.Eviction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What a hit of the whole store costs in processor time: a lookup by a key that is filled anew, and the content in one piece. */
final class HotHits {
    private static final int RESPONSES = 10_000;
    private static final int BATCHES = 7;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int perBatch;

    HotHits(int perBatch) {
        this.perBatch = perBatch;
    }

    void print(PrintStream out) throws InterruptedException {
        out.printf("%n%d responses of 1 KB, asked for by Zipf 0.9; nanoseconds of processor time for one hit, best of %d batches%n%-14s %10s %10s%n", RESPONSES, BATCHES, "", "1 thread", "2 threads");
        for (Eviction eviction : Eviction.values()) {
            out.printf(Locale.ROOT, "%-14s %10.0f %10.0f%n", EdgePoliciesBench.name(eviction), nanos(eviction, 1), nanos(eviction, 2));
        }
    }

    double nanos(Eviction eviction, int threads) throws InterruptedException {
        try (ResponseStore store = ResponseStore.inMemory(ResponseStore.Settings.of(64 << 20, 1 << 20, eviction)); ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            byte[][] urls = fill(store);
            int[] asked = Requests.zipf(0.9, perBatch, 1).objects();
            double best = Double.MAX_VALUE;
            for (int batch = 0; batch < BATCHES; batch++) {
                List<Future<Long>> running = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    int start = new SplittableRandom(t).nextInt(asked.length);
                    running.add(workers.submit(() -> hit(store, urls, asked, start)));
                }
                long sum = 0;
                for (Future<Long> one : running) {
                    sum += one.get();
                }
                best = Math.min(best, (double) sum / perBatch / threads);
            }
            return best;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static byte[][] fill(ResponseStore store) {
        byte[][] urls = new byte[RESPONSES][];
        for (int i = 0; i < RESPONSES; i++) {
            urls[i] = ("https://photos.example/pictures/" + i + "/small.jpg").getBytes(StandardCharsets.ISO_8859_1);
            Content content = store.fill(1_000);
            content.add(Unpooled.wrappedBuffer(new byte[1_000]));
            content.complete();
            StoredHead.Lifetime life = new StoredHead.Lifetime(60, 0, 0, false, false, StoredHead.Source.MAX_AGE);
            store.put(new CacheKey(urls[i]), new StoredHead(200, new byte[200], 0, 0, 0, 0, life, "\"1\"", -1, StoredHead.Vary.NONE, StoredHead.Part.WHOLE, List.of()), content, 0);
            content.release();
        }
        return urls;
    }

    /** Processor time of this thread in nanoseconds. */
    private static long hit(ResponseStore store, byte[][] urls, int[] asked, int start) {
        long from = THREADS.getCurrentThreadCpuTime();
        CacheKey key = new CacheKey(new byte[0]);
        for (int i = 0; i < asked.length; i++) {
            byte[] url = urls[asked[(start + i) % asked.length] % RESPONSES];
            key.set(url, url.length);
            ByteBuf whole = store.lookup(key).all().getFirst().whole();
            whole.release();
        }
        return THREADS.getCurrentThreadCpuTime() - from;
    }
}
