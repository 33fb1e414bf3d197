package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Asking a node and keeping its answer, against writing and invalidating: in every order in which their steps can happen, and by threads that
 * run free.
 */
class NearCacheRaceTest {
    private static final byte[] KEY = NearCacheTest.bytes("user:1");
    private static final long HASH = NearCacheTest.hash("user:1");
    private static final byte[] OLD = NearCacheTest.bytes("old");
    private static final byte[] NEW = NearCacheTest.bytes("new");

    /** What a writer does once the node has taken its write. */
    enum Invalidation {
        KEY(cache -> cache.invalidate(NearCacheRaceTest.KEY, NearCacheRaceTest.KEY.length, HASH), 3),
        NODE(cache -> cache.invalidateNode(0), 2),
        ALL(NearCache::invalidateAll, 2);

        private final Consumer<NearCache> does;
        private final int turns;

        Invalidation(Consumer<NearCache> does, int turns) {
            this.does = does;
            this.turns = turns;
        }
    }

    /** One run: a near cache that stops at its stamps, and a node with one key. */
    private static final class World {
        private final Steps steps = new Steps();
        private final NearCache cache = NearCache.of(NearCacheTest.near(1 << 20), new SettableClock(), new Stamps() {
            @Override
            long of(long hash, int node) {
                long read = super.of(hash, node);
                steps.stop();
                return read;
            }

            @Override
            void keyChanged(long hash) {
                steps.stop();
                super.keyChanged(hash);
                steps.stop();
            }
        });
        private final NearCache.Reader reader = cache.reader();
        private volatile byte[] atTheNode = OLD;
        private volatile boolean invalidated;

        /** Its steps: the stamp; the node's answer and the first look of the put; the look inside, which holds the key's lock; the storing. */
        void asks() {
            steps.add(() -> {
                long stamp = cache.stamp(HASH, 0);
                byte[] answer = atTheNode;
                cache.put(KEY, KEY.length, HASH, 0, answer, stamp);
            });
        }

        /** Its steps: the write; the count; the removal. */
        void writes(Invalidation invalidation) {
            steps.add(() -> {
                atTheNode = NEW;
                if (invalidation != Invalidation.KEY) {
                    steps.stop();
                }
                invalidation.does.accept(cache);
                invalidated = true;
            });
        }

        void run(int[] order) throws Throwable {
            for (int actor : order) {
                steps.turn(actor);
                look(order);
            }
            steps.finish();
            look(order);
        }

        private void look(int[] order) {
            boolean mustBeNew = invalidated;
            byte[] got = reader.get(KEY, KEY.length, HASH);
            if (mustBeNew && got == OLD) {
                throw new AssertionError("the old value is there after its invalidation has returned, in the order " + Arrays.toString(order));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void inNoOrderOfTheirStepsIsAnOldValueThereAfterItsInvalidation(Invalidation invalidation) throws Throwable {
        int orders = Steps.allOrders(new int[] {4, invalidation.turns}, order -> {
            World world = new World();
            world.asks();
            world.writes(invalidation);
            world.run(order);
        });
        System.out.printf("one asks, one writes and invalidates %s: %d orders%n", invalidation, orders);
        assertThat(orders).isGreaterThanOrEqualTo(15);
    }

    @Test
    void norWhenTwoLoopsAsk() throws Throwable {
        int orders = Steps.allOrders(new int[] {4, 4, 3}, order -> {
            World world = new World();
            world.asks();
            world.asks();
            world.writes(Invalidation.KEY);
            world.run(order);
        });
        System.out.printf("two ask, one writes: %d orders%n", orders);
        assertThat(orders).isEqualTo(11_550);
    }

    @Test
    void norWhenAWriteAndANodesNewsOfItBothInvalidate() throws Throwable {
        int orders = Steps.allOrders(new int[] {4, 3, 3}, order -> {
            World world = new World();
            world.asks();
            world.writes(Invalidation.KEY);
            world.steps.add(() -> Invalidation.KEY.does.accept(world.cache));
            world.run(order);
        });
        System.out.printf("one asks, one writes, one brings news: %d orders%n", orders);
        assertThat(orders).isEqualTo(4_200);
    }

    @Test
    void whoAsksAfterTheInvalidationKeepsTheNewValue() throws Throwable {
        World world = new World();
        world.asks();
        world.writes(Invalidation.KEY);
        world.run(new int[] {1, 1, 1, 1, 0, 0, 0, 0});
        assertThat(world.reader.get(KEY, KEY.length, HASH)).isSameAs(NEW);
    }

    /** Eight threads, 16 keys of one stripe or of many: what is read is never older than the last write that was acknowledged before. */
    @Test
    void threadsThatRunFreeNeverReadWhatIsOlderThanTheLastAcknowledgedWrite() throws Exception {
        int keys = 16;
        NearCache cache = NearCache.of(NearCacheTest.near(1 << 20), Clock.system());
        AtomicLongArray atTheNode = new AtomicLongArray(keys);
        AtomicLongArray acknowledged = new AtomicLongArray(keys);
        AtomicLong hits = new AtomicLong();
        AtomicLong writes = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            boolean writer = thread < 2;
            int number = thread;
            NearCache.Reader reader = cache.reader();
            threads.add(Thread.ofPlatform().start(() -> {
                long turn = number;
                while (!over.get()) {
                    int key = (int) (turn++ * 7 % keys);
                    byte[] name = NearCacheTest.bytes("key:" + key);
                    long hash = NearCacheTest.hash("key:" + key);
                    if (writer && key % 2 == number && turn / keys % 8 == 0) {
                        long version = atTheNode.incrementAndGet(key);
                        if (turn % 64 == 0) {
                            cache.invalidateNode(key % 4);
                        } else {
                            cache.invalidate(name, name.length, hash);
                        }
                        acknowledged.set(key, version);
                        writes.incrementAndGet();
                        continue;
                    }
                    long least = acknowledged.get(key);
                    byte[] got = reader.get(name, name.length, hash);
                    if (got == null) {
                        long stamp = cache.stamp(hash, key % 4);
                        byte[] answer = NearCacheTest.bytes(String.valueOf(atTheNode.get(key)));
                        cache.put(name, name.length, hash, key % 4, answer, stamp);
                    } else {
                        hits.incrementAndGet();
                        if (Long.parseLong(new String(got)) < least) {
                            wrong.add("key " + key + ": read " + new String(got) + " after " + least + " was acknowledged");
                        }
                    }
                }
            }));
        }
        long until = Clock.system().nanos() + 2_000_000_000L;
        while (Clock.system().nanos() - until < 0 && wrong.isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf("threads that run free: %d reads from the near cache, %d writes, %d of them old%n", hits.get(), writes.get(), wrong.size());
        assertThat(wrong).isEmpty();
        assertThat(hits.get()).isPositive();
        assertThat(writes.get()).isPositive();
    }
}
