package dev.banyan.http.gateway.callers;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much was wrong from each address lately: so many a minute, after which what is not known already is not looked at any more. Who is
 * known goes on, so that one guest of a network does not lock out its others. Of IPv6 the first 64 bits count, since the rest is the guest's
 * to choose. Safe for any thread.
 *
 * <p>A virtual clock an address (GCRA): each failure moves it on by its share of the minute; a minute ahead is full.
 */
final class Failures {
    /** Addresses that are remembered; when there are more, those that were not seen for the longest begin anew. */
    static final int ADDRESSES = 32_768;

    private static final long SPAN = TimeUnit.MINUTES.toNanos(1);

    private final long each;
    private final RecentMap<String, AtomicLong> aheadUntil = new RecentMap<>(ADDRESSES);

    /** @param most how many a minute */
    Failures(int most) {
        each = SPAN / most;
    }

    void add(String client, long nowNanos) {
        aheadUntil.get(network(client), _ -> new AtomicLong(nowNanos)).updateAndGet(until -> Math.max(until - nowNanos, 0) + each + nowNanos);
    }

    /** In how many seconds an address may fail again; 0 is now. */
    int secondsToWait(String client, long nowNanos) {
        AtomicLong until = aheadUntil.get(network(client));
        long over = until == null ? 0 : until.get() - nowNanos + each - SPAN;
        return over <= 0 ? 0 : (int) TimeUnit.NANOSECONDS.toSeconds(over + TimeUnit.SECONDS.toNanos(1) - 1);
    }

    private static String network(String client) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(client);
        return address == null || address.length == 4 ? client : HexFormat.of().formatHex(Arrays.copyOf(address, 8));
    }
}
