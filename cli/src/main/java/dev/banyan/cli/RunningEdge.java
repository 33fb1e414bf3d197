package dev.banyan.cli;

import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.console.Purge;
import dev.banyan.http.EdgeCache;
import dev.banyan.http.EdgeEntrance;
import dev.banyan.http.EdgePass;
import dev.banyan.http.FrontDoor;
import dev.banyan.http.Introduction;
import dev.banyan.http.cache.Purge.Scope;
import dev.banyan.http.cache.ResponseStore;
import dev.banyan.http.cache.StoreMetrics;
import dev.banyan.http.cache.StoreSpace;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.LineWriter;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Edge;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * One edge, or the shield: a door with a store of responses, whose one server is the site's front door, or the shield. Safe for any thread.
 */
final class RunningEdge implements AutoCloseable {
    private static final ByteSize ACCESS_LOG = new ByteSize(64L << 20);
    private static final HostPort LOOPBACK = new HostPort("127.0.0.1", 0);

    private final String name;
    private final HostPort listen;
    private final Clock clock;
    private final Registry registry;
    private final ServerGroup origin;
    private final ResponseStore store;
    private final EdgeCache cache;
    private final FrontDoor door;
    private final Optional<LineWriter> accessLog;
    private final SitePicture.Recent recent;
    private volatile EdgeSettings settings;
    private volatile boolean closing;
    private volatile boolean answers = true;

    /**
     * What it shares with others of the process.
     *
     * @param folder a state folder, which has one for logs and one for the responses of each edge
     * @param log is told when a disk can be used no longer
     * @param tracers what records requests at the edge of that name
     */
    record Surroundings(Loops loops, Clock clock, Path folder, Consumer<String> log, Function<String, Optional<Tracer>> tracers) {
        /** Without traces. */
        Surroundings(Loops loops, Clock clock, Path folder, Consumer<String> log) {
            this(loops, clock, folder, log, _ -> Optional.empty());
        }
    }

    private RunningEdge(String name, String folder, EdgeSettings settings, HostPort listen, HostPort server, Introduction introduction, Surroundings around) {
        this.name = name;
        this.settings = settings;
        this.listen = listen;
        this.clock = around.clock();
        this.registry = new Registry(clock);
        this.recent = SitePicture.Recent.of(registry::snapshot);
        var own = settings.at(listen);
        RandomGenerator random = Loops.random();
        this.origin = new ServerGroup(own.balance(), own.health(), own.limits().perServer(), random.nextLong(), _ -> {});
        this.store = store(settings.edge(), around.folder().resolve("edges").resolve(folder), around);
        this.accessLog = own.accessLog()
                ? Optional.of(LineWriter.open(around.folder().resolve("logs").resolve("access-" + name + ".log"), ACCESS_LOG, around.loops(), registry))
                : Optional.empty();
        this.door = FrontDoor.of(own, settings.healthPath(), origin, around.loops().transport(name), clock, random, registry, accessLog);
        this.cache = new EdgeCache(name, settings.edge(), store);
        around.tracers().apply(name).ifPresent(door::tracing);
        door.caching(cache).introduce(introduction);
        ask(server);
    }

    /**
     * Opens it, listening.
     *
     * @param folder for its responses on disk, where it has some: below {@code edges} of the state folder
     * @param server where it asks for what it does not have
     * @param fresh whether nothing that it finds on disk may be used without asking
     * @throws dev.banyan.topology.BanyanException PORT_IN_USE, DISK; then nothing stays open
     */
    static RunningEdge open(String name, String folder, EdgeSettings settings, HostPort listen, HostPort server, Introduction introduction, boolean fresh, Surroundings around) {
        RunningEdge edge = new RunningEdge(name, folder, settings, listen, server, introduction, around);
        if (fresh) {
            edge.expire();
        }
        try {
            edge.door.open();
            return edge;
        } catch (RuntimeException e) {
            edge.close();
            throw e;
        }
    }

    /** One beside the front door, which listens at the loopback to be looked at. */
    static RunningEdge beside(String name, String folder, EdgeSettings settings, HostPort server, Introduction introduction, Surroundings around) {
        return open(name, folder, settings, LOOPBACK, server, introduction, false, around);
    }

