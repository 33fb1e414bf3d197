package dev.banyan.cache;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Loads of keys that a node does not have: one at a time for each key, however many ask. Who asks after a change was told never gets what
 * was loaded for others before. Safe for any thread; nothing here blocks but what runs on the executor.
 */
final class Loads {
    /** Values loaded ahead of their end at a time; more are left to end. */
    private static final int MOST_REFRESHES = 64;

    private final Loading loading;
    private final Executor executor;
    private final List<CacheFigures> figures;
    private final Map<CacheKey, CompletableFuture<Optional<byte[]>>> flights = new ConcurrentHashMap<>();
    private final Set<CacheKey> refreshing = ConcurrentHashMap.newKeySet();

    Loads(Loading loading, Executor executor, List<CacheFigures> figures) {
        this.loading = loading;
        this.executor = executor;
        this.figures = figures;
    }

    /**
     * What all loads have.
     *
     * @param answer how long one may take with all its waiting
     */
    record Loading(Rows rows, Entries entries, Truth truth, Owed owed, Clock clock, RandomGenerator random, Duration answer) {}

    /** The value, empty when there is none; exceptionally {@link Refused} when it cannot be had. */
    CompletableFuture<Optional<byte[]>> load(CacheKey key) {
        CompletableFuture<Optional<byte[]>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<byte[]>> there = flights.putIfAbsent(key, mine);
        if (there != null) {
            figures.get(key.rule().index()).waits().increment();
            return there;
        }
        executor.execute(() -> run(key, mine));
        return mine;
    }

    private void run(CacheKey key, CompletableFuture<Optional<byte[]>> mine) {
        Optional<byte[]> value = Optional.empty();
        Throwable failure = null;
        try {
            value = new Load(key, loading, figures.get(key.rule().index())).run();
        } catch (Throwable e) {
            failure = e;
        }
        flights.remove(key, mine);
        if (failure == null) {
            mine.complete(value);
        } else {
            mine.completeExceptionally(failure);
        }
    }

    /** Loads an entry anew that still answers, and puts the new one in its place. At most one at a time for a key. */
    void refresh(CacheKey key, Entry entry) {
        if (refreshing.size() < MOST_REFRESHES && refreshing.add(key)) {
            figures.get(key.rule().index()).refreshes().increment();
            executor.execute(() -> {
                try {
                    new Load(key, loading, figures.get(key.rule().index())).refresh(entry);
                } finally {
                    refreshing.remove(key);
                }
            });
        }
    }

    /** A change was told: who asks from now on starts a load of their own. Those who asked before get what they wait for. */
    void forget(CacheKey key) {
        flights.remove(key);
    }

    /** The same for all keys of a prefix. */
    void forget(Rule rule) {
        flights.keySet().removeIf(key -> key.rule().equals(rule));
    }
}
