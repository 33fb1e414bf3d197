package dev.banyan.cli;

import java.util.concurrent.CompletableFuture;

/** A process that somebody else started. */
final class OtherProcess {
    private OtherProcess() {}

    /**
     * Completes within some seconds of its end, however it ends; at once when there is none.
     *
     * @param pid its id; one that goes to a stranger later is not mistaken for it
     */
    static CompletableFuture<Void> ended(long pid) {
        return ProcessHandle.of(pid).map(process -> process.onExit().<Void>thenApply(_ -> null)).orElseGet(() -> CompletableFuture.completedFuture(null));
    }
}
