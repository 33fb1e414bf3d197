package dev.banyan.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One door's part of a rate limit that several doors share: it admits at once from what it knows, and settles with the shared counters
 * behind it. Any thread may call.
 *
 * <p>A door admits a key's request when the shared bucket had room as far as it was last told, and while at most its credit of tokens waits
 * to be settled. Each settling charges the shared bucket with all that was admitted and tells its debt, with what all doors have charged.
 *
 * <p>Holds while the counters answer, whatever is delayed, lost or sent twice: over any time t all doors together admit at most
 * {@code burst + t / interval + doors x credit} of a key's requests. For a door that has spent its credit asks before it admits more, and
 * when the shared bucket is first overdrawn each door has at most its credit left to spend before it is told so. While they do not answer,
 * each door limits by itself to its part of the rate, and charges what it admitted (at most a burst) when they are back.
 */
public final class SharedBuckets implements TokenLimit {
    private final TokenRate rate;
    private final double tolerance;
    private final BucketTable table;
    private final long originNanos;
    private final ConcurrentLinkedQueue<Bucket> owing = new ConcurrentLinkedQueue<>();
    private volatile Part part;

    /** @param tolerance how much of a burst all doors together may admit too much, 0 to 1; each may in any case be wrong by one token */
    public SharedBuckets(TokenRate rate, double tolerance, long bytes, long nowNanos) {
        this.rate = rate;
        this.tolerance = tolerance;
        this.table = new BucketTable(bytes);
        this.originNanos = nowNanos;
        this.part = new Part(1, false);
    }

    /** Below 0 as well when the credit is spent and the settling has to be waited for. */
    @Override
    public long take(long key, long nowNanos) {
        long at = nowNanos - originNanos;
        Part now = part;
        while (true) {
            Bucket bucket = table.findOrAdd(key, at);
            long told = bucket == null ? table.takeSpare(key, now.share, at) : take(bucket, now, at);
            if (told != Bucket.GONE) {
                return told;
            }
        }
    }

    private long take(Bucket bucket, Part now, long at) {
        int owed = bucket.owe(now.alone ? rate.burst() : now.credit);
        if (owed == Bucket.NONE && !now.alone) {
            return -rate.intervalNanos();
        }
        long told = bucket.take(now.alone ? now.share : rate, at);
        if (told < 0 && owed != Bucket.NONE) {
            bucket.settle(1); // also when it has left the table: nobody settles what it owes
        } else if (owed == 1) {
            owing.add(bucket);
        }
        return told;
    }

    @Override
    public long peek(long key, long nowNanos) {
        Part now = part;
        Bucket bucket = table.find(key);
        if (bucket == null) {
            return rate.intervalNanos();
        }
        boolean spent = !now.alone && bucket.unsettled() >= now.credit;
        return spent ? -rate.intervalNanos() : bucket.peek(now.alone ? now.share : rate, nowNanos - originNanos);
    }

    @Override
    public void giveBack(long key) {
        Bucket bucket = table.find(key);
        if (bucket == null) {
            table.giveBackSpare(key, part.share);
        } else {
            bucket.settle(1);
            bucket.giveBack(rate);
        }
    }

    /**
     * What is to be charged now; each of them is to be told how it ended, by {@link #settled} or {@link #lost}.
     *
     * @param most how many keys
     */
    public List<Charge> due(int most) {
        List<Charge> charges = new ArrayList<>();
        while (charges.size() < most) {
            Bucket bucket = owing.poll();
            if (bucket == null) {
                break;
            }
            int tokens = bucket.unsettled();
            if (tokens > 0) {
                charges.add(new Charge(bucket, tokens));
            }
        }
        return charges;
    }

    /** A charge was made. @param debtNanos the shared bucket's debt after it */
    public void settled(Charge charge, long debtNanos, long nowNanos) {
        int left = charge.bucket.settle(charge.tokens);
        charge.bucket.learn(rate, debtNanos, nowNanos - originNanos);
        if (left > 0) {
            owing.add(charge.bucket);
        }
    }

    /** It is not known whether a charge was made: it is made again. */
    public void lost(Charge charge) {
        owing.add(charge.bucket);
    }

    /**
     * How the limit is shared from now on.
     *
     * @param doors how many doors there are, as far as is known, from 1
     * @param alone whether the shared counters do not answer
     */
    public void share(int doors, boolean alone) {
        Part before = part;
        if (before.doors != doors || before.alone != alone) {
            part = new Part(Math.max(1, doors), alone);
        }
    }

    /** The most tokens of a key that this door may have admitted and not settled. */
    public int credit() {
        return part.credit;
    }

    @Override
    public TokenRate rate() {
        return rate;
    }

    @Override
    public int places() {
        return table.places();
    }

    /** Tokens that a key has used here. Made by {@link #due}. */
    public static final class Charge {
        private final Bucket bucket;
        private final int tokens;

        private Charge(Bucket bucket, int tokens) {
            this.bucket = bucket;
            this.tokens = tokens;
        }

        public long key() {
            return bucket.key;
        }

        public int tokens() {
            return tokens;
        }
    }

    /** What depends on the number of doors. */
    private final class Part {
        final int doors;
        final boolean alone;
        final int credit;
        final TokenRate share;

        Part(int doors, boolean alone) {
            this.doors = doors;
            this.alone = alone;
            credit = Math.max(1, (int) (tolerance * rate.burst() / doors));
            share = rate.over(doors);
        }
    }
}
