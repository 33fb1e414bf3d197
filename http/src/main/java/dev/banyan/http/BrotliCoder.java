package dev.banyan.http;

import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Brotli (RFC 7932) by brotli4j, Google's own C code. Owned by one IO loop. */
final class BrotliCoder implements Coder {
    /** About the time of gzip's 6, and 10 to 15 % smaller. */
    private static final int QUALITY = 4;
    /** 512 KiB. */
    private static final int WINDOW_LOG = 19;

    private final Target target = new Target();
    private BrotliOutputStream stream;

    @Override
    public void begin() {
        close();
        try {
            stream = new BrotliOutputStream(target, Encoder.Parameters.create(QUALITY, WINDOW_LOG));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void add(ByteBuf from, int index, int length, ByteBuf to) {
        into(to, () -> from.getBytes(index, stream, length));
    }

    @Override
    public void flush(ByteBuf to) {
        into(to, stream::flush);
    }

    @Override
    public void finish(ByteBuf to) {
        into(to, () -> {
            stream.close();
            stream = null;
        });
    }

    private void into(ByteBuf to, Writing writing) {
        target.buffer = to;
        try {
            writing.write();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // it writes to memory
        } finally {
            target.buffer = null;
        }
    }

    @Override
    public void close() {
        if (stream != null) {
            ByteBuf thrownAway = Unpooled.buffer();
            finish(thrownAway);
        }
    }

    @FunctionalInterface
    private interface Writing {
        void write() throws IOException;
    }

    /** The buffer of the call that is under way. */
    private static final class Target extends OutputStream {
        private ByteBuf buffer;

        @Override
        public void write(int one) {
            buffer.writeByte(one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            buffer.writeBytes(bytes, from, length);
        }
    }
}
