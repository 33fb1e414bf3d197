package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cache.Entries.Lease;
import dev.banyan.net.Loops;
import dev.banyan.topology.CacheKeys.Strategy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts at a real node do what the model in the simulation does. */
class ScriptsIT {
    private static final long NOW = 1_800_000_000_000L;

    @TempDir
    Path folder;

    private RealRedis redis;
    private RedisStore store;
    private final CacheKey key = CacheKey.of(new Rule(0, Declared.of("k:", Strategy.READ_THROUGH).table("t").keys()), List.of("1"));

    @BeforeEach
    void start() throws Exception {
        redis = RealRedis.start(folder);
        store = redis.store();
    }

    @AfterEach
    void stop() {
        store.close();
        redis.close();
    }

    @Test
    void twentyThousandStepsByChanceAreTheModels() {
        RandomGenerator random = Loops.random(11);
        Entries real = new NodeEntries(store);
        ModelEntries model = new ModelEntries();
        Optional<Entry> kept = Optional.empty();
        long now = NOW;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(8) == 0 ? random.nextLong(900_000) : random.nextLong(50);
            Lease wish = new Lease(random.nextInt(2), 1 + random.nextInt(3), now, now + random.nextLong(100));
            int xid = random.nextInt(4) == 0 ? -random.nextInt(3) - 1 : random.nextInt(12);
            Entry expected = kept.filter(_ -> random.nextBoolean()).or(() -> model.look(key)).orElse(Entry.none(1, now, new int[0]));
            byte[] value = new byte[random.nextInt(20)];
            random.nextBytes(value);
            Entry entry = random.nextInt(4) == 0 ? Entry.none(wish.generation(), now, expected.xids()) : Entry.value(wish.generation(), now, now + 5, expected.xids(), value);
            long time = now;
            switch (random.nextInt(5)) {
                case 0 -> assertThat(of(real.lease(key, wish, time - 40))).isEqualTo(of(model.lease(key, wish, time - 40)));
                case 1 -> assertThat(of(real.leaseFor(key, xid, wish))).isEqualTo(of(model.leaseFor(key, xid, wish)));
                case 2 -> assertThat(of(real.replace(key, expected, entry, 100_000))).isEqualTo(of(model.replace(key, expected, entry, 100_000)));
                case 3 -> assertThat(of(real.invalidate(key, xid, wish.generation(), time))).isEqualTo(of(model.invalidate(key, xid, wish.generation(), time)));
                default -> {
                    kept = model.look(key);
                    if (random.nextInt(20) == 0) {
                        store.command("DEL", "k:1");
                        model.drop(key);
                    }
                }
            }
            assertThat(of(real.glance(key))).as("after step " + i).isEqualTo(model.look(key));
        }
    }

    private static <T> T of(java.util.concurrent.CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    void scriptsAreSentWholeWhereTheyAreNotKnown_andEntriesExpire() {
        Entries real = new NodeEntries(store);
        Lease wish = new Lease(1, 1, NOW, NOW + 1_000);
        of(real.lease(key, wish, 0));
        long sent = store.sent();
        of(real.lease(key, wish, 0));
        assertThat(store.sent() - sent).isEqualTo(1);
        store.command("SCRIPT", "FLUSH");
        of(real.lease(key, wish, 0));
        assertThat(store.sent() - sent).isEqualTo(4);
        assertThat(Long.parseLong(CacheBed.text(store.command("PTTL", "k:1")))).isBetween(100_000L, 120_000L);
    }

    @Test
    void whatIsNoEntryIsAsNothing_ofWhateverType() {
        Entries real = new NodeEntries(store);
        Lease wish = new Lease(1, 1, NOW, NOW + 1_000);
        store.command("RPUSH", "k:1", "x");
        assertThat(of(real.glance(key))).isEmpty();
        assertThat(of(real.lease(key, wish, 0)).token()).isEqualTo(1);
        store.command("SET", "k:1", "a plain value that is longer than the head of an entry is");
        assertThat(of(real.glance(key))).isEmpty();
        assertThat(of(real.invalidate(key, 5, 1, NOW))).isFalse();
        assertThat(CacheBed.text(store.command("EXISTS", "k:1"))).isEqualTo("0");
    }
}
