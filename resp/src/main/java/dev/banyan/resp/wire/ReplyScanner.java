package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Finds where an answer of a node ends, in either version of the protocol. Owned by one loop. Looks at each byte of a line once however they
 * come in, skips the bytes of strings, and allocates nothing but for an answer that is deeper than any before. An attribute counts as part of the answer behind it.
 */
public final class ReplyScanner {
    /** Bytes that a line may have: of a text that an error of a script tells, or a big number. */
    static final int LINE = 1 << 20;
    /** Bytes that tell a length, which are fewer than these. */
    private static final int DIGITS = 32;
    /** Items of an answer, or bytes of a string in it. */
    static final int MOST = Integer.MAX_VALUE - 1024;

    private final LineNumber number = new LineNumber();
    private static final int FIRST_DEPTH = 16;

    private final int depth;
    private long[] left = new long[FIRST_DEPTH];
    private Step step = Step.KIND;
    private boolean whole;
    private boolean push;
    private byte type;
    private byte kind;
    private int level;
    /** Offset from the reader's index of the first byte not looked at yet. */
    private long at;
    /** Of a line's text, or, where a string's bytes are skipped, of the byte behind them. */
    private long mark;
    private int seen;

    /** @param depth how deep arrays may lie in each other */
    public ReplyScanner(int depth) {
        this.depth = depth;
        begin();
    }

    private enum Step { KIND, NUMBER, TEXT, STRING, CARRIAGE, FEED }

    /**
     * Looks at what has come in since, beginning at the reader's index; the scan behind a whole answer begins a new one there.
     *
     * @return whether a whole answer lies there
     * @throws ProtocolFault when it cannot be one
     */
    public boolean scan(ByteBuf in) {
        if (whole) {
            begin();
        }
        int base = in.readerIndex();
        int readable = in.readableBytes();
        while (!whole && at < readable) {
            int from = base + (int) at;
            switch (step) {
                case KIND -> kind(in.getByte(from));
                case NUMBER -> number(in, from, base);
                case TEXT -> text(in, from, base);
                case STRING -> skip(readable);
                case CARRIAGE -> expect(in.getByte(from), '\r', Step.FEED);
                case FEED -> {
                    expect(in.getByte(from), '\n', Step.KIND);
                    item();
                }
            }
        }
        seen = (int) Math.min(at, readable);
        return whole;
    }

    private void begin() {
        whole = false;
        push = false;
        type = 0;
        at = 0;
        seen = 0;
        level = 0;
        left[0] = 1;
        step = Step.KIND;
    }

    private void kind(byte next) {
        kind = next;
        at++;
        // What attributes hold has been counted on top of the answer itself.
        if (level == 0 && left[0] == 1 && kind != '|') {
            type = kind;
            push = kind == '>';
        }
        switch (kind) {
            case '+', '-', ':', ',', '(', '#', '_' -> {
                mark = at;
                step = Step.TEXT;
            }
            case '$', '!', '=', '*', '~', '>', '%', '|' -> {
                number.begin();
                step = Step.NUMBER;
            }
            default -> throw new ProtocolFault("an answer cannot begin with the byte " + (kind & 0xff));
        }
    }

    private void text(ByteBuf in, int from, int base) {
        int end = in.indexOf(from, in.writerIndex(), (byte) '\r');
        at = (end < 0 ? in.writerIndex() : end + 1) - base;
        if (at - mark > LINE) {
            throw new ProtocolFault("a line of an answer is longer than " + LINE + " bytes");
        }
        if (end >= 0) {
            step = Step.FEED;
        }
    }

    private void number(ByteBuf in, int from, int base) {
        int end = number.read(in, from, in.writerIndex());
        at = (end < 0 ? in.writerIndex() : end) - base;
        if (number.bytes() > DIGITS) {
            throw new ProtocolFault("the length behind a '" + (char) kind + "' is longer than " + DIGITS + " bytes");
        }
        if (end < 0) {
            return;
        }
        long length = number.value();
        if (number.wrong() || length > MOST || length < (kind == '$' || kind == '*' ? -1 : 0)) {
            throw new ProtocolFault(number.wrong() ? "no length stands behind a '" + (char) kind + "'" : "a length of " + length + " stands behind a '" + (char) kind + "'");
        }
        counted(length);
    }

    private void counted(long length) {
        switch (kind) {
            case '$', '!', '=' -> string(length);
            case '%' -> items(length * 2);
            case '|' -> {
                left[level] += length * 2;
                step = Step.KIND;
            }
            default -> items(length);
        }
    }

    private void string(long length) {
        if (length < 0) {
            item();
            return;
        }
        mark = at + length;
        step = length == 0 ? Step.CARRIAGE : Step.STRING;
    }

    private void items(long items) {
        if (items <= 0) {
            item();
            return;
        }
        if (level == depth) {
            throw new ProtocolFault("an answer has more than " + level + " arrays in each other");
        }
        if (level == left.length - 1) {
            left = Arrays.copyOf(left, left.length * 2);
        }
        left[++level] = items;
        step = Step.KIND;
    }

    private void skip(int readable) {
        at = Math.min(mark, readable);
        if (at == mark) {
            step = Step.CARRIAGE;
        }
    }

    private void expect(byte next, char wanted, Step then) {
        if (next != wanted) {
            throw new ProtocolFault("CR LF is missing behind a '" + (char) kind + "'");
        }
        at++;
        step = then;
    }

    /** One is whole, and with it all those whose last it was. */
    private void item() {
        step = Step.KIND;
        while (--left[level] == 0) {
            if (level == 0) {
                whole = true;
                return;
            }
            level--;
        }
    }

    /** Bytes of the answer that are in the buffer, as of the last scan; all of them if it said true. */
    public int length() {
        return seen;
    }

    /** The caller has read that many bytes, of those that {@link #length} tells, out of the buffer. */
    public void taken(int bytes) {
        at -= bytes;
        mark -= bytes;
        seen -= bytes;
    }

    /** The first byte of the answer, attributes not counted; 0 as long as it has not come. */
    public byte type() {
        return type;
    }

    /** Whether it is a push of version 3: no answer to a command, unless to one that subscribes. */
    public boolean push() {
        return push;
    }
}
