package dev.banyan.balance;

/** A rate limit for each of many keys. Any thread may call; a key that is known costs no allocation. Times are of one monotonic clock. */
public sealed interface TokenLimit permits TokenBuckets, SharedBuckets {
    /**
     * Takes a token for a key.
     *
     * @param key a hash of what is limited, keyed by a secret ({@link SecretHash}): who can make two alike has them limited together
     * @return the key's debt after it, above 0; or, when there is no token, minus the time until there may be one, below 0
     */
    long take(long key, long nowNanos);

    /** What {@link #take} would return, with nothing taken and no place used up. */
    long peek(long key, long nowNanos);

    /** Gives back a token that was taken. */
    void giveBack(long key);

    TokenRate rate();

    /** For how many keys there is room. */
    int places();
}
