package dev.banyan.http;

import dev.banyan.balance.Server;
import dev.banyan.http.gateway.limits.ClientShares;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.http.wire.StreamHead;
import dev.banyan.net.Deadlines;
import dev.banyan.telemetry.LineBuffer;
import dev.banyan.topology.Edge;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * What one IO loop owns of the front door: its connections to servers, its deadlines, the scratch space that heads are read from, its
 * random source, its buffer of log lines. Nothing here is shared, so nothing is locked.
 */
final class Lane {
    private static final int SERVER_SLOTS = 64;
    /** As many ways through the gateway are kept for the next requests. */
    private static final int MOST_SPARE = 256;

    final FrontDoor door;
    final EventLoop loop;
    final RandomGenerator random;
    final RequestHead request = new RequestHead();
    final ResponseHead response = new ResponseHead();
    final RequestId requestId = new RequestId();
    final StreamHead streamHead = new StreamHead();
    final HeadBuffer headBuffer = new HeadBuffer();
    final FreshnessCookie freshnessCookie = new FreshnessCookie();
    final RequestWriter requestWriter;
    /** Where a held request's head is read again. */
    final RequestHead fetched = new RequestHead();
    /** Null where nothing is stored. */
    final CachePolicy cachePolicy;
    final ResponseWriter responseWriter = new ResponseWriter(headBuffer);
    final Optional<AccessLog> accessLog;
    final Unread unread;

    /** Null until an answer might be compressed. */
    private Coders coders;
    private final KeyWriter urls = new KeyWriter(new Edge.Key(List.of(), false));
    private final ArrayDeque<GatewayWay> gateways = new ArrayDeque<>();
    /** Under way, whether others may join them or not. */
    final Set<Fetch> fetches = new HashSet<>();

    private final Deadlines deadlines;
    /** By an upstream's number, then by a server's slot. */
    private ServerPool[][] pools = {new ServerPool[SERVER_SLOTS]};
    private byte[] scratch = new byte[32 * 1024];
    private long readNanos;
    private long readMillis;
    private boolean ticking;

    Lane(FrontDoor door, EventLoop loop, RandomGenerator random, Optional<LineBuffer> log) {
        this.door = door;
        this.loop = loop;
        this.random = random;
        this.requestWriter = new RequestWriter(headBuffer, freshnessCookie, random, door.introduction().isPresent());
        this.cachePolicy = door.cache().map(cache -> new CachePolicy(this, cache)).orElse(null);
        this.unread = new Unread(door);
        this.deadlines = new Deadlines(door.clock().nanos());
        this.accessLog = log.map(lines -> new AccessLog(lines, door.clock()));
    }

    long now() {
        return door.clock().nanos();
    }

    /** A way through the gateway for one request. */
    GatewayWay borrowGateway() {
        GatewayWay spare = gateways.poll();
        return spare == null ? new GatewayWay(this) : spare;
    }

    void giveBack(GatewayWay way) {
        if (gateways.size() < MOST_SPARE) {
            gateways.push(way);
        }
    }

    /** What compresses answers on this loop. */
    Coders coders() {
        if (coders == null) {
            coders = new Coders();
        }
        return coders;
    }

    /** The wall clock, in milliseconds since 1970. */
    long millis() {
        return millis(now());
    }

    /** The same at a moment of {@link #now}; read from the wall clock once a second. */
    long millis(long nanos) {
        if (nanos - readNanos > TimeUnit.SECONDS.toNanos(1) || readMillis == 0) {
            readNanos = nanos;
            readMillis = door.clock().now().toEpochMilli();
        }
        return readMillis + (nanos - readNanos) / 1_000_000;
    }

    /** The URL that a request asks for, as its client has it. */
    String url(RequestHead head, Peer peer) {
        return urls.of(head, ClientAddress.secure(head.fields(), peer), door.fallbackHost()).toString();
    }

    /** As the access log calls who answered from what is stored. */
    String cacheName() {
        return door.cache().map(EdgeCache::name).orElse("");
    }

    /** Whether a client may have one connection more here; of an edge alone. It counts until the channel is closed. A proxy's are those of all its clients. */
    boolean admits(Channel channel, Peer peer) {
        ClientShares shares = door.cache().map(EdgeCache::shares).orElse(null);
        if (shares == null || peer.trusted()) {
            return true;
        }
        boolean admitted = shares.connects(peer.ip());
        if (admitted) {
            channel.closeFuture().addListener(_ -> shares.disconnected(peer.ip()));
        }
        return admitted;
    }

    DoorSettings settings() {
        return door.settings();
    }

    /** Room for at least so many bytes of a head; what was there is lost. */
    byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        return scratch;
    }

    /** The request's freshness cookie, for {@link #requestWriter} and for the exchange that begins; looked for only where it means something. */
    void findFreshness(RequestHead head) {
        if (door.freshness() == null) {
            freshnessCookie.none();
        } else {
            freshnessCookie.find(head.fields());
        }
    }

    /** This loop's connections to a server. */
    ServerPool pool(Upstream upstream, Server server) {
        ServerPool[] ofUpstream = room(upstream.number(), server.slot());
        ServerPool pool = ofUpstream[server.slot()];
        if (pool == null || pool.server() != server) {
            if (pool != null) {
                pool.close();
            }
            pool = new ServerPool(this, server);
            ofUpstream[server.slot()] = pool;
        }
        return pool;
    }

    private ServerPool[] room(int upstream, int slot) {
        if (upstream >= pools.length) {
            int before = pools.length;
            pools = Arrays.copyOf(pools, upstream + 1);
            Arrays.fill(pools, before, pools.length, new ServerPool[0]);
        }
        if (slot >= pools[upstream].length) {
            pools[upstream] = Arrays.copyOf(pools[upstream], Math.max(slot + 1, pools[upstream].length * 2));
        }
        return pools[upstream];
    }

    ByteBufAllocator alloc() {
        return ByteBufAllocator.DEFAULT; // what channels use
    }

    void endAt(Deadlines.Entry entry, long deadlineNanos) {
        entry.endAt(deadlines, deadlineNanos);
        if (!ticking && deadlineNanos != Deadlines.NEVER) {
            ticking = true;
            loop.schedule(this::tick, Deadlines.tickNanos(), TimeUnit.NANOSECONDS);
        }
    }

    void forget(Deadlines.Entry entry) {
        entry.forget(deadlines);
    }

    private void tick() {
        try {
            long now = now();
            accessLog.ifPresent(log -> log.tick(now));
            for (Upstream upstream : door.upstreams()) {
                upstream.waitingRoom().placeFreed();
            }
            deadlines.expire(now);
        } catch (RuntimeException e) {
            door.metrics().bug(e); // one connection's fault must not end the deadlines of all others
        }
        ticking = !deadlines.isEmpty();
        if (ticking) {
            loop.schedule(this::tick, Deadlines.tickNanos(), TimeUnit.NANOSECONDS);
        } else {
            accessLog.ifPresent(AccessLog::flush); // nobody looks again until something happens
        }
    }

    /** Closes the connections to servers that no request holds, and hands on the last log lines. */
    void close() {
        List.copyOf(fetches).forEach(Fetch::abandon);
        for (ServerPool[] ofUpstream : pools) {
            for (ServerPool pool : ofUpstream) {
                if (pool != null) {
                    pool.close();
                }
            }
        }
        if (coders != null) {
            coders.close();
        }
        accessLog.ifPresent(AccessLog::flush);
    }
}
