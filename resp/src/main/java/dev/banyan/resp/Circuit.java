package dev.banyan.resp;

import java.util.random.RandomGenerator;

/**
 * Whether a node is asked (Nygard's circuit breaker, "Release It!", 2007). Closed, it is. It opens when so many questions in a row failed, or at
 * once when its connection is lost; then it is probed by one question at a time, after pauses that double and are scattered, and closes when
 * one is answered. Owned by one loop; time is passed in.
 */
final class Circuit {
    private final int failuresToOpen;
    private final long leastPauseNanos;
    private final long mostPauseNanos;
    private final RandomGenerator random;
    private State state = State.CLOSED;
    private int failures;
    private int probes;
    private long pauseNanos;
    private long probeAtNanos;
    private long openedNanos;

    enum State {
        CLOSED,
        OPEN,
        /** A probe is under way. */
        HALF_OPEN
    }

    Circuit(int failuresToOpen, long leastPauseNanos, long mostPauseNanos, RandomGenerator random) {
        this.failuresToOpen = failuresToOpen;
        this.leastPauseNanos = leastPauseNanos;
        this.mostPauseNanos = mostPauseNanos;
        this.random = random;
    }

    State state() {
        return state;
    }

    /** Failures in a row while it was closed. */
    int failures() {
        return failures;
    }

    /** Probes sent since it opened. */
    int probes() {
        return probes;
    }

    /** Since when it is open; means nothing while it is closed. */
    long openedNanos() {
        return openedNanos;
    }

    /** How long until the next probe may be sent: 0 when it is due. */
    long untilProbe(long nowNanos) {
        return Math.max(0, probeAtNanos - nowNanos);
    }

    /** Whether a probe is to be sent now; {@link #succeeded}, {@link #failed} or {@link #lost} then tells what became of it. */
    boolean probe(long nowNanos) {
        if (state != State.OPEN || nowNanos - probeAtNanos < 0) {
            return false;
        }
        state = State.HALF_OPEN;
        probes++;
        return true;
    }

    /** A question failed. Whether that opened it. */
    boolean failed(long nowNanos) {
        return switch (state) {
            case CLOSED -> ++failures >= failuresToOpen && open(nowNanos);
            case HALF_OPEN -> {
                pauseNanos = Math.min(mostPauseNanos, 2 * pauseNanos);
                waitForProbe(nowNanos);
                yield false;
            }
            case OPEN -> false; // Asked before it opened: known already.
        };
    }

    /** A connection was lost or could not be made. Whether that opened it. */
    boolean lost(long nowNanos) {
        return state == State.CLOSED ? open(nowNanos) : failed(nowNanos);
    }

    /** A question was answered. Whether that closed it: not while it is open, for the answer was to a question asked before. */
    boolean succeeded() {
        if (state == State.OPEN) {
            return false;
        }
        return reached();
    }

    /** A new connection was welcomed: as good as a probe. Whether that closed it. */
    boolean reached() {
        boolean closes = state != State.CLOSED;
        state = State.CLOSED;
        failures = 0;
        return closes;
    }

    private boolean open(long nowNanos) {
        openedNanos = nowNanos;
        probes = 0;
        pauseNanos = leastPauseNanos;
        waitForProbe(nowNanos);
        return true;
    }

    private void waitForProbe(long nowNanos) {
        state = State.OPEN;
        probeAtNanos = nowNanos + pauseNanos / 2 + random.nextLong(pauseNanos / 2 + 1);
    }
}
