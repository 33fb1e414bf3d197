package dev.banyan.http.wire;

import static dev.banyan.http.wire.Grammar.CR;
import static dev.banyan.http.wire.Grammar.LF;

import io.netty.buffer.ByteBuf;

/**
 * The chunked transfer coding (RFC 9112 section 7.1), checked byte by byte where it must be and skipped over where it may. Owned by one IO
 * loop.
 *
 * <p>Sizes are bare hexadecimal digits; extensions and trailers are bounded and hold no control character; every line ends with CRLF.
 */
public final class Chunks {
    /** 15 hexadecimal digits stay below 2^60. */
    private static final int MOST_DIGITS = 15;
    private static final int LONGEST_EXTENSION = 256;
    private static final int LONGEST_TRAILERS = 8192;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        DONE,
        BROKEN
    }

    private State state = State.DONE;
    private long size;
    private int digits;
    private int line;
    private long payload;

    public void start() {
        state = State.SIZE;
        size = 0;
        digits = 0;
        line = 0;
        payload = 0;
    }

    /** As {@link Body#consume}. */
    public int consume(ByteBuf wire, int index, int end, Payload to) {
        int i = index;
        while (i < end && state != State.DONE && state != State.BROKEN) {
            if (state == State.DATA) {
                int length = (int) Math.min(size, end - i);
                if (to != null) {
                    to.piece(wire, i, length);
                }
                payload += length;
                size -= length;
                i += length;
                if (size == 0) {
                    state = State.DATA_CR;
                }
            } else {
                state = after(wire.getByte(i++));
            }
        }
        return i;
    }

    private State after(byte b) {
        return switch (state) {
            case SIZE -> inSize(b);
            case EXTENSION -> b == CR ? State.SIZE_LF : bounded(Grammar.value(b), LONGEST_EXTENSION, State.EXTENSION);
            case SIZE_LF -> b == LF ? afterSize() : State.BROKEN;
            case DATA_CR -> b == CR ? State.DATA_LF : State.BROKEN;
            case DATA_LF -> b == LF ? nextChunk() : State.BROKEN;
            case TRAILER_START -> b == CR ? State.LAST_LF : bounded(Grammar.token(b), LONGEST_TRAILERS, State.TRAILER_NAME);
            case TRAILER_NAME -> b == ':' ? State.TRAILER_VALUE : bounded(Grammar.token(b), LONGEST_TRAILERS, State.TRAILER_NAME);
            case TRAILER_VALUE -> b == CR ? State.TRAILER_LF : bounded(Grammar.value(b), LONGEST_TRAILERS, State.TRAILER_VALUE);
            case TRAILER_LF -> b == LF ? State.TRAILER_START : State.BROKEN;
            case LAST_LF -> b == LF ? State.DONE : State.BROKEN;
            case DATA, DONE, BROKEN -> throw new IllegalStateException("no byte belongs to " + state);
        };
    }

    private State inSize(byte b) {
        int value = Grammar.hex(b);
        if (value >= 0) {
            size = size << 4 | value;
            return ++digits <= MOST_DIGITS ? State.SIZE : State.BROKEN;
        }
        if (digits == 0) {
            return State.BROKEN;
        }
        return b == CR ? State.SIZE_LF : b == ';' ? State.EXTENSION : State.BROKEN;
    }

    private State afterSize() {
        line = 0;
        return size == 0 ? State.TRAILER_START : State.DATA;
    }

    private State nextChunk() {
        digits = 0;
        line = 0;
        return State.SIZE;
    }

    private State bounded(boolean allowed, int most, State same) {
        return allowed && ++line <= most ? same : State.BROKEN;
    }

    public boolean done() {
        return state == State.DONE;
    }

    public boolean broken() {
        return state == State.BROKEN;
    }

    public long payload() {
        return payload;
    }
}
