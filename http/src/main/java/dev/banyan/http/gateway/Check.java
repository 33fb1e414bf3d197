package dev.banyan.http.gateway;

import dev.banyan.http.wire.LocalAnswer;

/** One of a route's conditions, asked for each request on its IO loop: it neither blocks nor waits. Safe for any thread. */
public interface Check {
    /** What a request is answered at once, or null when it passes this check. Notes in the call what is changed in heads. */
    LocalAnswer check(Call call, long nowNanos);

    /**
     * A request that passed has ended; called once for each, on its loop.
     *
     * @param status what the client got, 499 when it left before
     * @param nanos from its beginning to its end
     */
    default void ended(Call call, int status, long nanos, long nowNanos) {}
}
