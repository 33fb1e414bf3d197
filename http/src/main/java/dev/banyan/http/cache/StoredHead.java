package dev.banyan.http.cache;

import java.util.List;

/**
 * What is kept of a response beside its content. Immutable: a validation makes a new one.
 *
 * @param status the response's status; 200 for a part of one as well, since that is what it is a part of
 * @param fields its header fields as lines {@code Name: value CRLF}, {@code Date} among them, without those of one hop, {@code Age}, {@code Content-Length} and what the cache writes itself; shared, not to be changed
 * @param requestedMillis when it was asked for, in milliseconds since 1970
 * @param receivedMillis when its head had come
 * @param dateMillis when it was made, as its {@code Date} says, else when it came
 * @param initialAgeMillis its age when it had come (RFC 9111 section 4.2.3, corrected_initial_age)
 * @param lifetime how long it may be reused
 * @param etag its entity tag as written, quotes and {@code W/} with it; "" when it has none
 * @param lastModifiedMillis its {@code Last-Modified}; -1 when it has none that can be read
 * @param vary which requests it answers
 * @param range which part of the representation the content is
 * @param tags what it is purged by, from {@code Surrogate-Key} and {@code Cache-Tag}
 */
public record StoredHead(
        int status,
        byte[] fields,
        long requestedMillis,
        long receivedMillis,
        long dateMillis,
        long initialAgeMillis,
        Lifetime lifetime,
        String etag,
        long lastModifiedMillis,
        Vary vary,
        Part range,
        List<String> tags) {

    public StoredHead {
        tags = List.copyOf(tags);
    }

    /** How old it is, in whole seconds (RFC 9111 section 4.2.3, current_age). */
    public long age(long nowMillis) {
        return (initialAgeMillis + Math.max(0, nowMillis - receivedMillis)) / 1000;
    }

    /** How much longer it is fresh, in seconds; 0 or less when it is stale. */
    public long left(long nowMillis) {
        return lifetime.fresh - age(nowMillis);
    }

    /** The same, to be validated before it is used again, though it may stand in for an origin that fails: what a soft purge leaves. */
    public StoredHead stale(long nowMillis) {
        long fresh = Math.min(lifetime.fresh, age(nowMillis));
        Lifetime ended = new Lifetime(fresh, 0, lifetime.ifError, lifetime.noCache, lifetime.mustRevalidate, lifetime.source);
        return new StoredHead(status, fields, requestedMillis, receivedMillis, dateMillis, initialAgeMillis, ended, etag, lastModifiedMillis, vary, range, tags);
    }

    /**
     * The same as another part of its representation.
     *
     * @param other what is held now, after parts were put together
     */
    public StoredHead with(Part other) {
        return new StoredHead(status, fields, requestedMillis, receivedMillis, dateMillis, initialAgeMillis, lifetime, etag, lastModifiedMillis, vary, other, tags);
    }

    StoredHead with(Vary other) {
        return new StoredHead(status, fields, requestedMillis, receivedMillis, dateMillis, initialAgeMillis, lifetime, etag, lastModifiedMillis, other, range, tags);
    }

    /**
     * How long a response may be reused, in seconds.
     *
     * @param fresh from its birth on
     * @param whileRevalidate beyond that, while a new one is fetched (RFC 5861 section 3)
     * @param ifError beyond that, when no new one can be had (RFC 5861 section 4; what the site allows where the origin says nothing)
     * @param noCache never without validation
     * @param mustRevalidate never stale
     * @param source where its freshness was read
     */
    public record Lifetime(long fresh, long whileRevalidate, long ifError, boolean noCache, boolean mustRevalidate, Source source) {
        /** Whether anybody but who asked for it may get it unasked. Where not, nobody should wait for another's answer: each must be validated for its own client. */
        public boolean shareable() {
            return fresh > 0 && !noCache;
        }
    }

    /** What said how long a response is fresh, in the order in which they count (RFC 9111 section 4.2.1, RFC 9213 section 2.2). */
    public enum Source {
        CDN_CACHE_CONTROL,
        SURROGATE_CONTROL,
        S_MAXAGE,
        MAX_AGE,
        EXPIRES,
        /** A part of the time since it was last modified (RFC 9111 section 4.2.2). */
        HEURISTIC,
        /** A while that the site chose for answers that say there is nothing. */
        NEGATIVE,
        NOTHING
    }

    /**
     * The request's fields that chose the response, {@code Vary}.
     *
     * @param names in lower case, sorted
     * @param values of the request that was answered, normalised; as many
     */
    public record Vary(List<String> names, List<String> values) {
        public static final Vary NONE = new Vary(List.of(), List.of());

        public Vary {
            names = List.copyOf(names);
            values = List.copyOf(values);
        }
    }

    /**
     * Which bytes of a representation the content is.
     *
     * @param whole whether it is all of them
     * @param first the first byte's index
     * @param end the index past the last byte; -1 when it is whole, since then the content says
     * @param length of the representation, -1 when it is not known
     */
    public record Part(boolean whole, long first, long end, long length) {
        public static final Part WHOLE = new Part(true, 0, -1, -1);
    }
}
