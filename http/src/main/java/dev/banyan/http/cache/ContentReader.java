package dev.banyan.http.cache;

import io.netty.buffer.ByteBuf;

/**
 * Reads a response's content from one place on, while it may still arrive or be read from disk. Owned by one IO loop; never blocks it.
 */
public interface ContentReader extends AutoCloseable {
    /** Whether there is more to come. */
    enum State {
        MORE,
        ENDED,
        /** It was cut where it came from, or cannot be read; what was read was right. */
        FAILED
    }

    /**
     * The next bytes, the caller's to release; null when there are none now. Then, while the state is {@link State#MORE}, what
     * {@link #onMore} was given is run once when there are some, or the state has changed.
     *
     * @param most how many at most, from 1
     */
    ByteBuf read(int most);

    State state();

    /** What is run when there is more to read; on any thread, so it posts to its own loop. */
    void onMore(Runnable wake);

    /** No more is wanted; what is held is let go. */
    @Override
    void close();
}
