package dev.banyan.resp;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the keys that one loop reads often: a {@link Sketch} that is halved at the end of each period. A key that is read r times a second has
 * r·P(1 + f) in it when a part f of a period of P seconds is over, so that its rate can be told at any moment, not only at a period's end.
 * Owned by one loop; time is passed in.
 *
 * <p>How true it is: a period is as long as a key at the threshold takes to be read 64 times, and a second at least. Reads that come at random
 * are then told within 12 % (one standard deviation), and the sketch's own error, at most as many reads a second as all of the loop's over
 * {@link Sketch#WIDTH}, is added to the threshold: at 100,000 reads a second 6 more. A key far above the threshold is found when it was read
 * as often as the threshold asks of one period.
 */
final class HotKeys {
    /** Of a longer key the list shows the beginning. */
    static final int SHOWN_BYTES = 256;

    /** One read of so many is looked at for the list: a key of 50 reads a second is then there within a second. */
    private static final int LISTED_OF = 16;

    private static final double READS_A_PERIOD = 64;
    private static final double LEAST_PERIOD = 1;
    private static final double MOST_PERIOD = 60;

    private final double perSecond;
    private final double periodSeconds;
    private final Sketch sketch = new Sketch();
    private final HotList list = new HotList(sketch);
    private long periodBeganNanos;
    private double part;
    private double carriedSeconds;
    private int limit;
    private int untilListed = LISTED_OF;

    /** @param perSecond reads a second from which on a key is hot on this loop, above 0: with several loops the site's threshold over their number */
    HotKeys(double perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.periodSeconds = Math.clamp(READS_A_PERIOD / perSecond, LEAST_PERIOD, MOST_PERIOD);
        this.periodBeganNanos = nowNanos;
        tick(nowNanos);
    }

    /** A key is read; whether it is hot. Allocates nothing. */
    boolean seen(long hash) {
        return sketch.add(hash) >= limit;
    }

    /** Keeps the list: called for each read behind {@link #seen}, looks at one of sixteen. */
    void note(byte[] key, int length, long hash) {
        if (--untilListed == 0) {
            untilListed = LISTED_OF;
            list.offer(key, Math.min(length, SHOWN_BYTES), hash);
        }
    }

    /** To be called some ten times a second: with time what was read earlier counts less. */
    void tick(long nowNanos) {
        double periods = (nowNanos - periodBeganNanos) / (periodSeconds * 1e9);
        while (periods >= 1) {
            sketch.halve();
            carriedSeconds = (carriedSeconds + periodSeconds) / 2;
            periods--;
            if (sketch.total() == 0) {
                carriedSeconds = periodSeconds;
                periods -= Math.floor(periods);
            }
        }
        part = periods;
        periodBeganNanos = nowNanos - (long) (periods * periodSeconds * 1e9);
        limit = (int) Math.max(2, Math.ceil(perSecond * periodSeconds * (1 + part) + (double) sketch.total() / Sketch.WIDTH));
        list.settle();
    }

    /** The keys that are read most on this loop, the most first, whether hot or not; at most 64. */
    List<HotKey> top(int most) {
        List<HotKey> keys = new ArrayList<>();
        // In its first period the sketch has nothing from before, and at its very beginning too little for a rate.
        double seconds = Math.max(carriedSeconds + periodSeconds * part, LEAST_PERIOD / 10);
        list.forEach((key, hash, count) -> keys.add(new HotKey(key, hash, count / seconds)));
        return HotKey.hottest(keys, most);
    }
}
