package dev.banyan.photos;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which bytes a Range header asks for (RFC 9110, 14.2): one range of bytes; several at once are answered with the whole. */
sealed interface ByteRange {
    /** Send everything: no range, or one that we need not understand. */
    record Whole() implements ByteRange {}

    /** Send these, both ends included. */
    record Part(long first, long last) implements ByteRange {}

    /** 416: nothing of it is there. */
    record Unsatisfiable() implements ByteRange {}

    Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    static ByteRange of(String header, long size) {
        Matcher one = header == null ? null : ONE.matcher(header);
        if (one == null || !one.matches() || one.group(1).isEmpty() && one.group(2).isEmpty()) {
            return new Whole();
        }
        if (one.group(1).isEmpty()) {
            long suffix = Math.min(size, Long.parseLong(one.group(2)));
            return suffix == 0 ? new Unsatisfiable() : new Part(size - suffix, size - 1);
        }
        long first = Long.parseLong(one.group(1));
        long last = one.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(one.group(2)));
        if (!one.group(2).isEmpty() && Long.parseLong(one.group(2)) < first) {
            return new Whole();
        }
        return first >= size ? new Unsatisfiable() : new Part(first, last);
    }
}
