package dev.banyan.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;

/**
 * What a server gets of one request, kept until it is certain that it need not be sent again: the head, and the body's pieces in order.
 * Reused for each request. Owned by one IO loop.
 */
final class RequestBytes {
    /**
     * A piece of fewer bytes than this is copied: kept as it is, one byte could hold fast the whole buffer that it was read into, and a
     * client chooses how small its pieces are.
     */
    static final int SMALL = 4 * 1024;

    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(2);
    /** The last piece when it is a copy that may still grow, else null. */
    private ByteBuf growing;
    private long bytes;
    private boolean whole;

    /** Begins with a head, and {@code body} bytes of the body that lie in the same buffer; takes it. */
    void begin(ByteBuf head, int body) {
        drop();
        whole = true;
        bytes = body;
        pieces.add(head);
    }

    /** Adds a piece of the body that nobody has got yet; takes it. */
    void add(ByteBuf piece) {
        bytes += piece.readableBytes();
        if (piece.readableBytes() >= SMALL) {
            pieces.add(piece);
            growing = null;
            return;
        }
        if (growing == null) {
            growing = piece.alloc().directBuffer(2 * piece.readableBytes());
            pieces.add(growing);
        }
        growing.writeBytes(piece);
        piece.release();
    }

    /** Keeps a piece that a server gets now, unless that makes more than {@code most} bytes: then all are let go. The caller keeps its own. */
    void keep(ByteBuf piece, long most) {
        if (whole && bytes + piece.readableBytes() <= most) {
            add(piece.retainedDuplicate());
        } else {
            drop();
        }
    }

    /** Writes another number of 16 hexadecimal digits over one in the head; while all is kept, and nobody has it just now. */
    void rewrite(int at, long number) {
        ByteBuf head = pieces.peek();
        for (int i = 15; i >= 0; i--, number >>>= 4) {
            head.setByte(at + i, Character.forDigit((int) (number & 15), 16));
        }
    }

    /** Writes everything kept to a server, and keeps it unless its body has more than {@code most} bytes. */
    void writeTo(Channel server, long most) {
        growing = null; // it is the server's too now
        for (ByteBuf piece : pieces) {
            // A send that was cut short has moved the index; from this server's side it begins anew.
            piece.readerIndex(0);
            server.write(piece.retain(), server.voidPromise());
        }
        if (bytes > most) {
            drop();
        }
    }

    /** Whether everything sent so far is here and can be sent again. */
    boolean whole() {
        return whole;
    }

    void drop() {
        whole = false;
        bytes = 0;
        growing = null;
        for (ByteBuf piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            piece.release();
        }
    }
}
