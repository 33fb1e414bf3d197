package dev.banyan.http.gateway.limits;

import dev.banyan.balance.CircuitBreaker;
import dev.banyan.balance.Outcome;

/** One request's way past a {@link ServiceGuard}; reused for the next once it has ended. Owned by one IO loop. */
public final class ServicePass {
    private ServiceGuard guard;
    private int breakerPass;
    private long beganNanos;
    private long firstByteNanos;

    void begin(ServiceGuard by, int ofBreaker, long nowNanos) {
        guard = by;
        breakerPass = ofBreaker;
        beganNanos = nowNanos;
        firstByteNanos = 0;
    }

    /** Whether a request was let in with it that has not ended. */
    public boolean open() {
        return guard != null;
    }

    /** The service's answer begins. */
    public void answered(long nowNanos) {
        firstByteNanos = Math.max(1, nowNanos - beganNanos);
    }

    /**
     * The request has ended, retries and all; does nothing when it has ended before.
     *
     * @param outcome {@link Outcome#CLIENT_LEFT} also for a request that no server got
     */
    public void ended(Outcome outcome, long nowNanos) {
        if (guard != null) {
            ServiceGuard by = guard;
            guard = null;
            by.ended(breakerPass, outcome, firstByteNanos, nowNanos);
        }
    }

    /** As {@link CircuitBreaker#REFUSED} where there is no breaker, which then is not told. */
    static final int NO_BREAKER = CircuitBreaker.REFUSED;
}
