package dev.banyan.resp.clients;

import java.util.concurrent.CompletableFuture;

/** What a test does on the side. */
final class Background {
    private Background() {}

    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** Runs it at once; what it throws is the future's. */
    static CompletableFuture<Void> run(Task task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }
}
