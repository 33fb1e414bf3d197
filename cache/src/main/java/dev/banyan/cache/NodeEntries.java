package dev.banyan.cache;

import dev.banyan.resp.Store;
import dev.banyan.resp.wire.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Entries at real nodes; each step is a script there. Safe for any thread. */
final class NodeEntries implements Entries {
    /** How long the node remembers what was changed, where an entry was: routers that hear of it later must not store what they loaded before. */
    static final Duration GONE_KEPT = Duration.ofMinutes(2);

    private static final Script LEASE = Script.named("lease");
    private static final Script LEASE_FOR = Script.named("lease-for");
    private static final Script REPLACE = Script.named("replace");
    private static final Script INVALIDATE = Script.named("invalidate");
    private static final byte[] KEPT = decimal(GONE_KEPT.toMillis());

    private final Store store;

    NodeEntries(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Optional<Entry>> glance(CacheKey key) {
        return store.get(key.bytes()).thenApply(reply -> switch (reply) {
            case Reply.Bulk(byte[] bytes) -> Entry.parse(bytes);
            case Reply.Failure(String text) when !text.startsWith("WRONGTYPE") -> throw new Refused(text);
            default -> Optional.empty();
        });
    }

    @Override
    public CompletionStage<Entry> lease(CacheKey key, Lease wish, long oldestMillis) {
        return LEASE.run(store, key.bytes(), eight(wish.generation()), eight(wish.token()), eight(wish.nowMillis()), eight(wish.untilMillis()), KEPT, eight(oldestMillis)).thenApply(NodeEntries::entry);
    }

    @Override
    public CompletionStage<Entry> leaseFor(CacheKey key, int xid, Lease wish) {
        return LEASE_FOR.run(store, key.bytes(), eight(wish.generation()), eight(wish.token()), eight(wish.nowMillis()), eight(wish.untilMillis()), KEPT, four(xid)).thenApply(NodeEntries::entry);
    }

    @Override
    public CompletionStage<Boolean> replace(CacheKey key, Entry expected, Entry entry, long keepMillis) {
        return REPLACE.run(store, key.bytes(), expected.headBytes(), entry.bytes(), decimal(keepMillis)).thenApply(NodeEntries::truth);
    }

    @Override
    public CompletionStage<Boolean> invalidate(CacheKey key, int xid, long generation, long nowMillis) {
        return INVALIDATE.run(store, key.bytes(), four(xid), eight(generation), eight(nowMillis), KEPT).thenApply(NodeEntries::truth);
    }

    private static Entry entry(Reply reply) {
        return switch (reply) {
            case Reply.Bulk(byte[] bytes) -> Entry.parse(bytes).orElseThrow(() -> new IllegalStateException("a script of ours left no entry"));
            case Reply.Failure(String text) -> throw new Refused(text);
            default -> throw new IllegalStateException("a script of ours answers " + reply);
        };
    }

    private static boolean truth(Reply reply) {
        return switch (reply) {
            case Reply.Number(long value) -> value == 1;
            case Reply.Failure(String text) -> throw new Refused(text);
            default -> throw new IllegalStateException("a script of ours answers " + reply);
        };
    }

    private static byte[] eight(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static byte[] four(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private static byte[] decimal(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
