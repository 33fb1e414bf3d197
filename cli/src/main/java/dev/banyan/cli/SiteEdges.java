package dev.banyan.cli;

import dev.banyan.console.Purge;
import dev.banyan.control.EdgeDoor;
import dev.banyan.engines.EdgeSecret;
import dev.banyan.http.AddressMap.Place;
import dev.banyan.http.AddressMap;
import dev.banyan.http.EdgeEntrance;
import dev.banyan.http.EdgePass;
import dev.banyan.http.FrontDoor;
import dev.banyan.http.Introduction;
import dev.banyan.net.Identity;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Edge;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Topology;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The edges beside the front door, for control. Who serves a new connection is read without a lock; whatever changes is done under this one's monitor. Safe
 * for any thread.
 */
final class SiteEdges implements EdgeDoor, AutoCloseable {
    private static final HostPort LOOPBACK = new HostPort("127.0.0.1", 0);
    private static final Duration LOOK_AT_LINGERING = Duration.ofSeconds(1);

    private final FrontDoor door;
    private final Secret secret;
    private final EdgePass pass;
    private final RunningEdge.Surroundings around;
    private final Later later;
    private final Announce announce;
    private final Path certificates;
    private final EdgeChecks checks;
    private final EdgeMetrics metrics;
    private final Map<String, RunningEdge> open = new ConcurrentHashMap<>();
    private final Set<RunningEdge> lingering = ConcurrentHashMap.newKeySet();
    private final Map<String, OwnListener> listeners = new TreeMap<>();
    private List<Edge.Node> arranged = List.of();
    private Optional<EdgeEntrance> entrance = Optional.empty();
    private Optional<EdgeEntrance> shieldEntrance = Optional.empty();
    private volatile Optional<RemoteWay> remoteWay = Optional.empty();
    private EdgeTotals retired = EdgeTotals.NONE;
    private volatile EdgeSettings settings;
    private volatile long revision;
    private volatile boolean shielded;
    private volatile AddressMap<RunningEdge> nearest = AddressMap.of(List.of());
    private boolean closed;

    /** Runs a task after a while, where it may block. */
    interface Later {
        void after(Duration wait, Runnable task);
    }

    /** Tells of what Banyan does by itself. */
    interface Announce {
        void decided(String what, String why, String seen);
    }

    private record OwnListener(HostPort at, AutoCloseable close) {}

    /** @param tracers what records requests at the edge of that name */
    SiteEdges(FrontDoor door, Ground ground, Function<String, Optional<Tracer>> tracers) {
        this.door = door;
        this.secret = EdgeSecret.made(ground.folder());
        this.certificates = ground.certificates();
        this.pass = new EdgePass(secret);
        this.around = new RunningEdge.Surroundings(ground.loops(), ground.clock(), ground.folder().path(), sentence -> ground.log().warn("edges", sentence), tracers);
        this.later = ground::later;
        this.announce = ground::announce;
        this.metrics = new EdgeMetrics(ground.registry());
        this.checks = new EdgeChecks(later, announce, EdgeProbe::look);
    }

    @Override
    public synchronized void start(String name, Topology site) {
        if (closed) {
            throw new BanyanException(ErrorCode.SITE_IS_DOWN, "the site is stopping");
        }
        use(site);
        if (open.containsKey(name)) {
            return;
        }
        RunningEdge.lacking(site.edge()).ifPresent(why -> {
            throw new BanyanException(ErrorCode.BAD_SITE_FILE, why);
        });
        if (entrance.isEmpty()) {
            entrance = Optional.of(door.listenForEdges(LOOPBACK, "edge.nodes", pass, Optional.empty()));
        }
        RunningEdge edge = RunningEdge.beside(name, folder(name), settings, origin(), Introduction.plain(pass), around);
        String failure = EdgeProbe.look(edge.address(), settings.door().health().timeout());
        if (!failure.isEmpty()) {
            edge.close();
            throw new BanyanException(ErrorCode.INTERNAL, name + " was started and does not answer: " + failure + "; see: banyan logs banyan");
        }
        if (name.equals(SHIELD)) {
            shieldEntrance = Optional.of(edge.letIn(pass));
        }
        open.put(name, edge);
        metrics.observe(edge);
        checks.watch(edge, settings.door().health());
    }

    /** One that lives on still has its folder. */
    private String folder(String name) {
        long before = lingering.stream().filter(edge -> edge.name().equals(name)).count();
        return before == 0 ? name : name + "." + (before + 1);
    }

