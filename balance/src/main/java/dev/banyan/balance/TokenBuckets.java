package dev.banyan.balance;

/**
 * A rate limit for each of many keys: a token bucket a key, in bounded memory ({@link BucketTable} says what a flood of keys can do). Any
 * thread may call; a key that is known costs one compare-and-set and allocates nothing.
 *
 * <p>Holds for each key whatever the interleaving: in any time t at most {@code burst + t / interval} tokens are taken, and one more each
 * time its bucket is thrown out.
 */
public final class TokenBuckets {
    private final TokenRate rate;
    private final TokenRate overflowRate;
    private final BucketTable table;
    private final long originNanos;

    /** @param bytes the memory for keys, at least one set of eight */
    public TokenBuckets(TokenRate rate, long bytes, long nowNanos) {
        this.rate = rate;
        this.overflowRate = rate.times(BucketTable.WAYS);
        this.table = new BucketTable(rate, bytes);
        this.originNanos = nowNanos;
    }

    /**
     * Takes a token for a key.
     *
     * @param key a hash of what is limited, keyed by a secret ({@link SecretHash}): who can make two alike has them limited together
     * @return the key's debt after it, above 0; or, when there is no token, minus the time until there is one, below 0
     */
    public long take(long key, long nowNanos) {
        long at = nowNanos - originNanos;
        while (true) {
            Bucket bucket = table.findOrAdd(key, at);
            long told = bucket == null ? table.overflow(key).take(overflowRate, at) : bucket.take(rate, at);
            if (told != Bucket.GONE) {
                return told;
            }
        }
    }

    /** What {@link #take} would return, with nothing taken and no place used up. */
    public long peek(long key, long nowNanos) {
        Bucket bucket = table.find(key);
        return bucket == null ? rate.intervalNanos() : bucket.peek(rate, nowNanos - originNanos);
    }

    /** Gives back a token that was taken. */
    public void giveBack(long key) {
        Bucket bucket = table.find(key);
        if (bucket != null) {
            bucket.giveBack(rate);
        } else {
            table.overflow(key).giveBack(overflowRate);
        }
    }

    public TokenRate rate() {
        return rate;
    }

    /** For how many keys there is room. */
    public int places() {
        return table.places();
    }
}
