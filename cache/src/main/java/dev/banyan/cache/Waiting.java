package dev.banyan.cache;

import dev.banyan.net.Clock;
import dev.banyan.resp.NodeDown;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting on a virtual thread. */
final class Waiting {
    static final int[] EMPTY = {};

    private Waiting() {}

    /** What a stage gives. @throws NodeDown when it does not in twice the time that a node has for an answer */
    static <T> T on(CompletionStage<T> stage, Duration answer) {
        return until(stage, 2 * answer.toNanos()).orElseThrow(() -> new NodeDown("a node has not answered within " + 2 * answer.toMillis() + " ms"));
    }

    /** What a stage gives, if it does in so many nanoseconds. */
    static <T> Optional<T> until(CompletionStage<T> stage, long nanos) {
        try {
            return Optional.of(stage.toCompletableFuture().get(Math.max(0, nanos), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("ERR the cache router is closing");
        }
    }

    static void sleep(Clock clock, Duration time) {
        if (time.isZero()) {
            return;
        }
        try {
            clock.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("ERR the cache router is closing");
        }
    }

    /** What a stage failed with, without the wrappings it collects on its way. */
    static RuntimeException unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
}
