package dev.banyan.http.gateway.callers;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where an issuer's keys come from. Safe for any thread. */
interface KeySource extends AutoCloseable {
    /** The keys as they are now; null while there have never been any. */
    KeySet keys();

    /** Asks for newer ones where that can help now: the stage ends, and never fails, when there is an answer. Empty where it was asked a moment ago. */
    default Optional<CompletionStage<Void>> refresh() {
        return Optional.empty();
    }

    @Override
    default void close() {}
}
