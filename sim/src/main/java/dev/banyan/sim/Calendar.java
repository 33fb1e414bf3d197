package dev.banyan.sim;

import dev.banyan.control.Later;
import dev.banyan.net.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Virtual time and what falls due in it. The world's events happen also while control blocks in a call; control's own tasks wait until it does
 * not, as they would for its monitor. For one thread.
 */
final class Calendar implements Clock, Later {
    private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Due> world = new PriorityQueue<>(Due.ORDER);
    private final PriorityQueue<Due> control = new PriorityQueue<>(Due.ORDER);
    private final long end;
    private final Runnable afterEach;
    private long nanos;
    private long order;

    /** Thrown when time is over, to get out of whatever still waits. */
    static final class Over extends Error {
        private static final long serialVersionUID = 1;

        Over() {
            super("time is over", null, false, false);
        }
    }

    private record Due(long at, long order, Runnable task) {
        static final Comparator<Due> ORDER = Comparator.comparingLong(Due::at).thenComparingLong(Due::order);
    }

    /**
     * @param end when everything stops
     * @param afterEach is run after each event of the world
     */
    Calendar(Duration end, Runnable afterEach) {
        this.end = end.toNanos();
        this.afterEach = afterEach;
    }

    /** Something of the world outside control. */
    void at(Duration fromNow, Runnable event) {
        world.add(new Due(nanos + fromNow.toNanos(), order++, event));
    }

    /** A task of control's. */
    @Override
    public void after(Duration wait, Runnable task) {
        control.add(new Due(nanos + wait.toNanos(), order++, task));
    }

    /** Control's tasks are gone, as a process' threads when it is killed. */
    void forgetControl() {
        control.clear();
    }

    /** Time passes while control waits for something. */
    void pass(Duration time) {
        long until = nanos + time.toNanos();
        while (!world.isEmpty() && world.peek().at() <= until) {
            happen(world.poll());
        }
        reach(until);
    }

    /** All that falls due, until time is over. */
    void run() {
        for (;;) {
            Due next = control.isEmpty() || !world.isEmpty() && Due.ORDER.compare(world.peek(), control.peek()) < 0 ? world.poll() : control.poll();
            if (next == null) {
                return;
            }
            happen(next);
        }
    }

    private void happen(Due due) {
        reach(Math.max(nanos, due.at()));
        due.task().run();
        afterEach.run();
    }

    private void reach(long time) {
        if (time > end) {
            throw new Over();
        }
        nanos = time;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return ORIGIN.plusNanos(nanos);
    }

    @Override
    public void sleep(Duration time) {
        pass(time);
    }
}
