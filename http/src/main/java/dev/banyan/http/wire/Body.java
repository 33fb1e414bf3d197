package dev.banyan.http.wire;

import io.netty.buffer.ByteBuf;

/**
 * Finds where a message's body ends in the bytes that go by, and whether they keep to their framing; reused for each message. Owned by one
 * IO loop.
 *
 * <p>It copies nothing: the caller forwards the very bytes that {@link #consume} has passed.
 */
public final class Body {
    private enum Kind {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final Chunks chunks = new Chunks();
    private Kind kind = Kind.NONE;
    private long left;
    private long payload;
    private boolean broken;

    public void none() {
        start(Kind.NONE, 0);
    }

    /** @param length the bytes of the body, 0 or more */
    public void length(long length) {
        start(length == 0 ? Kind.NONE : Kind.LENGTH, length);
    }

    public void chunked() {
        start(Kind.CHUNKED, 0);
        chunks.start();
    }

    public void untilClose() {
        start(Kind.UNTIL_CLOSE, 0);
    }

    private void start(Kind kind, long length) {
        this.kind = kind;
        this.left = length;
        this.payload = 0;
        this.broken = false;
    }

    /**
     * Passes over the part of {@code wire[index, end)} that belongs to this body.
     *
     * @param payload told each piece of content without its framing, or null
     * @return the index just past what belongs to the body; after it {@link #done()} or {@link #broken()} may have become true
     */
    public int consume(ByteBuf wire, int index, int end, Payload payload) {
        return switch (kind) {
            case NONE -> index;
            case LENGTH -> {
                int taken = (int) Math.min(left, end - index);
                left -= taken;
                yield pass(wire, index, taken, payload);
            }
            case UNTIL_CLOSE -> pass(wire, index, end - index, payload);
            case CHUNKED -> {
                int next = chunks.consume(wire, index, end, payload);
                this.payload = chunks.payload();
                broken = chunks.broken();
                yield next;
            }
        };
    }

    private int pass(ByteBuf wire, int index, int length, Payload to) {
        payload += length;
        if (to != null && length > 0) {
            to.piece(wire, index, length);
        }
        return index + length;
    }

    /** Whether the body has ended. One that lasts until the connection closes never says so. */
    public boolean done() {
        return switch (kind) {
            case NONE -> true;
            case LENGTH -> left == 0;
            case CHUNKED -> chunks.done();
            case UNTIL_CLOSE -> false;
        };
    }

    /** Whether the bytes broke their framing; nothing after them can be trusted. */
    public boolean broken() {
        return broken;
    }

    /** Whether the end of the connection is the body's proper end. */
    public boolean endsWithConnection() {
        return kind == Kind.UNTIL_CLOSE;
    }

    public boolean isChunked() {
        return kind == Kind.CHUNKED;
    }

    /** The bytes of content that went by, framing not counted. */
    public long payload() {
        return payload;
    }
}
