package dev.banyan.http.cache;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.StructuredWriter;

/**
 * What a cache did about a request, as {@code Cache-Status} says it to the client (RFC 9211): a line of its own behind those that came with the response,
 * which says the same as a longer list. Filled anew for each answer; allocates nothing. Owned by one IO loop.
 */
public final class CacheStatus {
    private static final byte[] NAME = ascii("Cache-Status: ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] HIT = ascii("; hit");
    private static final byte[] FORWARD = ascii("; fwd=");
    private static final byte[] FORWARD_STATUS = ascii("; fwd-status=");
    private static final byte[] TTL = ascii("; ttl=");
    private static final byte[] STORED = ascii("; stored");
    private static final byte[] COLLAPSED = ascii("; collapsed");
    private static final byte[] KEY = ascii("; key=");
    private static final byte[] DETAIL = ascii("; detail=");
    private static final long NONE = Long.MIN_VALUE;

    private final byte[] cache;
    private Forward forward;
    private int forwardStatus;
    private long ttl;
    private boolean stored;
    private boolean collapsed;
    private String key = "";
    private String detail = "";

    /** Why a request went further (RFC 9211 section 2.2). */
    public enum Forward {
        BYPASS("bypass"),
        METHOD("method"),
        URI_MISS("uri-miss"),
        VARY_MISS("vary-miss"),
        MISS("miss"),
        REQUEST("request"),
        STALE("stale"),
        PARTIAL("partial");

        private final byte[] token;

        Forward(String token) {
            this.token = ascii(token);
        }

        /** What a decision that sends a request further is called. */
        public static Forward of(Reuse reuse) {
            return switch (reuse) {
                case NOTHING_STORED -> URI_MISS;
                case OTHER_VARIANTS -> VARY_MISS;
                case OTHER_BYTES -> PARTIAL;
                case OTHER_METHOD -> METHOD;
                case WITH_BODY, REWRITTEN, UPGRADE, ORIGINS_CONDITION -> BYPASS;
                case CLIENT_RELOADS, CLIENT_WANTS_YOUNGER, CLIENT_WANTS_FRESHER -> REQUEST;
                case STALE, MUST_REVALIDATE, NO_CACHE, STALE_WHILE_REVALIDATE, STALE_IF_ERROR, TOO_STALE, NEVER_STALE -> STALE;
                case FRESH, CLIENT_TAKES_STALE, ONLY_IF_CACHED -> MISS;
            };
        }
    }

    /** @param cache the name by which the cache is known, of ASCII */
    public CacheStatus(String cache) {
        HeadBuffer name = new HeadBuffer();
        if (cache.matches("[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*")) {
            name.text(cache);
        } else {
            StructuredWriter.string(cache, name);
        }
        this.cache = java.util.Arrays.copyOf(name.bytes(), name.length());
        clear();
    }

    /** Begins with the next answer. */
    public CacheStatus clear() {
        forward = null;
        forwardStatus = 0;
        ttl = NONE;
        stored = false;
        collapsed = false;
        key = "";
        detail = "";
        return this;
    }

    /** The request went further; without this it was a hit. */
    public CacheStatus forward(Forward why) {
        forward = why;
        return this;
    }

    /** What the next server answered, where it is not what the client gets. */
    public CacheStatus forwardStatus(int status) {
        forwardStatus = status;
        return this;
    }

    /** How much longer the response is fresh, in seconds; negative when it is stale. */
    public CacheStatus ttl(long seconds) {
        ttl = seconds;
        return this;
    }

    /** What came was stored. */
    public CacheStatus stored() {
        stored = true;
        return this;
    }

    /** The request waited for another's answer. */
    public CacheStatus collapsed() {
        collapsed = true;
        return this;
    }

    /** What it is stored under; not said by default, since it may tell clients of others' URLs. */
    public CacheStatus key(String text) {
        key = text;
        return this;
    }

    /** What else there is to say: a sentence of ASCII, such as {@link Reuse#words}. */
    public CacheStatus detail(String text) {
        detail = text;
        return this;
    }

    /** Writes the field, line end and all. */
    public void write(HeadBuffer out) {
        out.put(NAME).put(cache);
        if (forward == null) {
            out.put(HIT);
        } else {
            out.put(FORWARD).put(forward.token);
        }
        if (forwardStatus != 0) {
            out.put(FORWARD_STATUS).decimal(forwardStatus);
        }
        if (ttl != NONE) {
            out.put(TTL).decimal(ttl);
        }
        out.put(STORED, 0, stored ? STORED.length : 0).put(COLLAPSED, 0, collapsed ? COLLAPSED.length : 0);
        if (!key.isEmpty()) {
            StructuredWriter.string(key, out.put(KEY));
        }
        if (!detail.isEmpty()) {
            StructuredWriter.string(detail, out.put(DETAIL));
        }
        out.put(CRLF);
    }
}
