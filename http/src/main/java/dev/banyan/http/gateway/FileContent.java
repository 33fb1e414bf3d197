package dev.banyan.http.gateway;

import dev.banyan.http.cache.ContentReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;

/**
 * A part of a file, read a piece ahead on threads that may block. Read by one IO loop; the threads that fill it meet it under its lock.
 *
 * <p>A file that has become shorter meanwhile ends as failed: the client was promised more.
 */
final class FileContent implements ContentReader {
    static final int PIECE = 64 * 1024;

    private final FileChannel file;
    private final long end;
    private final Executor blocking;
    private long at;
    private ByteBuf ready;
    private boolean reading;
    private boolean failed;
    private boolean closed;
    /** Whether the reader came when there was nothing. */
    private boolean missed;
    private Runnable wake = () -> {};

    private FileContent(FileChannel file, long from, long end, Executor blocking) {
        this.file = file;
        this.at = from;
        this.end = end;
        this.blocking = blocking;
    }

    /** Opens a file and reads the first piece; blocks. */
    static FileContent open(Path path, long from, long end, Executor blocking) throws IOException {
        FileContent content = new FileContent(FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS), from, end, blocking);
        if (from < end) {
            content.reading = true;
            content.readAhead();
        } else {
            content.closeFile();
        }
        return content;
    }

    /** Reads the next piece; blocks. */
    private void readAhead() {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, end - at));
        boolean whole = fill(piece);
        Runnable woken;
        synchronized (this) {
            reading = false;
            failed |= !whole;
            if (closed || failed || at + piece.capacity() == end) {
                closeFile();
            }
            if (closed) {
                return;
            }
            ready = whole ? Unpooled.wrappedBuffer(piece.array()) : null;
            at += piece.capacity();
            woken = missed ? wake : () -> {};
            missed = false;
        }
        woken.run();
    }

    private boolean fill(ByteBuffer piece) {
        try {
            while (piece.hasRemaining()) {
                if (file.read(piece, at + piece.position()) < 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException failure) {
            return false;
        }
    }

    private void closeFile() {
        try {
            file.close();
        } catch (IOException ignored) {
            // It was only read: there is nothing that could be lost.
        }
    }

    @Override
    public synchronized ByteBuf read(int most) {
        if (ready == null) {
            missed = state() == State.MORE;
            return null;
        }
        if (ready.readableBytes() > most) {
            return ready.readRetainedSlice(most);
        }
        ByteBuf piece = ready;
        ready = null;
        if (at < end && !reading) {
            reading = true;
            blocking.execute(this::readAhead);
        }
        return piece;
    }

    @Override
    public synchronized State state() {
        if (failed) {
            return State.FAILED;
        }
        return ready == null && at >= end ? State.ENDED : State.MORE;
    }

    @Override
    public synchronized void onMore(Runnable newWake) {
        wake = newWake;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (ready != null) {
            ready.release();
            ready = null;
        }
        if (!reading) {
            closeFile();
        }
    }
}
