package dev.banyan.http.cache;

import io.netty.buffer.ByteBuf;

/** Reads a {@link Content}. Owned by one IO loop; the content's filler uses only {@link #wake} and {@link #position}. */
final class SegmentReader implements ContentReader {
    private final Content content;
    private final long end;
    private final Wake wake = new Wake();
    private volatile long position;
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

    Wake wake() {
        return wake;
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
        wake.with(run);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            wake.cancel();
            content.left(this);
        }
    }
}
