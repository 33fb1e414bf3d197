package dev.banyan.http;

import dev.banyan.http.wire.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A request that waits before it is decided where it goes: its head as it came, and what has come of its body. Reused. Owned by one IO loop. */
final class HeldRequest {
    private byte[] head = new byte[0];
    private int headLength;
    private ByteBuf body = Unpooled.EMPTY_BUFFER;
    private boolean ended;

    /** Keeps a head, and the beginning of the body at {@code wire[from, to)}, which stays the caller's. */
    void hold(RequestHead request, ByteBuf wire, int from, int to, boolean whole) {
        int length = request.end();
        if (head.length < length) {
            head = new byte[length];
        }
        System.arraycopy(request.bytes(), 0, head, 0, length); // from where it was read, so that positions in it stay
        headLength = length;
        ended = whole;
        if (to > from) {
            body = wire.alloc().directBuffer(to - from).writeBytes(wire, from, to - from);
        }
    }

    /** More of the body, taken; little, since its client is not read from meanwhile. */
    void add(ByteBuf piece, boolean last) {
        if (body == Unpooled.EMPTY_BUFFER) {
            body = piece.alloc().directBuffer(piece.readableBytes());
        }
        body.writeBytes(piece);
        piece.release();
        ended = last;
    }

    /** Reads the head anew into another. */
    RequestHead readInto(RequestHead request) {
        request.read(head, 0, headLength, Integer.MAX_VALUE); // it was found right before
        return request;
    }

    /** What has come of the body; the caller's from now on. */
    ByteBuf takeBody() {
        ByteBuf taken = body;
        body = Unpooled.EMPTY_BUFFER;
        return taken;
    }

    boolean ended() {
        return ended;
    }

    void drop() {
        body.release();
        body = Unpooled.EMPTY_BUFFER;
    }
}
