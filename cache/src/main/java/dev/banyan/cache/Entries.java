package dev.banyan.cache;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The entries at the nodes. Each of these is one step that nothing comes between. All complete exceptionally with
 * {@link dev.banyan.resp.NodeDown} when the node cannot be asked, and then the step may have been done or not.
 */
interface Entries {
    /** The entry as it was a moment ago: a copy in the router is good enough. Empty when there is none. */
    CompletionStage<Optional<Entry>> glance(CacheKey key);

    /**
     * The entry; where there is none that answers, a lease is put in its place, unless another's is still good.
     *
     * @param oldestMillis entries loaded before do not answer
     * @return what is there now: with the wish's token, it is the asker's to load
     */
    CompletionStage<Entry> lease(CacheKey key, Lease wish, long oldestMillis);

    /** Puts a lease in whatever is there, for a transaction that is about to be committed and has changed the row. */
    CompletionStage<Entry> leaseFor(CacheKey key, int xid, Lease wish);

    /**
     * Replaces an entry if it is still there as it was.
     *
     * @param keepMillis when the node drops it
     * @return whether it was
     */
    CompletionStage<Boolean> replace(CacheKey key, Entry expected, Entry entry, long keepMillis);

    /**
     * A transaction has changed the row: what is there goes, unless it says that it has seen this transaction.
     *
     * @return whether it was a value, or that there is none
     */
    CompletionStage<Boolean> invalidate(CacheKey key, int xid, long generation, long nowMillis);

    /**
     * A wish to load.
     *
     * @param token random; who it is
     * @param untilMillis when it ends, if it is not replaced before
     */
    record Lease(long generation, long token, long nowMillis, long untilMillis) {}
}
