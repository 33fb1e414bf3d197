package dev.banyan.http;

import dev.banyan.balance.Server;
import dev.banyan.balance.ServerGroup;
import dev.banyan.balance.ServerState;
import dev.banyan.http.cache.ResponseStore;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.LineWriter;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Edge;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A front door on a free port of the loopback before the given servers, for a test. */
final class Site implements AutoCloseable {
    final FrontDoor door;
    final ServerGroup group;
    final List<Server> servers = new ArrayList<>();
    final Registry registry = new Registry(Clock.system());
    private final Loops loops;
    private final Optional<EdgeCache> cache;

    private final Optional<LineWriter> log;

    private Site(String yaml, Optional<LineWriter> log, Loops loops, List<HostPort> origins) {
        this(yaml, log, loops, origins, Optional.empty());
    }

    private Site(String yaml, Optional<LineWriter> log, Loops loops, List<HostPort> origins, Optional<EdgeCache> cache) {
        this.loops = loops;
        this.log = log;
        this.cache = cache;
        var site = frontDoor(yaml);
        this.group = new ServerGroup(site.balance(), site.health(), site.limits().perServer(), 7, _ -> {});
        for (HostPort origin : origins) {
            add(origin);
        }
        this.door = FrontDoor.of(site, "/health", group, loops.transport(), Clock.system(), new SplittableRandom(7), registry, log);
        cache.ifPresent(door::caching);
        door.open();
    }

    /** @param yaml keys below {@code front-door}, indented by two blanks; may be empty */
    static Site of(String yaml, Origin... origins) {
        return at(yaml, addresses(origins));
    }

    /** The same on a certain kind of IO. */
    static Site on(IoKind kind, String yaml, Origin... origins) {
        return new Site(yaml, Optional.empty(), Loops.open(kind, 1), List.of(addresses(origins)));
    }

    /** The same with servers that are only addresses. */
    static Site at(String yaml, HostPort... servers) {
        return new Site(yaml, Optional.empty(), Loops.open(IoKind.best(), 1), List.of(servers));
    }

    /** The same with an access log. */
    static Site logging(Path log, String yaml, Origin... origins) {
        Loops loops = Loops.open(IoKind.best(), 1);
        return new Site(yaml, Optional.of(LineWriter.open(log, new ByteSize(1 << 30), loops, new Registry(Clock.system()))), loops, List.of(addresses(origins)));
    }

    /** An edge before the servers, with 16 MiB of memory. */
    static Site edge(String yaml, Origin... origins) {
        return edge(yaml, "", 1, origins);
    }

    /** @param edge keys below {@code edge}, indented by two blanks; may be empty */
    static Site edge(String yaml, String edge, int loops, Origin... origins) {
        Edge settings = SiteFile.read("site: test\napplication: {command: [x]}\nedge:\n  memory: 16MiB\n" + edge, _ -> Optional.empty()).orThrow("test").edge();
        ResponseStore store = ResponseStore.inMemory(ResponseStore.Settings.of(settings.memory().bytes(), settings.object().bytes(), settings.eviction()));
        return new Site(yaml, Optional.empty(), Loops.open(IoKind.best(), loops), List.of(addresses(origins)), Optional.of(new EdgeCache("edge-1", settings, store)));
    }

    /** An edge on a certain kind of IO that keeps what it stores where the test says. */
    static Site edge(IoKind kind, int loops, String yaml, Function<Executor, EdgeCache> cache, Origin... origins) {
        Loops open = Loops.open(kind, loops);
        return new Site(yaml, Optional.empty(), open, List.of(addresses(origins)), Optional.of(cache.apply(open.blocking())));
    }

    private static HostPort[] addresses(Origin... origins) {
        return Arrays.stream(origins).map(Origin::address).toArray(HostPort[]::new);
    }

    /** One more server, which needs no check. */
    Server add(HostPort at) {
        Server server = group.add("web-" + (servers.size() + 1), at, 1, true, Clock.system().nanos());
        servers.add(server);
        return server;
    }

    /** How many requests all servers have in flight. */
    int inFlight() {
        return servers.stream().mapToInt(Server::inFlight).sum();
    }

    /** Waits that long, for what cannot be awaited because nothing happens. */
    static void pass(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        await("time passing", () -> System.nanoTime() > until);
    }

    static dev.banyan.topology.FrontDoor frontDoor(String yaml) {
        String text = "site: test\napplication: {command: [x]}\nfront-door:\n  listen: 127.0.0.1:0\n" + yaml;
        return SiteFile.read(text, _ -> Optional.empty()).orThrow("test").frontDoor();
    }

    /** Another door on the same loops, listening at a free port of the loopback, whose one server is where this door lets edges in. */
    FrontDoor edge(Introduction introduction, EdgeEntrance entrance) {
        var settings = frontDoor("");
        ServerGroup origin = new ServerGroup(settings.balance(), settings.health(), settings.limits().perServer(), 7, _ -> {});
        origin.add("front-door", entrance.address(), 1, true, Clock.system().nanos());
        FrontDoor edge = FrontDoor.of(settings, "/health", origin, loops.transport(), Clock.system(), new SplittableRandom(7), new Registry(Clock.system()), Optional.empty());
        edge.introduce(introduction);
        return edge.open();
    }

    /** Threads that may wait for a disk. */
    Executor blocking() {
        return loops.blocking();
    }

    int port() {
        return door.addresses().getFirst().port();
    }

    int tlsPort() {
        return door.addresses().get(1).port();
    }

    /** What a counter with the label {@code how} stands at. */
    double count(String name, String how) {
        return registry.snapshot().total(name, Labels.of("how", how));
    }

    Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Awaits a condition for at most half a minute. */
    static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("did not happen in 30 s: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    void awaitState(int server, ServerState state) {
        await("web-" + (server + 1) + " " + state, () -> servers.get(server).state() == state);
    }

    @Override
    public void close() {
        door.close();
        log.ifPresent(LineWriter::close);
        loops.close();
        cache.ifPresent(edge -> edge.store().close());
    }
}
