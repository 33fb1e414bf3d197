package dev.banyan.http;

import dev.banyan.balance.ServerGroup;
import dev.banyan.http.gateway.RouteTable;
import dev.banyan.http.gateway.limits.ServiceGuards;
import dev.banyan.net.Clock;
import dev.banyan.net.FileWatch;
import dev.banyan.net.Identity;
import dev.banyan.net.Transport;
import dev.banyan.telemetry.LineWriter;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Compression;
import dev.banyan.topology.Decision;
import dev.banyan.topology.FrontDoor.Health;
import dev.banyan.topology.FrontDoor.Tls;
import dev.banyan.topology.HostPort;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.internal.PlatformDependent;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The load balancer that users reach: listens, and forwards each request to a server of its group.
 *
 * <p>It takes immutable settings and a {@link ServerGroup} from whoever controls the site and never calls back: it keeps serving when
 * control is gone. Safe for any thread.
 */
public final class FrontDoor implements AutoCloseable {
    /** What the site file's application is called among services. */
    public static final String APPLICATION = "application";
    /** A loop that does not answer in this time is not waited for. */
    private static final long CLOSE_SECONDS = 2;
    /** Of what the process may keep outside its heap, the part that clients may leave unread. */
    private static final int UNREAD_PART = 4;
    private static final long LEAST_UNREAD = 4 << 20;

    /** Application first. Only ever added to. */
    private final List<Upstream> upstreams = new CopyOnWriteArrayList<>();
    private final Transport transport;
    private final Clock clock;
    private final RandomGenerator random;
    private final DoorMetrics metrics;
    private final Arrivals arrivals;
    private final Handshakes handshakes;
    private final Optional<Path> certificates;
    private final Optional<ServerTls> tls;
    private volatile Optional<CertificateWatch> certificateWatch = Optional.empty();
    private final Optional<LineWriter> accessLog;
    private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();
    private final Set<Visitor> visitors = ConcurrentHashMap.newKeySet();
    private final List<Intake> intakes = new CopyOnWriteArrayList<>();
    private final Set<EdgeEntrance> entrances = ConcurrentHashMap.newKeySet();
    private final List<HealthChecks> checks = new CopyOnWriteArrayList<>();
    /** Connections that were handed to edges; they count here, where they came in. */
    private final AtomicInteger handedOver = new AtomicInteger();
    private volatile Function<SocketAddress, Optional<FrontDoor>> nearest = _ -> Optional.empty();
    private volatile Optional<Introduction> introduction = Optional.empty();
    private volatile boolean listening;
    private volatile dev.banyan.topology.FrontDoor site;
    private volatile DoorSettings settings;
    private volatile byte[] fallbackHost = {};
    private volatile Optional<EdgeCache> cache = Optional.empty();
    private volatile RouteTable routes;
    private volatile Executor blocking;
    private volatile ServiceGuards guards;
    private volatile Optional<CompressionRules> compression = Optional.empty();
    private volatile Freshness freshness;
    private volatile Tracer tracer;
    private volatile WriteListener writes;
    private volatile long mostUnread;
    private volatile boolean full;
    private volatile boolean closing;

    private FrontDoor(dev.banyan.topology.FrontDoor site, String healthPath, ServerGroup group, Transport transport, Clock clock, RandomGenerator random, Registry registry, Optional<LineWriter> accessLog, Optional<Path> certificates) {
        upstreams.add(new Upstream(APPLICATION, 0, group, healthPath, site.retries()));
        this.transport = transport;
        this.clock = clock;
        this.random = random;
        this.accessLog = accessLog;
        this.metrics = new DoorMetrics(registry);
        this.arrivals = new Arrivals(registry);
        this.handshakes = new Handshakes(Math.max(64, site.limits().connections() / 8));
        this.certificates = certificates;
        this.tls = site.tls().map(at -> new ServerTls(Certificates.of(at, certificates, clock.now())));
        this.mostUnread = unreadOfALoop(PlatformDependent.maxDirectMemory() / UNREAD_PART, transport);
        check(application());
        use(site);
    }

