package dev.banyan.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The TLS handshakes in progress: when there are too many, no more connections are taken from the TLS listener until one ends. Safe for any
 * loop.
 *
 * <p>A handshake costs some hundred times what a request costs, so a flood of clients that reconnect must not take the front door's time
 * from those that are connected.
 */
final class Handshakes {
    private final int most;
    private final AtomicInteger inProgress = new AtomicInteger();
    private Runnable pause = () -> { };
    private Runnable resume = () -> { };
    private volatile boolean full;

    /** @param most more than this are not begun, save those whose connections have been taken already */
    Handshakes(int most) {
        this.most = most;
    }

    /** What is done when there are too many, and when there are no longer. */
    synchronized void whenFull(Runnable toPause, Runnable toResume) {
        pause = toPause;
        resume = toResume;
    }

    void begin() {
        if (inProgress.incrementAndGet() >= most) {
            settle();
        }
    }

    void end() {
        if (inProgress.decrementAndGet() < most && full) {
            settle();
        }
    }

    /** Looks again under the lock: two loops that pass the limit in opposite directions must not leave the listener stopped. */
    private synchronized void settle() {
        full = inProgress.get() >= most;
        (full ? pause : resume).run();
    }

    int inProgress() {
        return inProgress.get();
    }
}
