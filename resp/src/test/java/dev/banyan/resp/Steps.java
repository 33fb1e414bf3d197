package dev.banyan.resp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs what several threads do in a given order: each stops wherever it calls {@link #stop}, and goes on to its next stop when it is its turn. One
 * that waits for a lock of another counts as stopped, and goes on by itself when it gets it.
 */
final class Steps {
    private static final long LOOK_NANOS = 20_000;
    private static final int MOST_LOOKS = 500_000;

    private final ThreadLocal<Actor> current = new ThreadLocal<>();
    private final List<Actor> actors = new ArrayList<>();
    private final Thread director = Thread.currentThread();

    private final class Actor {
        private final Semaphore turns = new Semaphore(0);
        private final Thread thread;
        private volatile boolean stopped;
        private volatile boolean ended;
        private volatile Throwable failure;

        Actor(Runnable does) {
            thread = new Thread(() -> {
                current.set(this);
                try {
                    stop();
                    does.run();
                } catch (Throwable e) {
                    failure = e;
                }
                ended = true; // its thread ends a little later, and nobody is woken then
                LockSupport.unpark(director);
            });
            thread.start();
        }

        boolean isQuiet() {
            return stopped || ended || thread.getState() == Thread.State.BLOCKED;
        }

        boolean isAtAStop() {
            return stopped && !ended;
        }
    }

    void add(Runnable does) {
        actors.add(new Actor(does));
        awaitQuiet();
    }

    /** The calling thread waits for its turn here. Others than the actors pass. */
    void stop() {
        Actor actor = current.get();
        if (actor != null) {
            actor.stopped = true;
            LockSupport.unpark(director);
            actor.turns.acquireUninterruptibly();
        }
    }

    /** The actor goes on to its next stop; nothing happens when it has ended or waits for a lock. */
    void turn(int actor) {
        Actor next = actors.get(actor);
        if (next.isAtAStop()) {
            next.stopped = false;
            next.turns.release();
        }
        awaitQuiet();
    }

    private void awaitQuiet() {
        for (int looks = 0; !actors.stream().allMatch(Actor::isQuiet); looks++) {
            if (looks > MOST_LOOKS) {
                throw new AssertionError("an actor neither stops nor ends");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** All go to their ends. */
    void finish() throws Throwable {
        // One that waited for a lock may come to a stop late.
        while (actors.stream().anyMatch(actor -> !actor.ended)) {
            for (int i = 0; i < actors.size(); i++) {
                turn(i);
            }
        }
        for (Actor actor : actors) {
            actor.thread.join();
            if (actor.failure != null) {
                throw actor.failure;
            }
        }
    }

    /** Is told an order. */
    interface Order {
        void run(int[] order) throws Throwable;
    }

    /** All orders in which actors can take so many turns each; how many there are. */
    static int allOrders(int[] turns, Order each) throws Throwable {
        int sum = 0;
        for (int count : turns) {
            sum += count;
        }
        return orders(turns.clone(), new int[sum], 0, each);
    }

    private static int orders(int[] left, int[] order, int filled, Order each) throws Throwable {
        if (filled == order.length) {
            each.run(order);
            return 1;
        }
        int count = 0;
        for (int actor = 0; actor < left.length; actor++) {
            if (left[actor] > 0) {
                left[actor]--;
                order[filled] = actor;
                count += orders(left, order, filled + 1, each);
                left[actor]++;
            }
        }
        return count;
    }
}
