package dev.banyan.sim;

/** What a server does with a request, besides answering it. */
enum Trouble {
    NONE,
    /** Answers in pieces, with time between them. */
    SLOW,
    /** Never answers. */
    HANG,
    /** Closes without a byte. */
    CLOSE,
    /** Closes in the middle of the answer's head. */
    HALF_HEAD,
    /** Closes in the middle of the answer's body. */
    HALF_BODY,
    /** Answers with 500. */
    ERROR,
    /** Answers, then closes without having said so. */
    CLOSE_AFTER,
    /** Answers, and then says more than was asked. */
    CHATTER,
    /** Answers with what is no HTTP. */
    GARBAGE,
    /** Sends 103 first. */
    INTERIM,
    /** Answers before the request's body has come. */
    EARLY
}
