package dev.banyan.http.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;

/**
 * The pieces of memory that a content lies in, one after the other. Immutable: one more makes a new list, so that who reads needs no lock.
 *
 * @param buffers each whole, from its index 0 on; their reference counts are the content's
 * @param starts where each begins in the content; strictly rising
 */
record Segments(ByteBuf[] buffers, long[] starts) {
    static final Segments NONE = new Segments(new ByteBuf[0], new long[0]);

    /**
     * Of the size that is asked for, no more: what is stored stays for hours, and a slice of a pooled chunk would keep all of the chunk, which no budget
     * could count.
     */
    private static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(true);

    static ByteBuf allocate(int bytes) {
        return MEMORY.directBuffer(bytes, bytes);
    }

    Segments with(ByteBuf buffer, long start) {
        int n = buffers.length;
        ByteBuf[] more = Arrays.copyOf(buffers, n + 1);
        long[] moreStarts = Arrays.copyOf(starts, n + 1);
        more[n] = buffer;
        moreStarts[n] = start;
        return new Segments(more, moreStarts);
    }

    /** Without the first so many. */
    Segments from(int first) {
        return new Segments(Arrays.copyOfRange(buffers, first, buffers.length), Arrays.copyOfRange(starts, first, starts.length));
    }

    /** The index of the one that holds this place; it must be there. */
    int at(long position) {
        int found = Arrays.binarySearch(starts, position);
        return found >= 0 ? found : -found - 2;
    }

    /** Bytes from a place on, as many as lie in one segment, before {@code end}, and are wanted; the caller's to release. */
    ByteBuf slice(long position, long end, int most) {
        int index = at(position);
        long segmentEnd = index + 1 < starts.length ? starts[index + 1] : end;
        int offset = (int) (position - starts[index]);
        return buffers[index].retainedSlice(offset, (int) Math.min(most, Math.min(end, segmentEnd) - position));
    }

    int count() {
        return buffers.length;
    }

    ByteBuf last() {
        return buffers[buffers.length - 1];
    }

    long capacity() {
        long sum = 0;
        for (ByteBuf buffer : buffers) {
            sum += buffer.capacity();
        }
        return sum;
    }

    void release() {
        for (ByteBuf buffer : buffers) {
            buffer.release();
        }
    }
}
