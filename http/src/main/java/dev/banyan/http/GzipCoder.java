package dev.banyan.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** gzip (RFC 1952) by the JDK's zlib. Owned by one IO loop. */
final class GzipCoder implements Coder {
    /** Some 2 % larger than the usual 6 and a third quicker. */
    private static final int LEVEL = 5;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int STEP = 4096;

    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32 sum = new CRC32();
    private boolean headerDue;

    @Override
    public void begin() {
        deflater.reset();
        sum.reset();
        headerDue = true;
    }

    @Override
    public void add(ByteBuf from, int index, int length, ByteBuf to) {
        ByteBuffer bytes = from.nioBuffer(index, length);
        sum.update(bytes.duplicate());
        deflater.setInput(bytes);
        deflate(Deflater.NO_FLUSH, to);
    }

    @Override
    public void flush(ByteBuf to) {
        deflate(Deflater.SYNC_FLUSH, to);
    }

    @Override
    public void finish(ByteBuf to) {
        deflater.finish();
        deflate(Deflater.NO_FLUSH, to);
        to.writeIntLE((int) sum.getValue()).writeIntLE((int) deflater.getBytesRead());
    }

    private void deflate(int mode, ByteBuf to) {
        if (headerDue) {
            to.writeBytes(HEADER);
            headerDue = false;
        }
        int written;
        int room;
        do {
            to.ensureWritable(STEP);
            ByteBuffer out = to.nioBuffer(to.writerIndex(), to.writableBytes());
            room = out.remaining();
            written = deflater.deflate(out, mode);
            to.writerIndex(to.writerIndex() + written);
        } while (written == room);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
