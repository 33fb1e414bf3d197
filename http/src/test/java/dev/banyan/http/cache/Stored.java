package dev.banyan.http.cache;

import dev.banyan.http.cache.StoredHead.Lifetime;
import dev.banyan.http.cache.StoredHead.Part;
import dev.banyan.http.cache.StoredHead.Vary;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Keys, heads and contents for tests. */
final class Stored {
    private Stored() {}

    static CacheKey key(String path) {
        return new CacheKey(("https://photos.test" + path).getBytes(StandardCharsets.ISO_8859_1));
    }

    static StoredHead head(String... tags) {
        return head(Vary.NONE, "\"1\"", tags);
    }

    static StoredHead head(Vary vary, String etag, String... tags) {
        return new StoredHead(200, "Content-Type: text/plain\r\n".getBytes(StandardCharsets.ISO_8859_1), 0, 0, 0, 0, new Lifetime(60, 10, 10, false, false, StoredHead.Source.MAX_AGE), etag, -1, vary, Part.WHOLE, List.of(tags));
    }

    static Vary vary(String value) {
        return new Vary(List.of("accept-encoding"), List.of(value));
    }

    /** Stores a text; whether it is stored. */
    static boolean put(ResponseStore store, CacheKey key, StoredHead head, String text) {
        return put(store, key, head, text, store.epoch());
    }

    static boolean put(ResponseStore store, CacheKey key, StoredHead head, String text, long epoch) {
        Content content = store.fill(text.length());
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        content.add(bytes);
        bytes.release();
        content.complete();
        try {
            return store.put(key, head, content, epoch);
        } finally {
            content.release();
        }
    }

    /** The text of a response's content, or of what is left of it. */
    static String text(ContentReader reader) {
        StringBuilder text = new StringBuilder();
        for (ByteBuf next = reader.read(7); next != null; next = reader.read(7)) {
            text.append(next.toString(StandardCharsets.ISO_8859_1));
            next.release();
        }
        return text.toString();
    }

    static String text(StoredResponse response) {
        try (ContentReader reader = response.open(0, Long.MAX_VALUE)) {
            return text(reader);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("did not happen in 20 s: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }
}
