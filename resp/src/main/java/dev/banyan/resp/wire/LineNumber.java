package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;

/**
 * The number that stands in a line's rest, read as its bytes come in and judged as Redis does ({@code string2ll} of its {@code util.c}): no
 * sign but a minus, no zero in front, nothing else. Owned by one scanner.
 */
final class LineNumber {
    private static final int DIGITS = 18;

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
