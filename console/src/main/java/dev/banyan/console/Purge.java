package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What shall not be served from any edge any more.
 *
 * @param what the URL, the tag or the beginning of URLs; empty for all
 * @param soft it only becomes stale: validated before it is used again, and used where stale responses may be
 */
public record Purge(Kind kind, String what, boolean soft) {
    private static final int LONGEST = 8192;

    /** Which responses. */
    public enum Kind {
        /** All variants of one URL. */
        URL,
        /** Those with a tag (Surrogate-Key, Cache-Tag). */
        TAG,
        /** Those whose URL begins so. */
        PREFIX,
        ALL
    }

    /** @throws BanyanException USAGE when it names nothing */
    public Purge {
        if ((kind == Kind.ALL) != what.isEmpty() || what.length() > LONGEST) {
            throw new BanyanException(ErrorCode.USAGE, usage());
        }
        if ((kind == Kind.URL || kind == Kind.PREFIX) && !what.matches("https?://[^\\s/?#]+.*")) {
            throw new BanyanException(ErrorCode.USAGE, "'" + what + "' is not a URL as clients ask for it: begin with http:// or https:// and the host, as http://localhost:8080/photos/");
        }
    }

    /** From the admin API: {@code {"url": ..}}, {@code {"tag": ..}}, {@code {"prefix": ..}} or {@code {"all": true}}, with {@code "soft": true} besides. */
    static Purge of(JsonNode body) {
        List<Kind> given = Stream.of(Kind.values()).filter(kind -> body.has(key(kind))).toList();
        if (given.size() != 1) {
            throw new BanyanException(ErrorCode.USAGE, usage());
        }
        Kind kind = given.getFirst();
        String what = kind == Kind.ALL ? "" : Optional.of(body.get(key(kind))).filter(JsonNode::isString).map(JsonNode::stringValue).orElse("");
        if (kind == Kind.ALL && !body.get("all").asBoolean()) {
            throw new BanyanException(ErrorCode.USAGE, usage());
        }
        return new Purge(kind, what, body.path("soft").asBoolean());
    }

    /** What it is called in the API and on the command line. */
    public static String key(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String usage() {
        return "say what to purge, one of {\"url\": \"http://HOST/PATH\"}, {\"tag\": \"photo-42\"}, {\"prefix\": \"http://HOST/photos/\"}, {\"all\": true}, with \"soft\": true to keep it as stale";
    }

    /** {@code the tag photo-42, softly}. */
    @Override
    public String toString() {
        String named = switch (kind) {
            case URL -> what;
            case TAG -> "the tag " + what;
            case PREFIX -> "all below " + what;
            case ALL -> "everything";
        };
        return soft ? named + ", softly" : named;
    }
}
