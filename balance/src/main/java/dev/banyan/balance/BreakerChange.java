package dev.banyan.balance;

/**
 * Something a {@link CircuitBreaker} did by itself, in the words of a {@code Decision}.
 *
 * @param state which state it is in now
 * @param what the act, as {@code leave service search alone for 5 s}
 * @param why the reason with its numbers
 * @param seen what else was seen when it was decided
 */
public record BreakerChange(State state, String what, String why, String seen) {
    /** The states of a breaker, in the order of its metric. */
    public enum State {
        /** Requests pass. */
        CLOSED,
        /** A few pass, to try the service. */
        HALF_OPEN,
        /** None passes. */
        OPEN
    }
}
