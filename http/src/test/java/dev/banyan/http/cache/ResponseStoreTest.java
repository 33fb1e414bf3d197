package dev.banyan.http.cache;

import static dev.banyan.http.cache.Stored.head;
import static dev.banyan.http.cache.Stored.key;
import static dev.banyan.http.cache.Stored.put;
import static dev.banyan.http.cache.Stored.text;
import static dev.banyan.http.cache.Stored.vary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.Edge.Eviction;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the store keeps in memory, and what it lets go. */
class ResponseStoreTest {
    private final ResponseStore store = ResponseStore.inMemory(ResponseStore.Settings.of(1 << 20, 1 << 20, Eviction.LRU));

    @AfterEach
    void close() {
        store.close();
        assertThat(store.figures().responses()).isZero();
        assertThat(store.figures().bytes()).isZero();
        assertThat(store.figures().coming()).isZero();
    }

    @Test
    void whatIsStoredIsFound_byAKeyThatIsFilledAnew() {
        put(store, key("/a"), head(), "hello");
        byte[] buffer = "https://photos.test/a and more".getBytes(StandardCharsets.ISO_8859_1);
        CacheKey asked = new CacheKey(new byte[0]);
        asked.set(buffer, 21);

        assertThat(text(store.lookup(asked).all().getFirst())).isEqualTo("hello");
        assertThat(store.lookup(key("/b")).isEmpty()).isTrue();
        assertThat(store.figures().hits()).isEqualTo(1);
        assertThat(store.figures().misses()).isEqualTo(1);
    }

    @Test
    void aResponseTakesThePlaceOfTheOneForTheSameRequests_andStandsBesideOthers() {
        put(store, key("/a"), head(vary("gzip"), "\"1\""), "old");
        put(store, key("/a"), head(vary("br"), "\"2\""), "brotli");
        put(store, key("/a"), head(vary("gzip"), "\"3\""), "new");

        assertThat(store.lookup(key("/a")).all()).extracting(Stored::text).containsExactly("new", "brotli");
        assertThat(store.figures().responses()).isEqualTo(2);
    }

    @Test
    void ofTooManyVariantsTheOldestGo() {
        for (int i = 0; i < 40; i++) {
            put(store, key("/a"), head(vary("encoding-" + i), "\"1\""), "content " + i);
        }
        assertThat(store.lookup(key("/a")).all()).hasSize(32).first().extracting(Stored::text).isEqualTo("content 39");
    }

    @Test
    void aValidationGivesTheContentANewHead() {
        put(store, key("/a"), head(), "hello");
        StoredResponse old = store.lookup(key("/a")).all().getFirst();
        store.outdate(key("/a"));
        StoredResponse fresh = store.refresh(key("/a"), old, head(vary("br"), "\"2\""), store.epoch());

        assertThat(fresh.isInvalidated()).isFalse();
        assertThat(store.lookup(key("/a")).all()).containsExactly(fresh);
        assertThat(text(fresh)).isEqualTo("hello");
    }

    @Test
    void aValidationThatBeganBeforeAPurgeDoesNotUndoIt() {
        put(store, key("/a"), head(), "hello");
        StoredResponse old = store.lookup(key("/a")).all().getFirst();
        long epoch = store.epoch();
        store.outdate(key("/a"));

        assertThat(store.refresh(key("/a"), old, head(), epoch).isInvalidated()).isTrue();
    }

    @Test
    void whatIsUncacheableIsRememberedUntilItIsStored() {
        store.rememberUncacheable(key("/a"), 5_000);
        assertThat(store.lookup(key("/a")).uncacheableUntilMillis()).isEqualTo(5_000);
        assertThat(store.lookup(key("/b")).uncacheableUntilMillis()).isZero();

        put(store, key("/a"), head(), "hello");
        assertThat(store.lookup(key("/a")).uncacheableUntilMillis()).isZero();
        assertThat(store.figures().uncacheable()).isZero();
    }

    @Test
    void onlySoManyKeysAreRememberedAsUncacheable() {
        for (int i = 0; i < 20_000; i++) {
            store.rememberUncacheable(key("/" + i), i + 1);
        }
        assertThat(store.figures().uncacheable()).isEqualTo(16_384);
        assertThat(store.lookup(key("/0")).uncacheableUntilMillis()).isZero();
        assertThat(store.lookup(key("/19999")).uncacheableUntilMillis()).isEqualTo(20_000);
    }

    @Test
    void aReaderGoesOnWhenWhatItReadsIsEvicted() {
        put(store, key("/a"), head(), "hello");
        StoredResponse response = store.lookup(key("/a")).all().getFirst();
        try (ContentReader reader = response.open(0, Long.MAX_VALUE)) {
            store.purge(new Purge(new Purge.Scope.All(), true));
            assertThat(text(reader)).isEqualTo("hello");
        }
        assertThat(response.open(0, Long.MAX_VALUE)).isNull();
        assertThat(response.whole()).isNull();
    }

    @Test
    void aSmallContentIsHadAtOnce() {
        put(store, key("/a"), head(), "hello");
        ByteBuf whole = store.lookup(key("/a")).all().getFirst().whole();
        assertThat(whole.toString(StandardCharsets.ISO_8859_1)).isEqualTo("hello");
        whole.release();
    }

    @Test
    void anIncompleteContentIsNotStored() {
        Content content = store.fill(5);
        assertThatThrownBy(() -> store.put(key("/a"), head(), content, 0)).isInstanceOf(IllegalStateException.class).hasMessageContaining("0 bytes of 5 have come");
        content.release();
    }

    @ParameterizedTest
    @EnumSource
    void theBudgetIsKeptByEachPolicy(Eviction eviction) {
        try (ResponseStore small = ResponseStore.inMemory(ResponseStore.Settings.of(256 << 10, 1 << 20, eviction))) {
            for (int i = 0; i < 2_000; i++) {
                put(small, key("/" + i * 7 % 300), head(), "x".repeat(i % 3_000));
                small.lookup(key("/" + i % 10));
                assertThat(small.figures().bytes()).isLessThanOrEqualTo(192 << 10);
            }
            assertThat(small.figures().evictions()).isPositive();
            assertThat(small.figures().responses()).isPositive();
        }
    }
}
