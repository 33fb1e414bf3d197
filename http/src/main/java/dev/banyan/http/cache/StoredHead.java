package dev.banyan.http.cache;

import java.util.List;

/**
 * What is kept of a response beside its content. Immutable: a validation makes a new one.
 *
 * @param status the response's status
 * @param fields its header fields as lines {@code Name: value CRLF}, without those of one hop, {@code Age}, {@code Content-Length} and what the cache writes itself; shared, not to be changed
 * @param requestedMillis when it was asked for, in milliseconds since 1970
 * @param receivedMillis when its head had come
 * @param initialAge its age when it had come, in seconds (RFC 9111 section 4.2.3, corrected_initial_age)
 * @param lifetime how long it may be reused
 * @param etag its entity tag as written, quotes and {@code W/} with it; "" when it has none
 * @param lastModifiedMillis its {@code Last-Modified}; -1 when it has none that can be read
 * @param vary which requests it answers
 * @param range which part of the representation the content is
 * @param tags what it is purged by, from {@code Surrogate-Key} and {@code Cache-Tag}
 */
public record StoredHead(
        int status, byte[] fields, long requestedMillis, long receivedMillis, long initialAge, Lifetime lifetime, String etag, long lastModifiedMillis, Vary vary, Part range, List<String> tags) {

    public StoredHead {
        tags = List.copyOf(tags);
    }

    /**
     * How long a response may be reused, in seconds.
     *
     * @param fresh from its birth on
     * @param whileRevalidate beyond that, while a new one is fetched (RFC 5861 section 3)
     * @param ifError beyond that, when no new one can be had (RFC 5861 section 4)
     * @param noCache never without validation
     * @param mustRevalidate never stale
     */
    public record Lifetime(long fresh, long whileRevalidate, long ifError, boolean noCache, boolean mustRevalidate) {}

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
     * @param first the first byte's index
     * @param length of the representation, -1 when it is not known
     */
    public record Part(boolean whole, long first, long length) {
        public static final Part WHOLE = new Part(true, 0, -1);
    }
}
