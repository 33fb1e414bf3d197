package dev.banyan.http.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads a content from disk, two pieces of {@value #BLOCKS} blocks ahead at most. Owned by one IO loop; what blocks runs elsewhere, one piece at a time, and hands
 * over what it has read and verified through {@link #arrived}.
 */
final class DiskReader implements ContentReader {
    private static final int BLOCKS = 2;
    private static final int PIECE = BLOCKS * FileHead.BLOCK;
    /** Instead of a piece; told by identity. */
    private static final ByteBuf FAILED = Unpooled.unreleasableBuffer(Unpooled.buffer(1));
    private static final ByteBuf CLOSED = Unpooled.unreleasableBuffer(Unpooled.buffer(1));

    private final DiskBody body;
    private final long end;
    private final Wake wake = new Wake();
    private final AtomicReference<ByteBuf> arrived = new AtomicReference<>();
    private long position;
    /** Where the next piece to ask for begins, a multiple of {@link #PIECE}. */
    private long next;
    private ByteBuf current;
    private boolean failed;
    private boolean closed;
    /** Of the threads that read; guarded by this. */
    private FileChannel file;

    DiskReader(DiskBody body, long from, long end) {
        this.body = body;
        this.position = from;
        this.end = end;
        this.next = from / PIECE * PIECE;
        ask();
    }

    @Override
    public ByteBuf read(int most) {
        if (closed || failed || position >= end || current == null && !take()) {
            return null;
        }
        int bytes = (int) Math.min(Math.min(most, current.readableBytes()), end - position);
        position += bytes;
        if (bytes < current.readableBytes()) {
            return current.readRetainedSlice(bytes);
        }
        ByteBuf all = current;
        current = null;
        return all;
    }

    /** Makes what has arrived the current piece and asks for the one behind it. */
    private boolean take() {
        ByteBuf piece = arrived.getAndSet(null);
        if (piece == null) {
            wake.waits();
            piece = arrived.getAndSet(null);
            if (piece == null) {
                return false;
            }
            wake.cancel();
        }
        if (piece == FAILED) {
            failed = true;
            return false;
        }
        current = piece.skipBytes((int) (position % PIECE));
        ask();
        return true;
    }

    private void ask() {
        if (next < end) {
            long from = next;
            next += PIECE;
            body.tier.read(() -> load(from));
        }
    }

    @Override
    public State state() {
        return failed ? State.FAILED : position >= end ? State.ENDED : State.MORE;
    }

    @Override
    public void onMore(Runnable run) {
        wake.with(run);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        wake.cancel();
        ByteBuf unread = arrived.getAndSet(CLOSED);
        if (unread != null) {
            unread.release();
        }
        if (current != null) {
            current.release();
            current = null;
        }
        body.tier.block(this::closeFile);
    }

    /** Blocks. */
    private synchronized void load(long from) {
        if (arrived.get() == CLOSED) {
            return;
        }
        ByteBuf piece = FAILED;
        try {
            piece = piece(from);
        } catch (IOException e) {
            body.tier.unreadable(body.file, e);
        } finally {
            if (!arrived.compareAndSet(null, piece)) {
                piece.release();
            } else if (wake.due()) {
                wake.run();
            }
        }
    }

    private ByteBuf piece(long from) throws IOException {
        if (file == null) {
            file = body.tier.folder().read(body.file.id);
        }
        ByteBuf piece = DiskFolder.blocks(file, body.contentAt, body.head, (int) (from / FileHead.BLOCK), BLOCKS);
        if (piece == null) {
            body.tier.broken(body.file);
            return FAILED;
        }
        return piece;
    }

    private synchronized void closeFile() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            body.tier.unreadable(body.file, e);
        }
        body.release();
    }
}
