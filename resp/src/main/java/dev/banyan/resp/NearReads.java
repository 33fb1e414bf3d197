package dev.banyan.resp;

import dev.banyan.balance.Hash64;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One loop's reads from the near cache, and what it tells it of writes. A hot key is read at its node with tracking on and its remaining time
 * asked for; the copy is then kept until the node tells of a change, the connection is lost, the time is over, or a write passes here. Owned by
 * one IO loop.
 */
final class NearReads {
    /** Codes from here on are of groups of stripes. */
    private static final int GROUPS = Stamps.STRIPES;
    private static final int MOST_GROUPS = (1 << 17) - GROUPS - 2;
    private static final byte[] GET = bytes("GET");
    private static final byte[] PTTL = bytes("PTTL");
    private static final byte[][] CACHING = {bytes("CLIENT"), bytes("CACHING"), bytes("YES")};

    private final NearCache cache;
    private final NearCache.Reader reader;
    private final HotKeys hot;
    private int[] touched = new int[16];
    private int touches;
    private int[][] groups = new int[16][];
    private int nextGroup;

    NearReads(NearCache cache, double hotPerSecond, long nowNanos) {
        this.cache = cache;
        this.reader = cache.reader();
        this.hot = new HotKeys(hotPerSecond, nowNanos);
    }

    void tick(long nowNanos) {
        reader.tick(nowNanos);
        hot.tick(nowNanos);
    }

    List<HotKey> top(int most) {
        return hot.top(most);
    }

    long hash(byte[] key, int length) {
        return Hash64.of(key, 0, length);
    }

    /** A key is read; whether it is hot. */
    boolean isHot(byte[] key, int length, long hash) {
        boolean is = hot.seen(hash);
        hot.note(key, length, hash);
        return is;
    }

    /** Null when there is no true copy. */
    byte[] get(byte[] key, int length, long hash) {
        return reader.get(key, length, hash);
    }

    // ---- Writes that pass ----

    /** A command that may write begins. */
    void begin() {
        touches = 0;
    }

    /** It may change that key: copies are void from now on, and once more when it is answered. */
    void changes(byte[] key, int length) {
        int stripe = Stamps.stripe(hash(key, length));
        cache.stripeChanged(stripe);
        if (touches == touched.length) {
            touched = Arrays.copyOf(touched, touches * 2);
        }
        touched[touches++] = stripe;
    }

    /** The same of a command with one key; gives what to hand to {@link #written}. */
    int changesOne(byte[] key, int length) {
        int stripe = Stamps.stripe(hash(key, length));
        cache.stripeChanged(stripe);
        return stripe;
    }

    /** What to hand to {@link #written} when the command is answered or lost; -1 for nothing. */
    int code() {
        if (touches < 2) {
            return touches == 0 ? -1 : touched[0];
        }
        for (int tried = 0; tried < groups.length; tried++) {
            nextGroup = (nextGroup + 1) % groups.length;
            if (groups[nextGroup] == null) {
                groups[nextGroup] = Arrays.copyOf(touched, touches);
                return GROUPS + nextGroup;
            }
        }
        if (groups.length * 2 > MOST_GROUPS) {
            return GROUPS + MOST_GROUPS;
        }
        nextGroup = groups.length;
        groups = Arrays.copyOf(groups, groups.length * 2);
        groups[nextGroup] = Arrays.copyOf(touched, touches);
        return GROUPS + nextGroup;
    }

    /** The command is answered, or never will be. */
    void written(int code) {
        if (code < GROUPS) {
            cache.stripeChanged(code);
        } else if (code == GROUPS + MOST_GROUPS) {
            cache.invalidateAll();
        } else {
            for (int stripe : groups[code - GROUPS]) {
                cache.stripeChanged(stripe);
            }
            groups[code - GROUPS] = null;
        }
    }

    // ---- Reads that bring a copy ----

    /** What a read at the node brought. */
    interface Filled {
        /** @param answer to GET: a string, null, or an error */
        void filled(Reply answer);

        void lost(String why);
    }

    /** Reads a hot key at its node, keeps the copy, and answers. */
    void fill(NodeConnection connection, int node, byte[] scratch, int length, long hash, Filled filled) {
        byte[] key = Arrays.copyOf(scratch, length);
        long stamp = cache.stamp(hash, node);
        Reply[] answer = new Reply[1];
        connection.expect(Collecting.NOBODY, 0);
        ReplyWriter.command(connection.out(), CACHING);
        connection.expect(new Collecting(reply -> answer[0] = reply, _ -> {}), 0);
        ReplyWriter.command(connection.out(), GET, key);
        connection.expect(new Collecting(time -> {
            keep(key, hash, node, answer[0], time, stamp);
            filled.filled(answer[0]);
        }, filled::lost), 0);
        ReplyWriter.command(connection.out(), PTTL, key);
    }

    private void keep(byte[] key, long hash, int node, Reply answer, Reply time, long stamp) {
        byte[] value = switch (answer) {
            case Reply.Bulk(byte[] bytes) -> bytes;
            case Reply.Null() -> NearCache.NO_SUCH_KEY;
            default -> null;
        };
        boolean expired = time instanceof Reply.Number(long left) && left == -2 && value != NearCache.NO_SUCH_KEY;
        if (value != null && !expired && time instanceof Reply.Number(long millis)) {
            cache.put(key, key.length, hash, node, value, stamp, millis < 0 ? Long.MAX_VALUE : millis * 1_000_000);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