    private void use(Topology site) {
        EdgeSettings now = EdgeSettings.of(site);
        if (!now.equals(settings)) {
            settings = now;
            revision++;
        }
    }

    private HostPort origin() {
        return shielded ? shieldEntrance.orElseThrow().address() : entrance.orElseThrow().address();
    }

    @Override
    public synchronized void shield(boolean on) {
        if (on && shieldEntrance.isEmpty()) {
            throw new BanyanException(ErrorCode.INTERNAL, "the shield does not run");
        }
        shielded = on;
        if (entrance.isPresent()) {
            Stream.concat(open.values().stream(), lingering.stream()).filter(edge -> !edge.name().equals(SHIELD)).forEach(edge -> edge.ask(origin()));
        }
    }

    @Override
    public synchronized void arrange(List<Edge.Node> nodes) {
        listen(nodes);
        List<Place<RunningEdge>> places = nodes.stream().flatMap(node -> Optional.ofNullable(open.get(node.name().value())).map(edge -> new Place<>(edge, node.networks())).stream()).toList();
        AddressMap<RunningEdge> map = AddressMap.of(places);
        nearest = map;
        door.handOver(places.isEmpty() ? _ -> Optional.empty() : from -> nearest(map, from));
        door.moveOn();
        arranged.forEach(before -> Optional.ofNullable(open.get(before.name().value())).ifPresent(edge -> edge.door().moveOn()));
        arranged = List.copyOf(nodes);
        letOthersIn(!nodes.isEmpty());
    }

    /** Edges of other machines come in while there are some here. */
    private void letOthersIn(boolean open) {
        Optional<Edge.Remote> wanted = Optional.ofNullable(settings).flatMap(now -> now.edge().remote()).filter(_ -> open);
        if (wanted.isEmpty()) {
            remoteWay.ifPresent(way -> way.entrance().close());
            remoteWay = Optional.empty();
        } else if (remoteWay.isEmpty()) {
            Edge.Remote at = wanted.get();
            Identity identity = Identity.of("edge.remote", at.certificate(), at.key(), Optional.of(certificates), around.clock().now());
            EdgeEntrance in = door.listenForEdges(at.listen(), "edge.remote.listen", pass, Optional.of(identity));
            remoteWay = Optional.of(new RemoteWay(in, at.listen(), identity.fingerprint(), identity.ends(), secret));
        }
    }

    /**
     * Where edges of other machines come in.
     *
     * @param listen as the site file has it
     * @param ends when the certificate there does
     */
    record RemoteWay(EdgeEntrance entrance, HostPort listen, String fingerprint, Instant ends, Secret secret) {
        HostPort address() {
            return entrance.address();
        }

        /** Empty when it is every address of this machine. */
        String host() {
            return listen.isEverywhere() ? "" : listen.host();
        }
    }

    Optional<RemoteWay> remoteWay() {
        return remoteWay;
    }

    /** What edges go by; null before the first is started. */
    EdgeSettings settings() {
        return settings;
    }

    /** Rises with each change of them. */
    long revision() {
        return revision;
    }

    private static Optional<FrontDoor> nearest(AddressMap<RunningEdge> map, SocketAddress from) {
        return from instanceof InetSocketAddress inet && inet.getAddress() != null
                ? map.nearest(inet.getAddress(), SiteEdges::serves).map(RunningEdge::door)
                : Optional.empty();
    }

