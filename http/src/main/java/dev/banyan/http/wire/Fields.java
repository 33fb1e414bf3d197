package dev.banyan.http.wire;

import static dev.banyan.http.wire.Grammar.CR;
import static dev.banyan.http.wire.Grammar.LF;
import static dev.banyan.http.wire.Grammar.SP;
import static dev.banyan.http.wire.Grammar.TAB;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header fields of one message, as positions in the bytes they came in; made once, filled for each message. Owned by one IO loop.
 *
 * <p>Strict by RFC 9112 section 5: a name is a token that the colon follows at once, a value has no control characters, lines end with CRLF
 * and are never folded.
 */
public final class Fields {
    /** Each field has four positions: the name's start and end, the value's start and end, blanks around it not included. */
    private static final int STRIDE = 4;

    private byte[] bytes = new byte[0];
    private int[] positions = new int[32 * STRIDE];
    private FieldName[] names = new FieldName[32];
    private int count;
    private int next;

    /**
     * Reads header lines up to and with the empty line.
     *
     * @param from where the first line begins
     * @param to where the bytes that are there end
     * @param most how many fields there may be
     * @return {@link HeadVerdict#WHOLE} with {@link #end()} set, {@link HeadVerdict#PARTIAL}, or a fault
     */
    public HeadVerdict read(byte[] source, int from, int to, int most) {
        bytes = source;
        count = 0;
        next = from;
        while (next < to) {
            if (source[next] == CR) {
                return next + 1 == to ? HeadVerdict.PARTIAL : end(source[next + 1]);
            }
            if (count == most) {
                return HeadVerdict.TOO_MANY_FIELDS;
            }
            HeadVerdict verdict = line(to);
            if (verdict != HeadVerdict.WHOLE) {
                return verdict;
            }
        }
        return HeadVerdict.PARTIAL;
    }

    private HeadVerdict end(byte afterCr) {
        if (afterCr != LF) {
            return HeadVerdict.BARE_CR;
        }
        next += 2;
        return HeadVerdict.WHOLE;
    }

    private HeadVerdict line(int to) {
        byte[] source = bytes;
        int nameStart = next;
        int i = nameStart;
        while (i < to && Grammar.token(source[i])) {
            i++;
        }
        if (i == to) {
            return HeadVerdict.PARTIAL;
        }
        if (source[i] != ':' || i == nameStart) {
            return notAName(i);
        }
        int nameEnd = i++;
        while (i < to && (source[i] == SP || source[i] == TAB)) {
            i++;
        }
        int valueStart = i;
        while (i < to && Grammar.value(source[i])) {
            i++;
        }
        if (i == to) {
            return HeadVerdict.PARTIAL;
        }
        if (source[i] != CR) {
            return source[i] == LF ? HeadVerdict.BARE_LF : HeadVerdict.BAD_VALUE;
        }
        if (i + 1 == to) {
            return HeadVerdict.PARTIAL;
        }
        if (source[i + 1] != LF) {
            return HeadVerdict.BARE_CR;
        }
        next = i + 2;
        while (i > valueStart && (source[i - 1] == SP || source[i - 1] == TAB)) {
            i--;
        }
        add(nameStart, nameEnd, valueStart, i);
        return HeadVerdict.WHOLE;
    }

    private HeadVerdict notAName(int at) {
        byte b = bytes[at];
        if (at == next && (b == SP || b == TAB)) {
            return HeadVerdict.FOLDED;
        }
        return b == LF ? HeadVerdict.BARE_LF : HeadVerdict.BAD_NAME;
    }

    private void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (count == names.length) {
            names = Arrays.copyOf(names, count * 2);
            positions = Arrays.copyOf(positions, positions.length * 2);
        }
        int p = count * STRIDE;
        positions[p] = nameStart;
        positions[p + 1] = nameEnd;
        positions[p + 2] = valueStart;
        positions[p + 3] = valueEnd;
        names[count++] = FieldName.of(bytes, nameStart, nameEnd);
    }

    public int count() {
        return count;
    }

    /** The index just past the empty line. */
    public int end() {
        return next;
    }

    public byte[] bytes() {
        return bytes;
    }

    public FieldName name(int field) {
        return names[field];
    }

    public int nameStart(int field) {
        return positions[field * STRIDE];
    }

    public int nameEnd(int field) {
        return positions[field * STRIDE + 1];
    }

    public int valueStart(int field) {
        return positions[field * STRIDE + 2];
    }

    public int valueEnd(int field) {
        return positions[field * STRIDE + 3];
    }

    public boolean valueIs(int field, byte[] lower) {
        return Grammar.equalsIgnoreCase(bytes, valueStart(field), valueEnd(field), lower);
    }

    /** The first field of this name, or -1. */
    public int find(FieldName name) {
        for (int i = 0; i < count; i++) {
            if (names[i] == name) {
                return i;
            }
        }
        return -1;
    }

    /** The first field whose name is this (lower case), or -1. */
    public int find(byte[] lower) {
        for (int i = 0; i < count; i++) {
            if (Grammar.equalsIgnoreCase(bytes, nameStart(i), nameEnd(i), lower)) {
                return i;
            }
        }
        return -1;
    }

    public String value(int field) {
        return new String(bytes, valueStart(field), valueEnd(field) - valueStart(field), StandardCharsets.ISO_8859_1);
    }
}