    /**
     * Why the edges of a site do not fit into this process beside each other; empty when they do.
     *
     * @param edge the site's, with the memory of each
     */
    static Optional<String> lacking(Edge edge) {
        return StoreSpace.lacking(edge.running().size() + (edge.shield() ? 1 : 0), edge.memory(), edge.disk().bytes() > 0);
    }

    private static ResponseStore store(Edge edge, Path folder, Surroundings around) {
        StoreSpace.lacking(1, edge.memory(), edge.disk().bytes() > 0).ifPresent(why -> {
            throw new BanyanException(ErrorCode.BAD_SITE_FILE, why);
        });
        ResponseStore.Settings space = ResponseStore.Settings.of(edge.memory().bytes(), edge.object().bytes(), edge.eviction());
        return edge.disk().bytes() == 0
                ? ResponseStore.inMemory(space)
                : ResponseStore.open(space, new ResponseStore.Disk(folder, edge.disk().bytes()), around.loops().blocking(), around.log());
    }

    String name() {
        return name;
    }

    FrontDoor door() {
        return door;
    }

    HostPort address() {
        return door.addresses().getFirst();
    }

    /** Lets other edges in: it is a shield. */
    EdgeEntrance letIn(EdgePass pass) {
        return door.listenForEdges(LOOPBACK, "edge.shield", pass, Optional.empty());
    }

    /** Asks another server from now on for what it does not have; requests in flight end where they are. */
    synchronized void ask(HostPort server) {
        if (origin.servers().stream().anyMatch(known -> known.address().equals(server))) {
            return;
        }
        Optional<Server> before = origin.servers().stream().findFirst();
        origin.add(server.toString(), server, 1, true, clock.nanos());
        before.ifPresent(origin::remove);
    }

    void use(EdgeSettings settings) {
        door.reconfigure(settings.at(listen), settings.healthPath());
        cache.use(settings.edge());
        this.settings = settings;
    }

    /**
     * Purges, in force when it returns; how many responses that was.
     *
     * @throws BanyanException USAGE when it names no URL that could be stored
     */
    long purge(Purge purge) {
        try {
            Scope scope = switch (purge.kind()) {
                case URL -> new Scope.Url(EdgeCache.key(purge.what(), settings.edge().key()));
                case TAG -> new Scope.Tag(purge.what());
                case PREFIX -> new Scope.Prefix(purge.what());
                case ALL -> new Scope.All();
            };
            return store.purge(new dev.banyan.http.cache.Purge(scope, !purge.soft()));
        } catch (IllegalArgumentException e) {
            throw new BanyanException(ErrorCode.USAGE, e.getMessage(), e);
        }
    }

    /** All it has is stale from now on. */
    void expire() {
        store.purge(new dev.banyan.http.cache.Purge(new Scope.All(), false));
    }

    /** As if its process had ended: nothing in memory is left, and what lies on disk is stale. */
    void forget() {
        store.purge(new dev.banyan.http.cache.Purge(new Scope.All(), settings.edge().disk().bytes() == 0));
    }

    /** Connections that end there, WebSockets among them. */
    int connections() {
        return door.connections();
    }

    /** What it has stored among another registry's figures. */
    void observeStore(Registry others) {
        StoreMetrics.observe(others, store, name);
    }

    EdgeFigures figures() {
        return EdgeFigures.of(recent.window(), store.figures(), connections());
    }

    /** What it answers users, from its first answer on. */
    AnswersGiven answersGiven() {
        return new AnswersGiven(registry, false);
    }

    /** How fast answers are promised to be, in nanoseconds; 0 when nothing is. */
    long boundNanos() {
        return settings.within().map(Duration::toNanos).orElse(0L);
    }

    boolean closing() {
        return closing;
    }

    /** Whether its last checks passed. */
    boolean answers() {
        return answers;
    }

    void answers(boolean now) {
        answers = now;
    }

    /** Takes no new connection any more. */
    void retire() {
        closing = true;
    }

    /** Takes no new connection, and lets requests in flight end. */
    void farewell() {
        closing = true;
        door.close(LiveSite.FAREWELL);
    }

    @Override
    public void close() {
        closing = true;
        door.close();
        accessLog.ifPresent(LineWriter::close);
        store.close();
    }
}
