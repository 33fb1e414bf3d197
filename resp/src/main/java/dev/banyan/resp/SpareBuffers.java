package dev.banyan.resp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * Buffers whose answers have gone out, for the next ones: most answers are sent in the turn of the loop in which they are written, and having one at
 * hand costs less than asking the allocator and giving it back for each. Owned by one IO loop.
 */
final class SpareBuffers {
    private static final int FIRST = 512;
    /** Larger ones are not kept, and not more: a quarter of a mebibyte in all. */
    private static final int LARGEST = 4 << 10;
    private static final int MOST = 64;

    private final ArrayDeque<ByteBuf> spare = new ArrayDeque<>(MOST);
    private boolean closed;

    /** An empty buffer. */
    ByteBuf take(ByteBufAllocator alloc) {
        ByteBuf last = spare.pollLast();
        return last == null ? alloc.directBuffer(FIRST) : last;
    }

    /** Gives back a share in a buffer; it is used again when nobody else has one. */
    void giveBack(ByteBuf sent) {
        if (closed || sent.refCnt() != 1 || sent.capacity() > LARGEST || spare.size() == MOST) {
            sent.release();
        } else {
            spare.addLast(sent.clear());
        }
    }

    void close() {
        closed = true;
        spare.forEach(ByteBuf::release);
        spare.clear();
    }
}
