package dev.banyan.http;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Zstandard (RFC 8878) by zstd-jni. Owned by one IO loop. */
final class ZstdCoder implements Coder {
    private static final int LEVEL = 3;
    /** 512 KiB, so that an answer holds about a megabyte here and half of one at the client; RFC 9659 allows 8 MB. */
    private static final int WINDOW_LOG = 19;
    private static final int STEP = 4096;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final ZstdCompressCtx context = new ZstdCompressCtx();

    @Override
    public void begin() {
        context.reset();
        context.setLevel(LEVEL).setWindowLog(WINDOW_LOG);
    }

    @Override
    public void add(ByteBuf from, int index, int length, ByteBuf to) {
        ByteBuffer bytes = from.nioBuffer(index, length);
        compress(bytes.isDirect() ? bytes : ByteBuffer.allocateDirect(length).put(bytes).flip(), EndDirective.CONTINUE, to);
    }

    @Override
    public void flush(ByteBuf to) {
        compress(NOTHING, EndDirective.FLUSH, to);
    }

    @Override
    public void finish(ByteBuf to) {
        compress(NOTHING, EndDirective.END, to);
    }

    private void compress(ByteBuffer bytes, EndDirective directive, ByteBuf to) {
        ByteBuffer from = bytes.isReadOnly() ? ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip() : bytes;
        boolean done;
        do {
            to.ensureWritable(STEP);
            ByteBuffer out = to.nioBuffer(to.writerIndex(), to.writableBytes());
            int before = out.position();
            done = context.compressDirectByteBufferStream(out, from, directive);
            to.writerIndex(to.writerIndex() + out.position() - before);
        } while (directive == EndDirective.CONTINUE ? from.hasRemaining() : !done);
    }

    @Override
    public void close() {
        context.close();
    }
}
