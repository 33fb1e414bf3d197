package dev.banyan.http.cache;

import java.util.List;

/**
 * What is to be purged, and how.
 *
 * @param hard gone; else it is stale from now on: validated before it is used again, but used where stale responses may be
 */
public record Purge(Scope scope, boolean hard) {
    /** Which responses. */
    public sealed interface Scope {
        /** All variants of one URL. */
        record Url(CacheKey key) implements Scope {}

        /** Those with a tag. */
        record Tag(String tag) implements Scope {}

        /** Those whose URL begins with this, byte for byte, as {@code https://host/photos/}. */
        record Prefix(String prefix) implements Scope {}

        /** All. */
        record All() implements Scope {}
    }

    boolean covers(CacheKey key, List<String> tags) {
        return switch (scope) {
            case Scope.Url url -> url.key.equals(key);
            case Scope.Tag tag -> tags.contains(tag.tag);
            case Scope.Prefix prefix -> key.startsWith(prefix.prefix.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            case Scope.All _ -> true;
        };
    }
}