    private static long unreadOfALoop(long ofAll, Transport transport) {
        long loops = StreamSupport.stream(transport.loops().spliterator(), false).count();
        return Math.max(LEAST_UNREAD, ofAll / Math.max(1, loops));
    }

    /** The most bytes of answers that the clients of one loop may leave lying here together. */
    long mostUnread() {
        return mostUnread;
    }

    /** Another bound for that. */
    void unreadAtMost(long bytesOfALoop) {
        mostUnread = bytesOfALoop;
    }

    /**
     * Makes a front door that does not listen yet.
     *
     * @param healthPath answers 200 to 399 at a server that can serve
     * @param random for request ids and jitter; used under a lock to seed one source a loop
     * @param accessLog where one line a request goes, if anywhere
     */
    public static FrontDoor of(
            dev.banyan.topology.FrontDoor site, String healthPath, ServerGroup group, Transport transport, Clock clock, RandomGenerator random, Registry registry, Optional<LineWriter> accessLog) {
        return new FrontDoor(site, healthPath, group, transport, clock, random, registry, accessLog, Optional.empty());
    }

    /**
     * The same with a folder where a TLS certificate that is made here (front-door.tls without files) is kept from start to start.
     *
     * @throws BanyanException BAD_SITE_FILE when the files of front-door.tls are missing or do not fit together
     */
    public static FrontDoor of(
            dev.banyan.topology.FrontDoor site, String healthPath, ServerGroup group, Transport transport, Clock clock, RandomGenerator random, Registry registry, Optional<LineWriter> accessLog, Path certificates) {
        return new FrontDoor(site, healthPath, group, transport, clock, random, registry, accessLog, Optional.of(certificates));
    }

    /**
     * Listens, and begins to check the group's servers. Blocks until it does, so no IO loop may call it.
     *
     * @throws BanyanException PORT_IN_USE when an address is taken
     */
    public FrontDoor open() {
        try {
            listen();
            intakes.forEach(Intake::await);
        } catch (BanyanException e) {
            close(Duration.ZERO);
            throw e;
        }
        return this;
    }

    /** Begins to listen, and to check the group's servers; blocks nothing. */
    public List<ChannelFuture> listen() {
        intakes.add(Intake.open(transport, site.listen(), "front-door.listen", channel -> accept(channel, false)));
        site.tls().ifPresent(this::listenWithTls);
        fallbackHost = site.listen().toString().getBytes(StandardCharsets.US_ASCII);
        metrics.observe(this);
        listening = true;
        checks.forEach(HealthChecks::start);
        return intakes.stream().map(Intake::bound).toList();
    }

    private void listenWithTls(Tls at) {
        Intake intake = Intake.open(transport, at.listen(), "front-door.tls.listen", channel -> accept(channel, true));
        handshakes.whenFull(() -> intake.pause(Intake.Reason.HANDSHAKES), () -> intake.resume(Intake.Reason.HANDSHAKES));
        intakes.add(intake);
    }

    private void accept(Channel channel, boolean byTls) {
        if (closing) {
            channel.close();
            return;
        }
        Greeting.meet(channel, lane(channel.eventLoop()), byTls);
    }

    Lane lane(EventLoop loop) {
        return lanes.computeIfAbsent(loop, this::newLane);
    }

    private Lane newLane(EventLoop loop) {
        synchronized (random) {
            return new Lane(this, loop, new java.util.SplittableRandom(random.nextLong()), accessLog.map(LineWriter::buffer));
        }
    }

    /**
     * Listens at one more address, plainly. Blocks until it does.
     *
     * @param key the site file's key that says where, for messages
     * @return what ends it; connections that are open go on
     * @throws BanyanException PORT_IN_USE when the address is taken
     */
    public AutoCloseable listenAlso(HostPort at, String key) {
        Intake intake = Intake.open(transport, at, key, channel -> accept(channel, false));
        intake.await();
        intakes.add(intake);
        return () -> {
            intakes.remove(intake);
            intake.close();
        };
    }

