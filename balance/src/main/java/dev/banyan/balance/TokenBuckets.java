package dev.banyan.balance;

/**
 * A rate limit for each of many keys: a token bucket a key, in bounded memory ({@link BucketTable} says what a flood of keys can do). Any
 * thread may call; a key that is known costs one compare-and-set and allocates nothing.
 *
 * <p>Holds for each key whatever the interleaving: in any time t at most {@code burst + t / interval} tokens are taken, and one more each
 * time its bucket is thrown out.
 */
public final class TokenBuckets implements TokenLimit {
    private final TokenRate rate;
    private final BucketTable table;
    private final long originNanos;

    /** @param bytes the memory for keys, at least one set of eight */
    public TokenBuckets(TokenRate rate, long bytes, long nowNanos) {
        this.rate = rate;
        this.table = new BucketTable(bytes);
        this.originNanos = nowNanos;
    }

    @Override
    public long take(long key, long nowNanos) {
        long at = nowNanos - originNanos;
        while (true) {
            Bucket bucket = table.findOrAdd(key, at);
            long told = bucket == null ? table.takeSpare(key, rate, at) : bucket.take(rate, at);
            if (told != Bucket.GONE) {
                return told;
            }
        }
    }

    @Override
    public long peek(long key, long nowNanos) {
        Bucket bucket = table.find(key);
        return bucket == null ? rate.intervalNanos() : bucket.peek(rate, nowNanos - originNanos);
    }

    @Override
    public void giveBack(long key) {
        Bucket bucket = table.find(key);
        if (bucket != null) {
            bucket.giveBack(rate);
        } else {
            table.giveBackSpare(key, rate);
        }
    }

    @Override
    public TokenRate rate() {
        return rate;
    }

    @Override
    public int places() {
        return table.places();
    }
}
