package dev.banyan.cache;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Runs actors in an order that a seed decides: exactly one runs at a time, and each stops at each step it takes with the world. The clock stands
 * still but between steps. The same seed gives the same run.
 */
final class Interleaving implements Clock, Executor {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int MOST_STEPS = 200_000;

    final RandomGenerator random;
    private final List<Parked> parked = new ArrayList<>();
    private final Semaphore turn = new Semaphore(0);
    private long nanos;
    private Throwable failure;

    Interleaving(long seed) {
        random = Loops.random(seed);
    }

    /** A step that waits to be taken. */
    private record Parked(BooleanSupplier ready, long notBeforeNanos, Semaphore go) {}

    /** An actor of its own, from the next step on. */
    @Override
    public void execute(Runnable actor) {
        Semaphore go = new Semaphore(0);
        parked.add(new Parked(() -> true, nanos, go));
        Thread.ofVirtual().start(() -> {
            go.acquireUninterruptibly();
            try {
                actor.run();
            } catch (Throwable e) {
                failure = failure == null ? e : failure;
            } finally {
                turn.release();
            }
        });
    }

    /** A step of the actor that runs: others may get in before it. */
    <T> T step(Supplier<T> what) {
        park(() -> true, nanos);
        return what.get();
    }

    void awaitThat(BooleanSupplier ready) {
        park(ready, nanos);
    }

    <T> T join(CompletableFuture<T> future) {
        awaitThat(future::isDone);
        return future.join();
    }

    /** Up to so long, by chance. */
    void pause(long mostMicros) {
        park(() -> true, nanos + random.nextLong(mostMicros + 1) * 1_000);
    }

    private void park(BooleanSupplier ready, long notBefore) {
        Semaphore go = new Semaphore(0);
        parked.add(new Parked(ready, notBefore, go));
        turn.release();
        go.acquireUninterruptibly();
    }

    /** Until nobody has anything to do. @throws AssertionError when an actor failed, waits for ever, or runs for ever */
    void run() {
        for (int steps = 0; !parked.isEmpty(); steps++) {
            if (steps > MOST_STEPS) {
                throw new AssertionError("no end after " + MOST_STEPS + " steps");
            }
            next().go.release();
            turn.acquireUninterruptibly();
            nanos += random.nextInt(20_000);
            if (failure != null) {
                throw new AssertionError("an actor failed", failure);
            }
        }
    }

    private Parked next() {
        List<Parked> ready = parked.stream().filter(one -> one.notBeforeNanos <= nanos && one.ready.getAsBoolean()).toList();
        if (ready.isEmpty()) {
            nanos = parked.stream().filter(one -> one.ready.getAsBoolean()).mapToLong(Parked::notBeforeNanos).min().orElseThrow(() -> new AssertionError(parked.size() + " actors wait for ever"));
            return next();
        }
        Parked chosen = ready.get(random.nextInt(ready.size()));
        parked.remove(chosen);
        return chosen;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public void sleep(Duration time) {
        park(() -> true, nanos + time.toNanos());
    }
}