    /** Where it listens, first plainly, then with TLS; with port 0 in the site file, the ports the system chose. */
    public List<HostPort> addresses() {
        return intakes.stream().map(Intake::address).toList();
    }

    /**
     * Uses new settings for every request that begins from now on, and the certificate files as they are now for every new connection. Where
     * it listens does not change. Reads files, so no IO loop may call it.
     *
     * @throws BanyanException BAD_SITE_FILE when the files of front-door.tls are missing or do not fit together; then nothing has changed
     */
    public void reconfigure(dev.banyan.topology.FrontDoor newSite) {
        tls.ifPresent(server -> newSite.tls().ifPresent(at -> server.use(Certificates.of(at, certificates, clock.now()))));
        followCertificates(newSite);
        use(newSite);
        settleIntakes(); // there may be room for more connections now
        upstreams.forEach(upstream -> upstream.group().reconfigure(newSite.balance(), newSite.health(), newSite.limits().perServer()));
    }

    /** The same, and another path for the checks that begin from now on. */
    public void reconfigure(dev.banyan.topology.FrontDoor newSite, String newHealthPath) {
        reconfigure(newSite);
        application().use(newHealthPath);
    }

    /**
     * From now on certificates that are renewed on disk are used for new connections, without being told.
     *
     * @param decisions told what was done, on the watch's thread
     */
    public void keepCertificatesFresh(FileWatch files, Consumer<Decision> decisions) {
        certificateWatch = tls.map(server -> new CertificateWatch(server, files, clock, decisions));
        followCertificates(site);
    }

    /** When the first of the certificates that it shows ends; empty without TLS. */
    public Optional<Instant> certificateEnds() {
        return tls.map(ServerTls::ends);
    }

    private void followCertificates(dev.banyan.topology.FrontDoor now) {
        certificateWatch.ifPresent(watch -> now.tls().ifPresent(watch::follow));
    }

    /** From now on a client's reads see what it has written before, through whichever server: by a cookie, see {@link Freshness}. */
    public void keepFresh(Freshness database) {
        freshness = database;
    }

    /**
     * Requests that a route sends to the service of this name go to these servers, which are checked from now on. The same name again: another path for its
     * checks; the group must be the one it has.
     */
    public synchronized void service(String name, ServerGroup group, String healthPath) {
        Optional<Upstream> known = upstreams.stream().filter(upstream -> upstream.name().equals(name)).findFirst();
        if (known.isPresent()) {
            if (known.get().group() != group) {
                throw new IllegalArgumentException("the service " + name + " has another group of servers");
            }
            known.get().use(healthPath);
            return;
        }
        Upstream added = new Upstream(name, upstreams.size(), group, healthPath, site.retries());
        upstreams.add(added);
        HealthChecks itsChecks = check(added);
        if (listening) {
            itsChecks.start();
        }
    }

    private HealthChecks check(Upstream upstream) {
        HealthChecks added = new HealthChecks(this, upstream, transport.loops().next(), new java.util.SplittableRandom(random.nextLong()));
        checks.add(added);
        return added;
    }

    /**
     * Gives each new connection to the door that is named for its client's address; keeps it where none is named, or one that closes. Connections that are
     * open stay, see {@link #moveOn}.
     *
     * @param to must not block; the address is the one in the PROXY protocol's header where there is one
     */
    public void handOver(Function<SocketAddress, Optional<FrontDoor>> to) {
        nearest = to;
    }

    /** Answers from what is stored before it asks a server: this door is an edge. To be said before it listens. */
    public FrontDoor caching(EdgeCache with) {
        with.begin(clock);
        cache = Optional.of(with);
        return this;
    }

    /**
     * Has requests go by these routes from now on; those that have begun keep to what they began with. Not for an edge, which asks its front door.
     *
     * @throws IllegalArgumentException when a route leads to a service that has no servers here, see {@link #service}
     */
    public void routing(RouteTable table) {
        for (String name : table.services()) {
            if (upstream(name) == null) {
                throw new IllegalArgumentException("routes lead to the service " + name + ", which is not known here");
            }
        }
        if (table.hasFiles() && blocking == null) {
            throw new IllegalArgumentException("routes answer with files, and no thread may wait for the disk: say which ones may");
        }
        routes = table;
    }

