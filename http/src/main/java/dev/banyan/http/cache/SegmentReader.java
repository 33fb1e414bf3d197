package dev.banyan.http.cache;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicReference;

/** Reads a {@link Content}. Owned by one IO loop; the filler's thread calls only {@link #stopsWaiting}, {@link #wake} and {@link #position}. */
final class SegmentReader implements ContentReader {
    /** Whether a wake is owed. */
    private enum Owed {
        NOTHING,
        /** When more comes. */
        WAITING,
        /** More has come, and it was not said yet what to run. */
        UNHEARD
    }

    private final Content content;
    private final long end;
    private final AtomicReference<Owed> owed = new AtomicReference<>(Owed.NOTHING);
    private volatile long position;
    private volatile Runnable wake;
    private boolean closed;

    SegmentReader(Content content, long from, long to) {
        this.content = content;
        this.position = from;
        this.end = to;
    }

    /** Whether what it begins with is there, or may come. */
    boolean begins(Segments segments) {
        return segments.count() == 0 || position >= segments.starts()[0];
    }

    long position() {
        return position;
    }

    @Override
    public ByteBuf read(int most) {
        if (closed) {
            return null;
        }
        ByteBuf next = content.read(this, position, end, most);
        if (next != null) {
            position += next.readableBytes();
            content.passed(this);
        }
        return next;
    }

    @Override
    public State state() {
        return content.state(position, end);
    }

    @Override
    public void onMore(Runnable run) {
        wake = run;
        if (owed.compareAndSet(Owed.UNHEARD, Owed.NOTHING)) {
            run.run();
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            owed.set(Owed.NOTHING);
            content.left(this);
        }
    }

    /** Holds the content's lock. */
    void waits() {
        owed.set(Owed.WAITING);
    }

    /** Whether it waited; then it is to be woken. Holds the content's lock. */
    boolean stopsWaiting() {
        return owed.compareAndSet(Owed.WAITING, Owed.UNHEARD);
    }

    /** Holds no lock. */
    void wake() {
        if (wake != null && owed.compareAndSet(Owed.UNHEARD, Owed.NOTHING)) {
            wake.run();
        }
    }
}
