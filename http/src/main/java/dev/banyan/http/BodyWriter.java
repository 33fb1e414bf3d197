package dev.banyan.http;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Hands content to a client in the framing that it takes: in chunks where the client takes wire and the length is not known, else as it is. */
final class BodyWriter {
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");

    private final ClientSide client;
    private boolean chunked;

    BodyWriter(ClientSide client) {
        this.client = client;
    }

    /** @param lengthKnown whether the head that went before has a length */
    void begin(boolean lengthKnown) {
        chunked = !lengthKnown && client.takesWire();
    }

    /** A piece of content, not empty; takes the buffer. */
    void write(ByteBuf piece) {
        try {
            if (!chunked) {
                plain(piece);
            } else {
                frame(ascii(Integer.toHexString(piece.readableBytes()) + "\r\n"));
                plain(piece);
                frame(CRLF);
            }
        } finally {
            piece.release();
        }
    }

    private void plain(ByteBuf piece) {
        if (client.takesWire()) {
            client.wire(piece, piece.readerIndex(), piece.writerIndex());
        } else {
            client.piece(piece, piece.readerIndex(), piece.readableBytes());
        }
    }

    /** The content has ended. */
    void end() {
        if (chunked) {
            frame(LAST_CHUNK);
        }
    }

    private void frame(byte[] bytes) {
        client.wire(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
    }
}
