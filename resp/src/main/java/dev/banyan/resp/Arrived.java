package dev.banyan.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Bytes that came, behind those that are not taken yet. */
final class Arrived {
    private static final int LEAST = 4096;

    private Arrived() {}

    /**
     * Joins them. Slices of what came before may still wait in a channel: then its bytes must not be moved, and what is left of it is copied.
     *
     * @param before what is left of earlier ones, null for nothing; the result takes its place
     * @param more is given away
     */
    static ByteBuf behind(ByteBuf before, ByteBuf more, ByteBufAllocator allocator) {
        if (before == null) {
            return more;
        }
        if (before.refCnt() == 1 && !before.isReadOnly()) {
            before.discardSomeReadBytes();
            before.writeBytes(more);
            more.release();
            return before;
        }
        ByteBuf both = allocator.directBuffer(Math.max(LEAST, before.readableBytes() + more.readableBytes()));
        both.writeBytes(before).writeBytes(more);
        before.release();
        more.release();
        return both;
    }
}
