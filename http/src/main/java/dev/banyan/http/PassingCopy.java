package dev.banyan.http;

import dev.banyan.http.cache.CacheKey;
import dev.banyan.http.cache.Content;
import dev.banyan.http.cache.ResponseStore;
import dev.banyan.http.cache.StoredHead;
import io.netty.buffer.ByteBuf;

/**
 * A copy of an answer that goes by on its way to one client, for the store: that of a POST which says that it is what a GET would get (RFC 9110 section 9.3.3). Only of
 * content whose length is known, so that the bytes that go by are the content and nothing else. Where the store has no room it is given up, and the client notices nothing.
 * Owned by one IO loop.
 */
final class PassingCopy {
    private final ResponseStore store;
    private final CacheKey key;
    private final StoredHead head;
    private final Content content;
    private final long epoch;

    /**
     * @param key taken
     * @param length of the content in bytes
     * @param epoch the number of the invalidation that the request itself was
     */
    PassingCopy(ResponseStore store, CacheKey key, StoredHead head, long length, long epoch) {
        this.store = store;
        this.key = key;
        this.head = head;
        this.content = store.fill(length);
        this.epoch = epoch;
    }

    /** More of it has gone by, at {@code wire[from, to)}; false when the store has no room for more: then it is to be {@link #drop}ped. */
    boolean add(ByteBuf wire, int from, int to) {
        return content.storable() && (to == from || content.add(wire.slice(from, to - from)) == Content.Demand.GO_ON);
    }

    /** All has gone by. */
    void store() {
        if (content.complete() && content.storable()) {
            store.put(key, head, content, epoch);
        }
        content.release();
    }

    /** It is not stored after all. */
    void drop() {
        content.fail();
        content.release();
    }
}
