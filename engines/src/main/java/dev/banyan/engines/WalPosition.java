package dev.banyan.engines;

import java.util.Locale;

/**
 * A place in a cluster's write-ahead log (pg_lsn): of two of one timeline the greater is the later, and their difference is in bytes.
 *
 * @param bytes from the log's beginning; 0 where there is none
 */
public record WalPosition(long bytes) implements Comparable<WalPosition> {
    public static final WalPosition NONE = new WalPosition(0);

    /** As PostgreSQL writes it, {@code 16/B374D848}; an empty text is none. */
    public static WalPosition parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        int slash = text.indexOf('/');
        long high = Long.parseLong(text, 0, slash, 16);
        return new WalPosition(high << 32 | Long.parseLong(text, slash + 1, text.length(), 16));
    }

    /** How far this one is behind the other, in bytes; 0 when it is not. */
    public long behind(WalPosition other) {
        return Math.max(0, other.bytes - bytes);
    }

    @Override
    public int compareTo(WalPosition other) {
        return Long.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%X/%X", bytes >>> 32, bytes & 0xFFFF_FFFFL);
    }
}