    /** The same for routes that answer with files, which are read on threads that may block. */
    public void routing(RouteTable table, Executor mayBlock) {
        blocking = mayBlock;
        routing(table);
    }

    /** From now on these are asked before a request that takes a route goes to its service. */
    public void guarding(ServiceGuards services) {
        guards = services;
    }

    /** Answers to requests that begin from now on are compressed like this for clients that take it; only once there are routes. Loads native libraries. */
    public void compressing(Optional<Compression> how) {
        compression = how.map(CompressionRules::new);
    }

    /** Has some of the requests that begin from now on recorded, and tells servers by {@code traceparent} which. */
    public FrontDoor tracing(Tracer with) {
        tracer = with;
        return this;
    }

    /** From now on this hears what requests have changed: those that are not safe and were answered with 2xx or 3xx. */
    public void tellingWrites(WriteListener to) {
        writes = to;
    }

    /** Null while nobody wants to hear of writes. */
    WriteListener writes() {
        return writes;
    }

    /** Null while nothing is recorded; once it is there it stays. */
    Tracer tracer() {
        return tracer;
    }

    /** Null while nothing guards services. */
    ServiceGuards guards() {
        return guards;
    }

    Optional<CompressionRules> compression() {
        return compression;
    }

    /** Where files are read. */
    Executor blocking() {
        return blocking;
    }

    /** Null while all goes to the application. */
    RouteTable routes() {
        return routes;
    }

    /** The service of that name, or null. */
    Upstream upstream(String name) {
        for (Upstream upstream : upstreams) {
            if (upstream.name().equals(name)) {
                return upstream;
            }
        }
        return null;
    }

    /** What becomes of a request here, past the cache if this is an edge. Any thread; nothing is sent, taken or counted. */
    public DoorExplanation explain(Inquiry inquiry) {
        java.util.SplittableRandom draws;
        synchronized (random) {
            draws = new java.util.SplittableRandom(random.nextLong());
        }
        return new DoorExplainer(this, inquiry).explain(draws, clock.nanos());
    }

    /** What its cache makes of a request; empty where nothing is stored. Any thread; nothing is sent, used or counted. */
    public Optional<EdgeExplanation> explainCache(Inquiry inquiry) {
        return cache.map(edge -> edge.explain(inquiry, inquiry.peer(settings), fallbackHost, clock.now().toEpochMilli()));
    }

    Optional<EdgeCache> cache() {
        return cache;
    }

    /** Has each open connection of a client end with its next answer, so that the client comes again; none is closed while a request may be on its way. */
    public void moveOn() {
        visitors.forEach(visitor -> visitor.onLoop(visitor::moveOn));
    }

    /**
     * Listens for edges too: for connections that begin with this pass and whose forwarding headers are believed. Blocks until it does.
     *
     * @param key the site file's key that says where, for messages
     * @param identity of the listener with TLS; without one it listens plainly
     * @throws BanyanException PORT_IN_USE when the address is taken
     */
    public EdgeEntrance listenForEdges(HostPort at, String key, EdgePass pass, Optional<Identity> identity) {
        EdgeEntrance entrance = EdgeEntrance.open(this, at, key, pass, identity);
        entrances.add(entrance);
        return entrance;
    }

    /** Every connection to a server begins like this from now on: this is an edge, and its servers are a front door or a shield. */
    public void introduce(Introduction how) {
        introduction = Optional.of(how);
    }

    Optional<Introduction> introduction() {
        return introduction;
    }

    /** Who serves a new connection from that address. */
    Lane nearest(SocketAddress from, Channel channel) {
        FrontDoor door = nearest.apply(from).filter(other -> !other.closing).orElse(this);
        if (door != this) {
            handedOver.incrementAndGet();
            channel.closeFuture().addListener(_ -> handedBack());
        }
        return door.lane(channel.eventLoop());
    }

