package dev.banyan.http;

import io.netty.buffer.ByteBuf;

/** Compresses one answer after the other. Owned by one IO loop; has native memory, which {@link #close} frees. */
sealed interface Coder extends AutoCloseable permits GzipCoder, ZstdCoder, BrotliCoder {
    /** Begins an answer anew, whatever became of the one before. */
    void begin();

    /** Compresses {@code from[index, index + length)}, and writes as much as there is of it by now. */
    void add(ByteBuf from, int index, int length, ByteBuf to);

    /** Writes all that was added, so that the client can read it. */
    void flush(ByteBuf to);

    /** Writes the rest and the end. */
    void finish(ByteBuf to);

    @Override
    void close();
}
