package dev.banyan.http.wire;

/** Comma-separated lists and numbers in field values (RFC 9110 section 5.6.1), as positions in their bytes. */
public final class Lists {
    private static final int MOST_DIGITS = 18;

    private Lists() {}

    /** The next comma, or {@code to}. */
    public static int comma(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != ',') {
            i++;
        }
        return i;
    }

    /** The first byte that is no blank, or {@code to}. */
    public static int trimStart(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && (bytes[i] == Grammar.SP || bytes[i] == Grammar.TAB)) {
            i++;
        }
        return i;
    }

    /** The index past the last byte that is no blank, or {@code from}. */
    public static int trimEnd(byte[] bytes, int from, int to) {
        int i = to;
        while (i > from && (bytes[i - 1] == Grammar.SP || bytes[i - 1] == Grammar.TAB)) {
            i--;
        }
        return i;
    }

    /** Whether it is a token (RFC 9110 section 5.6.2). */
    public static boolean token(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Grammar.token(bytes[i])) {
                return false;
            }
        }
        return from < to;
    }

    /** A number without sign, or -1 when it is none or has more than 18 digits beside leading zeros. */
    public static long number(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to - 1 && bytes[start] == '0') {
            start++;
        }
        if (start >= to || to - start > MOST_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < to; i++) {
            if (!Grammar.digit(bytes[i])) {
                return -1;
            }
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }

    /** A delta-seconds (RFC 9111 section 1.2.2): digits, of any length, at most {@link CacheControl#MOST_SECONDS}; -1 when it is none. */
    public static long seconds(byte[] bytes, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            if (!Grammar.digit(bytes[i])) {
                return -1;
            }
            value = Math.min(value * 10 + bytes[i] - '0', CacheControl.MOST_SECONDS);
        }
        return from < to ? value : -1;
    }
}
