package dev.banyan.http.wire;

/**
 * Entity tags (RFC 9110 section 8.8.3) and lists of them, as {@code If-None-Match} and {@code If-Match} carry. Allocates nothing.
 *
 * <p>A tag that is not quoted, as some servers send them, is compared as it is written and never taken for a strong one.
 */
public final class EntityTags {
    private EntityTags() {}

    /** Whether a tag is a strong validator (section 8.8.1): quoted and not marked weak. */
    public static boolean strong(String tag) {
        return tag.length() >= 2 && tag.charAt(0) == '"' && tag.charAt(tag.length() - 1) == '"';
    }

    /** Whether two tags are the same one, whatever their strength (section 8.8.3.2, weak comparison). */
    public static boolean sameWeakly(String a, String b) {
        int fromA = opaqueStart(a);
        int fromB = opaqueStart(b);
        return a.length() - fromA == b.length() - fromB && a.regionMatches(fromA, b, fromB, a.length() - fromA) && a.length() > fromA;
    }

    /** Whether two tags are the same and both strong (section 8.8.3.2, strong comparison). */
    public static boolean sameStrongly(String a, String b) {
        return strong(a) && a.equals(b);
    }

    private static int opaqueStart(String tag) {
        return tag.startsWith("W/\"") ? 2 : 0;
    }

    /**
     * Whether the list {@code bytes[from, to)} has a tag that is the same as this one; {@code *} is any.
     *
     * @param tag of what there is, "" for something without a tag
     * @param strongly how they are compared
     */
    public static boolean has(byte[] bytes, int from, int to, String tag, boolean strongly) {
        int at = from;
        while (at < to) {
            int start = Lists.trimStart(bytes, at, to);
            int end = memberEnd(bytes, start, to);
            int tagEnd = Lists.trimEnd(bytes, start, end);
            if (tagEnd - start == 1 && bytes[start] == '*' || same(bytes, start, tagEnd, tag, strongly)) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }

    /** At the comma behind the tag that begins there; one within its quotes is part of it. */
    private static int memberEnd(byte[] bytes, int from, int to) {
        int quote = from;
        while (quote < to && quote < from + 3 && bytes[quote] != '"' && bytes[quote] != ',') {
            quote++;
        }
        if (quote < to && quote < from + 3 && bytes[quote] == '"') {
            int i = quote + 1;
            while (i < to && bytes[i] != '"') {
                i++;
            }
            if (i < to) {
                return Lists.comma(bytes, i, to);
            }
        }
        return Lists.comma(bytes, from, to);
    }

    /** Whether the tag {@code bytes[from, to)} is the same as this one. */
    public static boolean same(byte[] bytes, int from, int to, String tag, boolean strongly) {
        if (strongly) {
            return strong(tag) && equal(bytes, from, to, tag, 0);
        }
        boolean weak = to - from > 2 && bytes[from] == 'W' && bytes[from + 1] == '/' && bytes[from + 2] == '"';
        return equal(bytes, weak ? from + 2 : from, to, tag, opaqueStart(tag));
    }

    private static boolean equal(byte[] bytes, int from, int to, String tag, int tagFrom) {
        if (to - from != tag.length() - tagFrom || from == to) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if ((bytes[from + i] & 0xff) != tag.charAt(tagFrom + i)) {
                return false;
            }
        }
        return true;
    }
}
