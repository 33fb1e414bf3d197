package dev.banyan.postgres;

import io.netty.buffer.ByteBuf;

/**
 * How a session tries to get one request answered: which part of it can be asked again, and what was tried already. Over when the request is
 * answered. Owned by one session.
 */
final class Attempt {
    private static final int MOST = 3;

    private ByteBuf request;
    private boolean begins;
    private int repeats;
    private boolean primaryOnly;
    private boolean waitedForData;

    /** Keeps a read, so that it can be asked again. @param withBegin it begins its transaction itself */
    void keep(ByteBuf read, boolean withBegin) {
        drop();
        request = read;
        begins = withBegin;
    }

    /** Whether there is a read to ask again, and it has not been asked too often. */
    boolean mayRepeat() {
        return request != null && repeats < MOST;
    }

    boolean begins() {
        return begins;
    }

    /** The read, to be asked again; the caller's to release. */
    ByteBuf repeat() {
        ByteBuf read = request;
        request = null;
        repeats++;
        return read;
    }

    /** What is asked now has been asked before: its statements have their names already. */
    boolean isRepeated() {
        return repeats > 0;
    }

    /** No replica any more for this request. */
    void avoidReplicas() {
        primaryOnly = true;
    }

    boolean avoidsReplicas() {
        return primaryOnly;
    }

    /** Notes that it waits for a replica to catch up; false when it has waited already. */
    boolean waitForData() {
        boolean first = !waitedForData;
        waitedForData = true;
        return first;
    }

    /** The client has seen something of the answer: it cannot be asked again. */
    void drop() {
        if (request != null) {
            request.release();
            request = null;
        }
    }

    /** The request is answered. */
    void over() {
        drop();
        repeats = 0;
        primaryOnly = false;
        waitedForData = false;
    }
}
