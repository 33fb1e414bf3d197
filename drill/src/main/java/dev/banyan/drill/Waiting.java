package dev.banyan.drill;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Those for whom there is no place yet: first come, first served, not too many, and not for ever. Owned by whoever guards it, one thread
 * at a time.
 */
final class Waiting<T> {
    /** More are dropped at once. */
    static final int MOST = 10_000;

    private final long patienceNanos;
    private final Queue<Waiter<T>> queue = new ArrayDeque<>();

    private record Waiter<T>(T who, long since) {}

    Waiting(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /** False when too many wait already. */
    boolean add(T who, long now) {
        return queue.size() < MOST && queue.add(new Waiter<>(who, now));
    }

    /** Takes out those who have waited too long. All that holds a place ends in time, so asking at each end is often enough. */
    void expire(long now, Consumer<T> gone) {
        while (!queue.isEmpty() && now - queue.peek().since() > patienceNanos) {
            gone.accept(queue.remove().who());
        }
    }

    Optional<T> next() {
        return Optional.ofNullable(queue.poll()).map(Waiter::who);
    }
}
