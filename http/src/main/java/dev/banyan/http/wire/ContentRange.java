package dev.banyan.http.wire;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import java.util.Optional;

/**
 * Which bytes of a representation a 206 holds, {@code bytes 0-499/1234} (RFC 9110 section 14.4).
 *
 * @param first the first byte's index
 * @param last the last byte's index
 * @param length of the representation, -1 when it is not known
 */
public record ContentRange(long first, long last, long length) {
    private static final byte[] UNIT = ascii("bytes ");
    private static final byte[] CONTENT_RANGE = ascii("Content-Range: bytes ");
    private static final byte[] CRLF = ascii("\r\n");

    /** What a field's value says; empty for other units, for the form of a 416 and for what is no range. */
    public static Optional<ContentRange> read(byte[] bytes, int from, int to) {
        int slash = indexOf('/', bytes, from, to);
        int dash = indexOf('-', bytes, from, slash);
        if (slash == to || dash == slash || dash - from < UNIT.length || !Grammar.equalsIgnoreCase(bytes, from, from + UNIT.length, UNIT)) {
            return Optional.empty();
        }
        long first = Lists.number(bytes, from + UNIT.length, dash);
        long last = Lists.number(bytes, dash + 1, slash);
        boolean unknown = to - slash == 2 && bytes[slash + 1] == '*';
        long length = unknown ? -1 : Lists.number(bytes, slash + 1, to);
        boolean fits = first >= 0 && last >= first && (unknown || length > last);
        return fits ? Optional.of(new ContentRange(first, last, length)) : Optional.empty();
    }

    private static int indexOf(char wanted, byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != wanted) {
            i++;
        }
        return i;
    }

    /** Writes the field of a 206, line end and all. */
    public static void write(long first, long last, long length, HeadBuffer out) {
        out.put(CONTENT_RANGE).decimal(first).put('-').decimal(last).put('/').put(length < 0 ? ascii("*") : new byte[0]);
        (length < 0 ? out : out.decimal(length)).put(CRLF);
    }

    /** Writes the field of a 416, line end and all (section 15.5.17). */
    public static void writeUnsatisfied(long length, HeadBuffer out) {
        out.put(CONTENT_RANGE).put('*').put('/').decimal(length).put(CRLF);
    }
}
