package dev.banyan.photos;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * Who may keep an answer, and for how long: HTTP's own headers (RFC 9111), so that any cache in front does the same. What is meant for caches of a delivery
 * network alone stands in {@code CDN-Cache-Control} (RFC 9213); by {@code Surrogate-Key} they can be told to forget what belongs to a photo or a person.
 */
final class Keeping {
    /** Named by its content: it never changes, and no browser asks for it again. */
    static final String FOREVER = "public, max-age=31536000, immutable";

    /** A picture can be deleted: a network's cache asks again each hour, and goes without an answer for a day when there is none. */
    private static final String PICTURE_AT_EDGES = "max-age=3600, stale-while-revalidate=60, stale-if-error=86400";
    private static final String PAGE = "public, max-age=0, s-maxage=5";
    private static final String PAGE_AT_EDGES = "max-age=5, stale-while-revalidate=30, stale-if-error=600";
    private static final String NOBODY = "private, no-store";

    private Keeping() {}

    /** A style sheet and the like: its URL holds a hash of it. */
    static Answer asset(Exchange exchange, Answer answer, String etag) {
        return ifChanged(exchange, answer, etag).with("ETag", etag).with("Cache-Control", FOREVER);
    }

    /** A picture, or the answer that it has not changed. */
    static Answer picture(Answer answer, String file, String etag) {
        return answer.with("ETag", etag).with("Cache-Control", FOREVER).with("CDN-Cache-Control", PICTURE_AT_EDGES).with("Surrogate-Key", "picture-" + file.substring(0, 16));
    }

    /**
     * What is the same for everybody who is not signed in, and may be some seconds old for them; for all others it is theirs alone. Both say which headers made
     * the difference, so that no cache takes one for the other.
     *
     * @param tags what it shows, as {@link #photo} and {@link #user} name it
     */
    static Answer shared(Exchange exchange, Answer answer, Stream<String> tags) {
        Answer told = answer.with("Vary", "Cookie, Authorization");
        if (!exchange.anonymous()) {
            return told.with("Cache-Control", NOBODY);
        }
        String etag = told.body() instanceof Answer.Body.Bytes body ? etag(body.bytes()) : "";
        return ifChanged(exchange, told, etag).with("ETag", etag).with("Cache-Control", PAGE).with("CDN-Cache-Control", PAGE_AT_EDGES)
                .with("Surrogate-Key", String.join(" ", tags.distinct().toList()));
    }

    static String photo(long id) {
        return "photo-" + id;
    }

    static String user(String name) {
        return "user-" + name;
    }

    static Stream<String> photos(Collection<PhotoView> photos) {
        return photos.stream().map(photo -> photo(photo.id()));
    }

    /** What is said when an answer says nothing of it. */
    static String unlessSaid() {
        return NOBODY;
    }

    private static Answer ifChanged(Exchange exchange, Answer answer, String etag) {
        return MediaActions.matches(exchange.header("If-None-Match"), etag) ? new Answer(304, answer.headers(), new Answer.Body.None()) : answer;
    }

    /** Of exactly these bytes. */
    static String etag(byte[] bytes) {
        try {
            return '"' + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
