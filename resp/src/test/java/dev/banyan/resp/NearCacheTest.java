package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.banyan.balance.Hash64;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.CacheRouter.Near;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NearCacheTest {
    private static final byte[] VALUE = bytes("value");

    private final SettableClock clock = new SettableClock();
    private final NearCache cache = NearCache.of(near(1 << 20), clock);
    private final NearCache.Reader reader = cache.reader();

    @Test
    void aValueIsKeptAndItsKeyIsCopied() {
        byte[] key = bytes("user:1 and more");
        long hash = Hash64.of(key, 0, 6);
        cache.put(key, 6, hash, 0, VALUE, cache.stamp(hash, 0));
        key[0] = 'x';
        assertThat(get("user:1")).isSameAs(VALUE);
        assertThat(get("user:2")).isNull();
    }

    @Test
    void thatThereIsNoSuchKeyIsKeptToo() {
        put("a", NearCache.NO_SUCH_KEY);
        put("b", new byte[0]);
        assertThat(get("a")).isSameAs(NearCache.NO_SUCH_KEY);
        assertThat(get("b")).isNotSameAs(NearCache.NO_SUCH_KEY).isEmpty();
    }

    @Test
    void nothingOutlivesItsLifetime() {
        put("a", VALUE);
        clock.pass(Duration.ofMillis(9_999));
        assertThat(get("a")).isSameAs(VALUE);
        clock.pass(Duration.ofMillis(2));
        assertThat(get("a")).isNull();
    }

    @Test
    void aKeyThatExpiresAtItsNodeExpiresHere() {
        long hash = hash("a");
        cache.put(bytes("a"), 1, hash, 0, VALUE, cache.stamp(hash, 0), Duration.ofMillis(300).toNanos());
        cache.put(bytes("b"), 1, hash("b"), 0, VALUE, cache.stamp(hash("b"), 0), 0);
        assertThat(get("a")).isSameAs(VALUE);
        assertThat(get("b")).isNull();
        clock.pass(Duration.ofMillis(301));
        assertThat(get("a")).isNull();
    }

    @Test
    void anInvalidationRemovesTheKeyAndNoOther() {
        put("a", VALUE);
        put("b", VALUE);
        cache.invalidate(bytes("a"), 1, hash("a"));
        assertThat(get("a")).isNull();
        assertThat(get("b")).isSameAs(VALUE);
    }

    @Test
    void anAnswerAskedForBeforeAnInvalidationIsNotKept() {
        long key = cache.stamp(hash("a"), 0);
        cache.invalidate(bytes("a"), 1, hash("a"));
        cache.put(bytes("a"), 1, hash("a"), 0, VALUE, key);
        long node = cache.stamp(hash("a"), 0);
        cache.invalidateNode(0);
        cache.put(bytes("a"), 1, hash("a"), 0, VALUE, node);
        long all = cache.stamp(hash("a"), 0);
        cache.invalidateAll();
        cache.put(bytes("a"), 1, hash("a"), 0, VALUE, all);
        assertThat(get("a")).isNull();
        put("a", VALUE);
        assertThat(get("a")).isSameAs(VALUE);
    }

    @Test
    void anOldAnswerDoesNotTouchTheNewerOne() {
        long early = cache.stamp(hash("a"), 0);
        cache.invalidate(bytes("a"), 1, hash("a"));
        put("a", VALUE);
        cache.put(bytes("a"), 1, hash("a"), 0, bytes("old"), early);
        assertThat(get("a")).isSameAs(VALUE);
    }

    @Test
    void aNodesValuesAreVoidWhenItsNewsMayBeLost() {
        put("a", VALUE);
        cache.put(bytes("b"), 1, hash("b"), 1, VALUE, cache.stamp(hash("b"), 1));
        cache.invalidateNode(0);
        assertThat(get("a")).isNull();
        assertThat(get("b")).isSameAs(VALUE);
        cache.invalidateAll();
        assertThat(get("b")).isNull();
    }

    @Test
    void memoryIsBounded_andTheFiguresAreTrue() {
        byte[] value = new byte[1_000];
        for (int i = 0; i < 10_000; i++) {
            put("key:" + i, value);
        }
        NearCache.Figures figures = cache.figures();
        assertThat(figures.bytes()).isBetween(900_000L, 1L << 20);
        assertThat(figures.entries()).isBetween(700L, 900L);
        assertThat(figures.evictions()).isEqualTo(10_000 - figures.entries());
        get("nothing");
        put("a", VALUE);
        get("a");
        assertThat(cache.figures().hits()).isEqualTo(1);
        assertThat(cache.figures().misses()).isEqualTo(1);
    }

    @Test
    void aHugeValueIsNotKept() {
        put("a", new byte[1 << 16]);
        assertThat(get("a")).isNull();
        assertThat(cache.figures().entries()).isZero();
    }

    @Test
    void withoutMemoryItIsOff() {
        NearCache off = NearCache.of(near(0), clock);
        off.put(bytes("a"), 1, hash("a"), 0, VALUE, off.stamp(hash("a"), 0));
        assertThat(off.enabled()).isFalse();
        assertThat(off.reader().get(bytes("a"), 1, hash("a"))).isNull();
    }

    @Test
    void readingAllocatesNothing() {
        put("user:1", VALUE);
        byte[] key = bytes("user:1");
        reads(key);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        reads(key);
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 100_000).isZero();
    }

    private void reads(byte[] key) {
        long hash = Hash64.of(key, 0, key.length);
        for (int i = 0; i < 100_000; i++) {
            assertThatIsValue(reader.get(key, key.length, hash));
        }
    }

    private static void assertThatIsValue(byte[] got) {
        if (got != VALUE) {
            throw new AssertionError("not the value");
        }
    }

    private void put(String key, byte[] value) {
        cache.put(bytes(key), key.length(), hash(key), 0, value, cache.stamp(hash(key), 0));
    }

    private byte[] get(String key) {
        return reader.get(bytes(key), key.length(), hash(key));
    }

    static Near near(int memory) {
        return new Near(new ByteSize(memory), 100, Duration.ofSeconds(10));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static long hash(String key) {
        return Hash64.of(bytes(key), 0, key.length());
    }
}
