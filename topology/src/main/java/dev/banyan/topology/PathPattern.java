package dev.banyan.topology;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Segments of a path: {@code /users/{id}/photos}. A segment in braces stands for any one segment and gives it a name. A slash at the end means
 * nothing.
 *
 * @param segments as written, percent-encoded where they must be; none is the root
 */
public record PathPattern(List<String> segments) {
    /** The whole text; the same in Java and ECMAScript. */
    public static final String FORM = "/|(/([A-Za-z0-9._~!$&'()*+,=:@%-]+|\\{[a-z][a-z0-9-]{0,30}\\}))+/?";

    public static final PathPattern ROOT = new PathPattern(List.of());

    private static final Pattern WHOLE = Pattern.compile(FORM);
    private static final Pattern NAMED = Pattern.compile("\\{(.+)}");
    private static final Pattern BROKEN_CODE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    /** Codes of slash, backslash, semicolon and control characters, which could mean other segments to a service. */
    private static final Pattern STRUCTURE = Pattern.compile("%(2[fF]|5[cC]|3[bB]|[01][0-9A-Fa-f]|7[fF])");

    public PathPattern {
        segments = List.copyOf(segments);
    }

    /** @throws IllegalArgumentException when the text is no such path */
    public static PathPattern parse(String text) {
        boolean climbs = text.matches(".*/(\\.|%2[eE]){1,2}(/.*|)");
        if (!WHOLE.matcher(text).matches() || climbs || BROKEN_CODE.matcher(text).find() || STRUCTURE.matcher(text).find()) {
            throw new IllegalArgumentException("a path is / and segments without ., .., empty ones and codes of slashes, as /users/{id}/photos, not '" + text + "'");
        }
        return text.equals("/") ? ROOT : new PathPattern(Arrays.asList(text.substring(1).split("/")));
    }

    /** The name that a segment gives to what it stands for; empty when it stands for itself. */
    public static Optional<String> named(String segment) {
        Matcher named = NAMED.matcher(segment);
        return named.matches() ? Optional.of(named.group(1)) : Optional.empty();
    }

    /** The names that its segments give, in their order. */
    public List<String> names() {
        return segments.stream().flatMap(segment -> named(segment).stream()).toList();
    }

    /** As the site file writes it. */
    @Override
    public String toString() {
        return "/" + String.join("/", segments);
    }
}
