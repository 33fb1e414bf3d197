package dev.banyan.postgres;

import java.util.Locale;
import java.util.OptionalLong;

/** A position in PostgreSQL's write-ahead log as a long: bytes since the log began (PostgreSQL's manual, 8.20: pg_lsn). */
final class Lsn {
    /** No position: every server has it. */
    static final long NONE = 0;

    private static final int MOST_DIGITS = 8;

    private Lsn() {}

    /** The position written as {@code 16/B374D848}; empty when the text is none, or is 8 EiB and above, which no log reaches. */
    static OptionalLong parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return OptionalLong.empty();
        }
        long high = digits(text, 0, slash);
        long low = digits(text, slash + 1, text.length());
        return high < 0 || low < 0 || high > Integer.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(high << 32 | low);
    }

    /** As PostgreSQL writes it. */
    static String format(long lsn) {
        return Long.toHexString(lsn >>> 32).toUpperCase(Locale.ROOT) + "/" + Long.toHexString(lsn & 0xFFFF_FFFFL).toUpperCase(Locale.ROOT);
    }

    /** Hexadecimal digits; -1 when there are none, too many, or others. */
    private static long digits(String text, int from, int to) {
        if (from == to || to - from > MOST_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
