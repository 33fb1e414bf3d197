package dev.banyan.balance;

/** What a server gets, and why. */
public enum ServerState {
    /** Added, and has not passed its first check: gets no request, in a panic neither. */
    UNPROVEN,
    /** Gets requests. */
    HEALTHY,
    /** Its checks fail: gets no request but in a panic. */
    SICK,
    /** Its requests failed: gets none for a time, but in a panic. */
    EJECTED,
    /** Is taken out of service: gets no new request. */
    DRAINING,
    /** Gone; what is in flight may end. */
    REMOVED
}
