package dev.banyan.telemetry;

/**
 * Lines on their way to a file, put together byte by byte with no allocation. Owned by one IO loop, which must call {@link #tick} some ten
 * times a second. Full pages go to the {@link LineWriter}, never blocking: when its queue is full their lines are dropped and counted.
 *
 * <p>A line is a run of puts and then {@link #end}. A line of more than {@link #LONGEST} bytes is dropped and counted.
 */
public final class LineBuffer {
    /** The longest line, in bytes. */
    public static final int LONGEST = 8 * 1024;

    private static final int FLUSH_AT = 8 * 1024;
    private static final long FLUSH_AFTER_NANOS = 100_000_000;
    private static final byte[] HEX = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final LineWriter writer;
    private Page page;
    private byte[] bytes;
    private int at;
    private boolean tooLong;
    private long oldestNanos;

    LineBuffer(LineWriter writer) {
        this.writer = writer;
        turnTo(new Page(FLUSH_AT + LONGEST));
    }

    /** Puts ASCII text as it is. */
    public LineBuffer text(String ascii) {
        int length = ascii.length();
        if (fits(length)) {
            for (int i = 0; i < length; i++) {
                bytes[at + i] = (byte) ascii.charAt(i);
            }
            at += length;
        }
        return this;
    }

    /** Puts bytes as they are: already encoded, without a line feed. */
    public LineBuffer raw(byte[] some, int from, int length) {
        if (fits(length)) {
            System.arraycopy(some, from, bytes, at, length);
            at += length;
        }
        return this;
    }

    public LineBuffer number(long number) {
        if (!fits(20)) {
            return this;
        }
        if (number == Long.MIN_VALUE) {
            return text("-9223372036854775808");
        }
        if (number < 0) {
            bytes[at++] = '-';
        }
        long left = Math.abs(number);
        int end = at + digits(left);
        for (int i = end - 1; i >= at; i--, left /= 10) {
            bytes[i] = (byte) ('0' + left % 10);
        }
        at = end;
        return this;
    }

    /** Puts milliseconds with three decimals: {@code 12.345}. */
    public LineBuffer millis(long nanos) {
        long micros = Math.max(0, nanos) / 1_000;
        number(micros / 1_000);
        if (fits(4)) {
            int rest = (int) (micros % 1_000);
            bytes[at++] = '.';
            bytes[at++] = (byte) ('0' + rest / 100);
            bytes[at++] = (byte) ('0' + rest / 10 % 10);
            bytes[at++] = (byte) ('0' + rest % 10);
        }
        return this;
    }

    /** Puts text as a JSON string with its quotes; in UTF-8. */
    public LineBuffer json(CharSequence text) {
        put('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                utf8(Character.toCodePoint(c, text.charAt(++i)));
            } else if (c < 0x80) {
                jsonByte(c);
            } else {
                utf8(Character.isSurrogate(c) ? 0xfffd : c);
            }
        }
        return put('"');
    }

    /** Puts bytes as a JSON string with its quotes, each byte over 127 as the Latin-1 character it is: what a peer sent as a header. */
    public LineBuffer json(byte[] latin1, int from, int length) {
        put('"');
        for (int i = from; i < from + length; i++) {
            int c = latin1[i] & 0xff;
            if (c < 0x80) {
                jsonByte(c);
            } else {
                utf8(c);
            }
        }
        return put('"');
    }

    /**
     * Ends the line.
     *
     * @param nowNanos the loop's clock
     */
    public void end(long nowNanos) {
        if (tooLong) {
            at = page.length;
            tooLong = false;
            writer.dropped(1);
            return;
        }
        bytes[at++] = '\n';
        if (page.lines++ == 0) {
            oldestNanos = nowNanos;
        }
        page.length = at;
        if (at >= FLUSH_AT || nowNanos - oldestNanos >= FLUSH_AFTER_NANOS) {
            flush();
        }
    }

    /** Sends on what has waited long enough, between two lines. */
    public void tick(long nowNanos) {
        if (page.lines > 0 && nowNanos - oldestNanos >= FLUSH_AFTER_NANOS) {
            flush();
        }
    }

    /** Sends on what there is, between two lines. */
    public void flush() {
        if (page.lines > 0) {
            turnTo(writer.exchange(page));
        }
    }

    private void turnTo(Page next) {
        next.length = 0;
        next.lines = 0;
        page = next;
        bytes = next.bytes;
        at = 0;
    }

    /** Whether so many bytes and the line feed have room; if not, the line is lost. */
    private boolean fits(int length) {
        tooLong |= at - page.length + length >= LONGEST;
        return !tooLong;
    }

    private LineBuffer put(int one) {
        if (fits(1)) {
            bytes[at++] = (byte) one;
        }
        return this;
    }

    private void jsonByte(int c) {
        if (c == '"' || c == '\\') {
            put('\\').put(c);
        } else if (c >= 0x20 && c != 0x7f) {
            put(c);
        } else if (fits(6)) {
            text("\\u00").put(HEX[c >> 4]).put(HEX[c & 15]);
        }
    }

    private void utf8(int point) {
        if (point < 0x800) {
            put(0xc0 | point >> 6);
        } else if (point < 0x10000) {
            put(0xe0 | point >> 12).put(0x80 | point >> 6 & 0x3f);
        } else {
            put(0xf0 | point >> 18).put(0x80 | point >> 12 & 0x3f).put(0x80 | point >> 6 & 0x3f);
        }
        put(0x80 | point & 0x3f);
    }

    private static int digits(long number) {
        int digits = 1;
        for (long bound = 10; digits < 19 && number >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }

    /** Whole lines; belongs to one buffer, then to the writer, then to a buffer again. */
    static final class Page {
        final byte[] bytes;
        int length;
        int lines;

        Page(int size) {
            bytes = new byte[size];
        }
    }
}