    /** Which edge serves a new connection from that address; empty when the front door does. */
    Optional<RunningEdge> nearest(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        try {
            return bytes == null ? Optional.empty() : nearest.nearest(InetAddress.getByAddress(bytes), SiteEdges::serves);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    /** Whom the edges ask before the front door; empty when they ask that at once. */
    Optional<RunningEdge> shieldInUse() {
        return Optional.ofNullable(open.get(SHIELD)).filter(_ -> shielded);
    }

    private static boolean serves(RunningEdge edge) {
        return !edge.closing() && edge.answers();
    }

    /** Opens what is new before it closes what is not wanted any more; when it throws, nothing has changed. */
    private void listen(List<Edge.Node> nodes) {
        Map<String, OwnListener> fresh = new LinkedHashMap<>();
        try {
            for (Edge.Node node : nodes) {
                String name = node.name().value();
                Optional<HostPort> at = node.listen().filter(wanted -> !Optional.ofNullable(listeners.get(name)).map(OwnListener::at).equals(Optional.of(wanted)));
                if (at.isPresent()) {
                    fresh.put(name, new OwnListener(at.get(), open.get(name).door().listenAlso(at.get(), "edge.nodes[" + nodes.indexOf(node) + "].listen")));
                }
            }
        } catch (BanyanException e) {
            fresh.values().forEach(SiteEdges::shut);
            throw e;
        }
        Set<String> keep = new HashSet<>(nodes.stream().filter(node -> node.listen().isPresent()).map(node -> node.name().value()).toList());
        keep.removeAll(fresh.keySet());
        listeners.entrySet().removeIf(entry -> !keep.contains(entry.getKey()) && shut(entry.getValue()));
        listeners.putAll(fresh);
    }

    private static boolean shut(OwnListener listener) {
        try {
            listener.close().close();
        } catch (Exception e) {
            throw new BanyanException(ErrorCode.INTERNAL, "cannot stop listening on " + listener.at() + ": " + e.getMessage(), e);
        }
        return true;
    }

    @Override
    public synchronized void reconfigure(Topology site) {
        use(site);
        open.values().forEach(edge -> edge.use(settings));
    }

    @Override
    public synchronized void stop(String name, Duration atMost) {
        RunningEdge edge = open.remove(name);
        if (edge == null) {
            return;
        }
        edge.retire();
        Optional.ofNullable(listeners.remove(name)).ifPresent(SiteEdges::shut);
        if (name.equals(SHIELD)) {
            shieldEntrance.ifPresent(EdgeEntrance::close);
            shieldEntrance = Optional.empty();
        }
        lingering.add(edge);
        linger(edge, around.clock().nanos() + atMost.toNanos());
    }

    /** Closes it when nobody is there any more, or it is time. */
    private void linger(RunningEdge edge, long deadline) {
        boolean late = around.clock().nanos() - deadline >= 0;
        if (edge.connections() > 0 && !late) {
            later.after(LOOK_AT_LINGERING, () -> linger(edge, deadline));
            return;
        }
        int cut = edge.connections();
        end(edge);
        if (cut > 0) {
            announce.decided("stop " + edge.name(), "it lived on for as long as front-door.drain.tunnels allows", cut + " connections were cut");
        }
    }

    private synchronized void end(RunningEdge edge) {
        if (lingering.remove(edge)) {
            if (!edge.name().equals(SHIELD)) {
                retired = retired.plus(EdgeTotals.of(edge));
            }
            if (!open.containsKey(edge.name())) {
                metrics.forget(edge);
            }
            edge.close();
        }
    }

    /** Whether any runs. */
    boolean any() {
        return !open.isEmpty();
    }

    /** Those that run, by name, the shield last. */
    List<RunningEdge> running() {
        List<RunningEdge> edges = new ArrayList<>(new TreeMap<>(open).values());
        edges.sort(java.util.Comparator.comparing(edge -> edge.name().equals(SHIELD)));
        return edges;
    }

    /** Those that answer users, or did and live on until the last of them goes. */
    synchronized List<RunningEdge> answering() {
        return Stream.concat(open.values().stream(), lingering.stream()).filter(edge -> !edge.name().equals(SHIELD)).toList();
    }

    boolean shielded() {
        return shielded;
    }

    /** Where an edge listens beside the front door; empty when it does not. */
    synchronized Optional<HostPort> listens(String name) {
        return Optional.ofNullable(listeners.get(name)).map(OwnListener::at);
    }

    /** What users were answered by edges since the site came up, those that are closed by now included. */
    synchronized EdgeTotals totals() {
        return Stream.concat(open.values().stream(), lingering.stream()).filter(edge -> !edge.name().equals(SHIELD)).map(EdgeTotals::of).reduce(retired, EdgeTotals::plus);
    }

    /** At every edge that has something, those that only live on included; how many responses each had. The shield comes first, so that no edge gets from it what it has just lost. */
    Map<String, Long> purge(Purge purge) {
        Map<String, Long> purged = new LinkedHashMap<>();
        List<RunningEdge> all = new ArrayList<>(running().reversed());
        all.addAll(lingering);
        all.forEach(edge -> purged.merge(edge.name(), edge.purge(purge), Long::sum));
        return purged;
    }

    /** Gives the public back to the front door, and closes all at once. */
    @Override
    public void close() {
        List<RunningEdge> all;
        synchronized (this) {
            closed = true;
            door.handOver(_ -> Optional.empty());
            all = Stream.concat(open.values().stream(), lingering.stream()).toList();
            open.clear();
            lingering.clear();
        }
        all.forEach(RunningEdge::close);
    }
}
