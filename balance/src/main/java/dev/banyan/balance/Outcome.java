package dev.banyan.balance;

/** How a request ended, as far as it says something about its server. */
public enum Outcome {
    /** A whole answer below 500. */
    OK("an answer"),
    /** An answer of 500 and above. */
    SERVER_ERROR("a 5xx answer"),
    /** Refused, reset or timed out before an answer began. */
    NO_ANSWER("no answer"),
    /** An answer that was cut or broke the protocol. */
    BROKEN("a broken answer"),
    /** The client went away first, which says nothing about the server. */
    CLIENT_LEFT("the client left");

    private final String words;

    Outcome(String words) {
        this.words = words;
    }

    boolean failed() {
        return this == SERVER_ERROR || this == NO_ANSWER || this == BROKEN;
    }

    /** For a sentence: {@code last: no answer}. */
    String words() {
        return words;
    }
}
