package dev.banyan.http.gateway;

import dev.banyan.http.wire.LocalAnswer;

/**
 * One of a route's conditions, asked for each request on its IO loop: it never blocks. Safe for any thread.
 *
 * <p>What it needs to know may take time (a password's slow hash, keys that must be fetched first): then it leaves with the call what goes
 * on from there, by {@link Call#await}, and returns null.
 */
@FunctionalInterface
public interface Check {
    /** What a request that was kept waiting for too long is answered. */
    LocalAnswer KEPT_WAITING = new LocalAnswer(503, "it took too long to find out who calls", 1);

    /**
     * What a request is answered at once, or null when it passes this check, or when the call {@linkplain Call#takeAwaited awaits} the rest of
     * it. Notes in the call what is changed in heads.
     */
    LocalAnswer check(Call call, long nowNanos);

    /**
     * A request that passed has ended; called once for each, on its loop.
     *
     * @param status what the client got, 499 when it left before
     * @param nanos from its beginning to its end
     */
    default void ended(Call call, int status, long nanos, long nowNanos) {}

    /** What it asks, and as far as that can be told what it would say to this request, in a sentence; nothing is counted by it. */
    default String explain(Call call, long nowNanos) {
        return getClass().getSimpleName() + " is asked";
    }
}
