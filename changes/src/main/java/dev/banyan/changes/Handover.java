package dev.banyan.changes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * From the log's reader to the listener's thread, in order: at most {@value #MOST_BYTES} bytes of messages (or one part that is larger by
 * itself) and {@value #MOST_PARTS} parts. What is taken counts as told when it is done. Safe for one giver, one taker and any who look.
 */
final class Handover {
    static final int MOST_BYTES = 8 << 20;
    static final int MOST_PARTS = 4_096;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Told> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean busy;
    private boolean closed;
    private long told;
    private long done;

    /** Waits for room for so long. False when there was none, or it is closed. */
    boolean give(Told item, long nanos) throws InterruptedException {
        int weight = weight(item);
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!closed && !waiting.isEmpty() && (bytes + weight > MOST_BYTES || waiting.size() >= MOST_PARTS)) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            if (closed) {
                return false;
            }
            waiting.addLast(item);
            bytes += weight;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The next, waited for; stays the next until {@link #done}. Null when it is closed. */
    Told take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && waiting.isEmpty()) {
                changed.await();
            }
            busy = !closed;
            return closed ? null : waiting.getFirst();
        } finally {
            lock.unlock();
        }
    }

    /** What was taken is told. */
    void done() {
        lock.lock();
        try {
            Told item = waiting.removeFirst();
            bytes -= weight(item);
            busy = false;
            done++;
            if (item instanceof Told.Part part && part.end() != 0) {
                told = part.end();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether all is told, waited for at most so long. */
    boolean awaitAll(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!waiting.isEmpty() && left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Up to where all is told: behind the last transaction that was told whole, or as far as the reader has come when nothing is left.
     *
     * @param read as far as the reader has come, between two transactions
     */
    long toldOf(long read) {
        lock.lock();
        try {
            if (waiting.isEmpty() && read > told) {
                told = read;
            }
            return told;
        } finally {
            lock.unlock();
        }
    }

    long told() {
        lock.lock();
        try {
            return told;
        } finally {
            lock.unlock();
        }
    }

    /** Another log, or another place in it; nothing may be waiting. */
    void startAt(long position) {
        lock.lock();
        try {
            told = position;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** How many were told since the beginning: it stands still while the listener does. */
    long progress() {
        lock.lock();
        try {
            return done;
        } finally {
            lock.unlock();
        }
    }

    /** What waits is forgotten, and nothing more is taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the taker is done with what it took. */
    boolean awaitRest(long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (busy && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !busy;
        } finally {
            lock.unlock();
        }
    }

    private static int weight(Told item) {
        return switch (item) {
            case Told.Part part -> part.bytes();
            case Told.Following _, Told.Lost _ -> 0;
        };
    }
}
