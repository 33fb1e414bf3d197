package dev.banyan.postgres;

import dev.banyan.net.Clock;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** The sessions of one IO loop that wait for a sample. Owned by that loop, but for {@link #lookAgain} and {@link #occupied}. */
final class WaitingRoom {
    private final EventLoop loop;
    private final Clock clock;
    private final List<Waiter> waiters = new ArrayList<>();
    private final AtomicBoolean called = new AtomicBoolean();
    private volatile boolean occupied;

    WaitingRoom(EventLoop loop, Clock clock) {
        this.loop = loop;
        this.clock = clock;
    }

    /** Calls {@code again} once: when {@code ready} says so at a look, or at the deadline. Never before this returns. */
    void enter(BooleanSupplier ready, Seen seen, long deadlineNanos, Runnable again) {
        Waiter waiter = new Waiter(ready, seen, again);
        waiters.add(waiter);
        occupied = true;
        long left = Math.max(0, deadlineNanos - clock.nanos());
        waiter.deadline = loop.schedule(() -> giveUp(waiter), left, TimeUnit.NANOSECONDS);
    }

    /** To be called by any thread when there is a new sample. */
    void lookAgain() {
        if (occupied && called.compareAndSet(false, true)) {
            loop.execute(this::look);
        }
    }

    boolean occupied() {
        return occupied;
    }

    private void look() {
        called.set(false);
        List<Waiter> ready = new ArrayList<>();
        waiters.removeIf(waiter -> waiter.ready.getAsBoolean() && ready.add(waiter));
        occupied = !waiters.isEmpty();
        for (Waiter waiter : ready) {
            waiter.deadline.cancel(false);
        }
        // One task each: what goes wrong in one keeps no other waiting.
        ready.forEach(waiter -> loop.execute(waiter.again));
    }

    private void giveUp(Waiter waiter) {
        if (waiters.remove(waiter)) {
            occupied = !waiters.isEmpty();
            waiter.seen.stay();
            waiter.again.run();
        }
    }

    private static final class Waiter {
        private final BooleanSupplier ready;
        private final Seen seen;
        private final Runnable again;
        private ScheduledFuture<?> deadline;

        Waiter(BooleanSupplier ready, Seen seen, Runnable again) {
            this.ready = ready;
            this.seen = seen;
            this.again = again;
        }
    }
}