    private void handedBack() {
        handedOver.decrementAndGet();
        if (full && held() < settings.connectionLimit) {
            settleIntakes();
        }
    }

    /** What counts against the limit. */
    private int held() {
        return visitors.size() + handedOver.get();
    }

    void closed(EdgeEntrance entrance) {
        entrances.remove(entrance);
    }

    private void use(dev.banyan.topology.FrontDoor newSite) {
        site = newSite;
        settings = new DoorSettings(newSite);
        upstreams.forEach(upstream -> upstream.use(newSite.retries()));
    }

    /** Connections of visitors; those that were handed to edges are theirs. */
    public int connections() {
        return visitors.size();
    }

    /** Requests that wait for a place at a server. */
    public int waiting() {
        return upstreams.stream().mapToInt(upstream -> upstream.waitingRoom().waiting()).sum();
    }

    /** Closes without waiting for requests in flight. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /**
     * Stops listening, lets requests in flight end, and closes.
     *
     * @param patience how long they may take; blocks that long at most
     * @return how many connections were still at work, and were cut
     */
    public int close(Duration patience) {
        closing = true;
        checks.forEach(HealthChecks::stop);
        intakes.forEach(Intake::close);
        entrances.forEach(EdgeEntrance::close);
        visitors.forEach(visitor -> visitor.onLoop(visitor::closeWhenIdle));
        awaitVisitors(patience);
        int cut = visitors.size();
        visitors.forEach(visitor -> visitor.onLoop(visitor::close));
        closeLanes();
        certificateWatch.ifPresent(CertificateWatch::close);
        tls.ifPresent(ServerTls::close);
        return cut;
    }

    private void awaitVisitors(Duration patience) {
        long until = clock.nanos() + patience.toNanos();
        try {
            while (!visitors.isEmpty() && clock.nanos() < until) {
                clock.sleep(Duration.ofMillis(10));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the last log lines are with the writer: each lane closes behind what the ends of its connections have put on its loop. */
    private void closeLanes() {
        List<Lane> open = List.copyOf(lanes.values());
        CountDownLatch closed = new CountDownLatch(open.size());
        for (Lane lane : open) {
            lane.loop.execute(() -> lane.loop.execute(() -> {
                lane.close();
                closed.countDown();
            }));
        }
        try {
            closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void opened(Visitor visitor) {
        visitors.add(visitor);
        if (held() >= settings.connectionLimit) {
            settleIntakes();
        }
    }

    void closed(Visitor visitor) {
        if (visitors.remove(visitor) && full && held() < settings.connectionLimit) {
            settleIntakes();
        }
    }

    /** Looks again under a lock: loops that pass the limit in opposite directions must not leave the listeners stopped. */
    private void settleIntakes() {
        synchronized (intakes) {
            full = held() >= settings.connectionLimit;
            for (Intake intake : intakes) {
                if (full) {
                    intake.pause(Intake.Reason.CONNECTIONS);
                } else {
                    intake.resume(Intake.Reason.CONNECTIONS);
                }
            }
        }
    }

    /** Where a request goes that no route sends elsewhere. */
    Upstream application() {
        return upstreams.getFirst();
    }

    List<Upstream> upstreams() {
        return upstreams;
    }

    DoorSettings settings() {
        return settings;
    }

    Health health() {
        return site.health();
    }

    Transport transport() {
        return transport;
    }

    Clock clock() {
        return clock;
    }

    DoorMetrics metrics() {
        return metrics;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    Handshakes handshakes() {
        return handshakes;
    }

    /** Only for connections of the TLS listener. */
    ServerTls tls() {
        return tls.orElseThrow();
    }

    byte[] fallbackHost() {
        return fallbackHost;
    }

    /** Null while nothing tells how far the database is. */
    Freshness freshness() {
        return freshness;
    }

    boolean closing() {
        return closing;
    }
}
