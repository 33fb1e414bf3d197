package dev.banyan.http.gateway.limits;

import dev.banyan.balance.SecretHash;
import dev.banyan.balance.TokenBuckets;
import dev.banyan.balance.TokenRate;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.topology.Edge.Clients;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How much one client, an address or an IPv6 network of 64 bits, may have at an edge: connections, requests a second, and requests that wait
 * for the origin. The last is what a flood of ever new query strings meets: its misses stop, while what is stored goes on being served, to
 * that client and to all others. Safe for any thread.
 *
 * <p>Connections and misses are counted exactly, in memory that is bounded by how many of them there are; requests in a table of fixed size.
 */
public final class ClientShares {
    private static final long TABLE_BYTES = 8 << 20;
    private static final LocalAnswer TOO_MANY_MISSES = new LocalAnswer(429, "as many of your requests as may wait for the origin do already", 1);
    private static final LocalAnswer TOO_MANY_REQUESTS = new LocalAnswer(429, "more requests in a second than one client may send", 1);

    private final SecretHash hash;
    private final ConcurrentHashMap<Long, Integer> connections = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Integer> misses = new ConcurrentHashMap<>();
    private volatile Clients limits;
    private volatile TokenBuckets requests;

    public ClientShares(Clients limits, SecretHash hash, long nowNanos) {
        this.hash = hash;
        use(limits, nowNanos);
    }

    /** Goes on with other limits; what is open is counted on. */
    public synchronized void use(Clients newLimits, long nowNanos) {
        if (limits == null || limits.requests() != newLimits.requests()) {
            int perSecond = newLimits.requests();
            requests = perSecond == 0 ? null : new TokenBuckets(TokenRate.of(perSecond, Duration.ofSeconds(1), perSecond), TABLE_BYTES, nowNanos);
        }
        limits = newLimits;
    }

    /** Whether a client may have one connection more; then {@link #disconnected} is called once when it ends. */
    public boolean connects(String address) {
        return take(connections, address, limits.connections());
    }

    public void disconnected(String address) {
        giveBack(connections, address);
    }

    /** What a client's request is answered at once, or null when it may go on. */
    public LocalAnswer request(String address, long nowNanos) {
        TokenBuckets buckets = requests;
        return buckets == null || buckets.take(hash.of(number(address)), nowNanos) > 0 ? null : TOO_MANY_REQUESTS;
    }

    /** What a request that nothing stored answers is answered at once, or null when it may wait for the origin; then {@link #missEnded} is called once. */
    public LocalAnswer miss(String address) {
        return take(misses, address, limits.misses()) ? null : TOO_MANY_MISSES;
    }

    public void missEnded(String address) {
        giveBack(misses, address);
    }

    /** Clients that have a connection, for figures. */
    public int clients() {
        return connections.size();
    }

    /** Counts also where there is no limit, so that a limit that comes later finds the right counts. */
    private static boolean take(ConcurrentHashMap<Long, Integer> counts, String address, int most) {
        long client = number(address);
        int[] before = new int[1];
        counts.compute(client, (_, count) -> {
            before[0] = count == null ? 0 : count;
            return most > 0 && before[0] >= most ? count : Integer.valueOf(before[0] + 1);
        });
        return most == 0 || before[0] < most;
    }

    private static void giveBack(ConcurrentHashMap<Long, Integer> counts, String address) {
        counts.computeIfPresent(number(address), (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    private static long number(String address) {
        long number = ClientAddress.of(address);
        return number == -1 ? address.hashCode() : number;
    }
}
