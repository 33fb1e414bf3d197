package dev.banyan.http.cache;

import io.netty.buffer.ByteBuf;

/**
 * A response that is stored: its head, and a handle on its content. Safe for any thread; may be evicted at any time, which a reader that is open does not notice.
 */
public final class StoredResponse {
    /** Of heap beside the bytes of its fields and texts: the objects of a response, its head and their lists. */
    private static final int OVERHEAD = 320;
    private static final int TEXT_OVERHEAD = 24;

    private final StoredHead head;
    private final Body body;
    private final long epoch;
    private final long footprint;
    private final DiskFile file;
    private volatile boolean stale;

    /** Takes over one reference to the content. */
    StoredResponse(StoredHead head, Body body, long epoch) {
        this(head, body, epoch, false, null);
    }

    /** @param file that it was read from; null when it was not */
    StoredResponse(StoredHead head, Body body, long epoch, boolean stale, DiskFile file) {
        this.head = head;
        this.file = file;
        this.body = body;
        this.epoch = epoch;
        this.stale = stale;
        this.footprint = footprint(head) + body.footprint();
    }

    public StoredHead head() {
        return head;
    }

    /** Whether it was purged softly, or found to be outdated, since it was fetched: it must be validated, whatever its head says, or used as a stale one. */
    public boolean isInvalidated() {
        return stale;
    }

    /** Its content's length in bytes. */
    public long length() {
        return body.length();
    }

    /**
     * Reads its content; null when it has been evicted meanwhile: look it up again.
     *
     * @param from the first byte's index
     * @param to the index behind the last; {@link Long#MAX_VALUE} is its end
     */
    public ContentReader open(long from, long to) {
        return body.open(from, to);
    }

    /** All of its content at once, the caller's to release; null when it lies in more than one piece or has been evicted meanwhile: {@link #open} it then. */
    public ByteBuf whole() {
        return body.whole();
    }

    /** The number of the last purge when its fetch began. */
    long epoch() {
        return epoch;
    }

    /** Memory that it takes, in bytes, with its content. */
    long footprint() {
        return footprint;
    }

    /** Its content, which a holder keeps by {@link Body#retain}. */
    public Body body() {
        return body;
    }

    /** The file that says the same as this does; null when there never was one. */
    DiskFile file() {
        return file;
    }

    void invalidate() {
        stale = true;
    }

    /** Whether it is still there after the purges that are walking through what is stored. */
    boolean outlives(Purges purges, CacheKey key) {
        return switch (purges.passing(key, head.tags(), epoch)) {
            case GONE -> false;
            case STALE -> {
                stale = true;
                yield true;
            }
            case GOOD -> true;
        };
    }

    /** Whether it takes an older one's place: it answers the same requests with as much. */
    boolean replaces(StoredHead older) {
        return head.vary().equals(older.vary()) && (head.range().whole() || head.range().equals(older.range()));
    }

    void release() {
        body.release();
    }

    private static long footprint(StoredHead head) {
        long bytes = OVERHEAD + head.fields().length + head.etag().length();
        for (String tag : head.tags()) {
            bytes += TEXT_OVERHEAD + tag.length();
        }
        for (String value : head.vary().values()) {
            bytes += TEXT_OVERHEAD + value.length();
        }
        return bytes + (long) head.vary().names().size() * (TEXT_OVERHEAD + 16);
    }
}
