package dev.banyan.http.gateway.callers;

import dev.banyan.topology.Decision;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * An issuer's keys from a URL: fetched at once, again when their time is over, and out of turn when a token names a key that is not among
 * them, though not more often than every {@value #BETWEEN_SECONDS} seconds. While the URL fails the last keys that were good go on. Safe for
 * any thread.
 */
final class KeysUrl implements KeySource {
    static final long BETWEEN_SECONDS = 10;

    private static final long BETWEEN_NANOS = Duration.ofSeconds(BETWEEN_SECONDS).toNanos();
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    /** How keys are asked for. */
    record Place(URI url, Duration refresh, Duration timeout) {}

    private final Place place;
    private final KeyFetch fetch;
    private final Surroundings around;
    private final Future<?> refreshing;
    /** Guarded by this; null when nobody is asking. */
    private CompletableFuture<Void> asking;
    /** Guarded by this. */
    private long askedAt;

    private volatile KeySet keys;
    private volatile boolean closed;
    private volatile Duration pause = FIRST_RETRY;
    /** Of the thread that asks. */
    private String lastFault = "";

    KeysUrl(Place place, KeyFetch fetch, Surroundings around) {
        this.place = place;
        this.fetch = fetch;
        this.around = around;
        CompletableFuture<Void> first = new CompletableFuture<>();
        asking = first;
        refreshing = around.blocking().submit(() -> keepFresh(first));
    }

    @Override
    public KeySet keys() {
        return keys;
    }

    @Override
    public Optional<CompletionStage<Void>> refresh() {
        CompletableFuture<Void> mine;
        synchronized (this) {
            if (asking != null) {
                return Optional.of(asking);
            }
            if (around.clock().nanos() - askedAt < BETWEEN_NANOS) {
                return Optional.empty();
            }
            mine = claim().orElseThrow();
        }
        try {
            around.blocking().execute(() -> ask(mine));
        } catch (RejectedExecutionException closing) {
            answered(mine);
        }
        return Optional.of(mine);
    }

    private void keepFresh(CompletableFuture<Void> first) {
        ask(first);
        try {
            while (!closed) {
                around.clock().sleep(pause);
                claim().ifPresent(this::ask);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who gets it asks; empty when another thread is at it. */
    private synchronized Optional<CompletableFuture<Void>> claim() {
        if (asking != null) {
            return Optional.empty();
        }
        asking = new CompletableFuture<>();
        return Optional.of(asking);
    }

    private void ask(CompletableFuture<Void> mine) {
        synchronized (this) {
            askedAt = around.clock().nanos();
        }
        try {
            KeyFetch.Fetched fetched = fetch.fetch(place.url(), place.timeout());
            keys = fetched.keys();
            pause = fetched.maxAge().filter(age -> age.compareTo(place.refresh()) < 0).map(age -> age.compareTo(SHORTEST) < 0 ? SHORTEST : age).orElse(place.refresh());
            told("");
        } catch (Unusable e) {
            pause = lastFault.isEmpty() ? FIRST_RETRY : min(pause.multipliedBy(2), LAST_RETRY);
            told(e.getMessage());
        } finally {
            answered(mine);
        }
    }

    private void answered(CompletableFuture<Void> mine) {
        synchronized (this) {
            asking = null;
        }
        mine.complete(null);
    }

    /** Says once what fails, and once that it does no more. */
    private void told(String fault) {
        if (!fault.equals(lastFault) && !closed) {
            String goesOn = keys == null ? "there are no keys yet: callers with its tokens get 503" : "the keys that were good go on";
            around.tell(fault.isEmpty() ? new Decision("use keys", "they can be fetched again", place.url().toString(), around.clock().now())
                    : new Decision("keep keys", "they cannot be fetched: " + fault, place.url() + "; " + goesOn, around.clock().now()));
        }
        lastFault = fault;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public void close() {
        closed = true;
        refreshing.cancel(true);
    }
}
