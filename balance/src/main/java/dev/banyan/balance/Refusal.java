package dev.banyan.balance;

/** Why no server was chosen. */
public enum Refusal implements Choice {
    /** None is eligible: there is none, or all drain, have not proved themselves, or are sick and panic is off. */
    NO_SERVERS,
    /** Every eligible server is at its cap: the caller queues the request. */
    ALL_BUSY
}
