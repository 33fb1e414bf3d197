package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;

/**
 * The number that stands in a line's rest, read as its bytes come in and judged as Redis does ({@code string2ll} of its {@code util.c}): no
 * sign but a minus, no zero in front, nothing else. Owned by one scanner.
 */
final class LineNumber {
    private static final int DIGITS = 18;
    private static final int LINE_END = '\r' << 8 | '\n';

    private long value;
    private int digits;
    private int bytes;
    private boolean negative;
    private boolean wrong;
    private boolean carriage;

    void begin() {
        value = 0;
        digits = 0;
        bytes = 0;
        negative = false;
        wrong = false;
        carriage = false;
    }

    /**
     * Begins, and reads a number of one or two digits in one look, which nearly all are.
     *
     * @return the index behind the line's end; -1 for another number or one that is not all there, which is for {@link #read} to read from its first byte
     */
    int beginShort(ByteBuf in, int from, int to) {
        begin();
        if (to - from < Integer.BYTES) {
            return -1;
        }
        int four = in.getInt(from);
        int first = (four >>> 24) - '0';
        int second = (four >>> 16 & 0xff) - '0';
        if (first < 1 || first > 9) {
            return -1;
        }
        if ((four >>> 8 & 0xffff) == LINE_END) {
            return is(first, 1, from);
        }
        return second >= 0 && second <= 9 && (four & 0xffff) == LINE_END ? is(first * 10 + second, 2, from) : -1;
    }

    private int is(int number, int length, int from) {
        value = number;
        digits = length;
        bytes = length;
        return from + length + 2;
    }

    /** Reads on from an index; the index behind the line's end, or -1 if that has not come. */
    int read(ByteBuf in, int from, int to) {
        for (int i = from; i < to; i++) {
            byte next = in.getByte(i);
            if (carriage) {
                wrong |= next != '\n' || digits == 0;
                return i + 1;
            }
            if (next == '\r') {
                carriage = true;
            } else {
                add(next);
            }
        }
        return -1;
    }

    private void add(byte next) {
        bytes++;
        if (next >= '0' && next <= '9' && digits < DIGITS && (next != '0' || !negative || digits > 0) && (value != 0 || digits == 0)) {
            value = value * 10 + next - '0';
            digits++;
        } else if (next == '-' && bytes == 1) {
            negative = true;
        } else {
            wrong = true;
        }
    }

    /** Of the line so far, without its end. */
    int bytes() {
        return bytes;
    }

    /** When the line is whole: whether it was no number of at most 18 digits. */
    boolean wrong() {
        return wrong;
    }

    long value() {
        return negative ? -value : value;
    }
}
