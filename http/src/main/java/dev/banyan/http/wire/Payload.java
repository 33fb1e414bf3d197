package dev.banyan.http.wire;

import io.netty.buffer.ByteBuf;

/** Takes the pieces of a body without their framing. */
@FunctionalInterface
public interface Payload {
    /** A piece at {@code wire[index, index + length)}; the buffer stays the caller's. */
    void piece(ByteBuf wire, int index, int length);
}
