package dev.banyan.http;

/**
 * What one HTTP/2 client has been answered and has not taken, over all its streams, in bytes of content: it waits in the codec for the client to
 * open its windows, or in the channel for it to read. Owned by one IO loop.
 *
 * <p>Windows cannot bound it, for it is the client who sets them: 128 streams of 2 GiB each, if it likes.
 */
final class Backlog {
    /** From so much on nothing more is read for the client, by any of its streams. */
    static final int FULL = 1024 * 1024;
    /** And again from here on down. */
    private static final int LOW = FULL / 2;
    /** Changes by less than this are not worth telling. */
    private static final int STEP = 64 * 1024;

    private final Unread unread;
    private final Visitor client;
    private long bytes;
    private long told;
    private boolean full;
    private boolean over;

    Backlog(Unread unread, Visitor client) {
        this.unread = unread;
        this.client = client;
    }

    /** So much more lies here; true when that has made it full. */
    boolean add(int more) {
        bytes += more;
        if (bytes - told >= STEP) {
            tell(bytes);
        }
        boolean fills = !full && bytes >= FULL;
        full |= fills;
        return fills;
    }

    /** So much of it has gone, to the client or away; true when it is full no longer. */
    boolean remove(int less) {
        bytes -= less;
        if (told > 0 && (told - bytes >= STEP || bytes == 0)) {
            tell(bytes < STEP ? 0 : bytes);
        }
        boolean opens = full && bytes <= LOW;
        full &= !opens;
        return opens;
    }

    private void tell(long now) {
        told = now;
        if (!over) {
            unread.holds(client, now);
        }
    }

    /** The client's connection has gone, and what lies here goes after it. */
    void end() {
        over = true;
        unread.gone(client);
    }

    boolean full() {
        return full;
    }

    long bytes() {
        return bytes;
    }
}
