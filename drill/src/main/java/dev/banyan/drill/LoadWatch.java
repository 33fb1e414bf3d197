package dev.banyan.drill;

import java.util.concurrent.CompletableFuture;

/** Sees each request of a load while it runs, and says when it has seen enough. Called on any thread; must not block. */
public interface LoadWatch {
    /** Sees nothing, and lets the load come to its end. */
    LoadWatch NONE = new LoadWatch() {
        private final CompletableFuture<Void> never = new CompletableFuture<>();

        @Override
        public void begun() {
            // Nobody waits for it.
        }

        @Override
        public void ended(EndedRequest request) {
            // Nobody counts it.
        }

        @Override
        public CompletableFuture<Void> enough() {
            return never.copy();
        }
    };

    /** All users have joined; the first arrival comes now. */
    void begun();

    /** One request of the load has ended; those of joining users and of the audit are none. */
    void ended(EndedRequest request);

    /** Completes when there shall be no further arrival. Those under way are waited for, and the writes are audited. */
    CompletableFuture<Void> enough();
}
