package dev.banyan.cli;

import dev.banyan.control.EdgeDoor;
import dev.banyan.net.WireFault;
import dev.banyan.net.Wires;
import dev.banyan.topology.HostPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Which connections an arrow of the drawing is made of. Of the two ends one is in this process: it is known by who makes the connection and to
 * where, or by who takes it. Safe for any thread.
 */
final class ArrowWays {
    private final Wires wires;
    private final RandomGenerator random;
    private final SiteEdges edges;
    private final Supplier<Set<Integer>> doorPorts;
    private final Function<String, Optional<HostPort>> servers;
    private final DatabaseReach reach;

    /**
     * @param doorPorts where the public comes in
     * @param servers where a server listens that the front door, the router or the cache router asks, by its id
     * @param reach control's own way to the database's servers
     */
    ArrowWays(Wires wires, RandomGenerator random, SiteEdges edges, Supplier<Set<Integer>> doorPorts, Function<String, Optional<HostPort>> servers, DatabaseReach reach) {
        this.wires = wires;
        this.random = random;
        this.edges = edges;
        this.doorPorts = doorPorts;
        this.servers = servers;
        this.reach = reach;
    }

    /**
     * What an arrow goes over.
     *
     * @param scope what its connections are, in words; two arrows with the same have the same connections
     */
    record Way(String scope, Function<WireFault, Begun> begin) {}

    /** What has begun, in all its parts. */
    record Begun(List<Wires.Begun> parts) {
        int connections() {
            return parts.stream().mapToInt(Wires.Begun::connections).sum();
        }

        void end() {
            parts.forEach(Wires.Begun::close);
        }
    }

    /** Empty when neither end is Banyan's, or its connections cannot be told from others. */
    Optional<Way> of(String from, String to) {
        if (from.equals(SitePicture.USERS)) {
            return to.equals(SitePicture.DOOR) ? Optional.of(new Way("users of the front door", this::users)) : edge(to).map(edge -> new Way("users of " + to, fault -> usersOf(edge, fault)));
        }
        if (edge(from).isPresent()) {
            return Optional.of(new Way("all that " + from + " asks", fault -> new Begun(List.of(wires.towards(from, _ -> true, fault, random)))));
        }
        if (from.equals(SitePicture.DOOR) || from.equals(CachePicture.ROUTER) && !to.equals(DatabaseNodes.ROUTER)) {
            return servers.apply(to).map(at -> new Way(from + " to " + at, fault -> new Begun(List.of(towards(from, at, fault)))));
        }
        if (from.equals(DatabaseNodes.ROUTER)) {
            return servers.apply(to).map(at -> new Way(from + " to " + at, fault -> new Begun(List.of(towards(from, at, fault), reach.begin(to, fault)))));
        }
        boolean router = to.equals(DatabaseNodes.ROUTER) || to.equals(CachePicture.ROUTER);
        return router && !from.equals(CachePicture.ROUTER) ? Optional.of(new Way("all clients of the " + (to.equals(DatabaseNodes.ROUTER) ? "router" : "cache router"), fault -> clients(to, fault))) : Optional.empty();
    }

    private Optional<RunningEdge> edge(String name) {
        return edges.running().stream().filter(edge -> edge.name().equals(name)).findFirst();
    }

    private Wires.Begun towards(String end, HostPort at, WireFault fault) {
        return wires.towards(end, remote -> is(remote, at), fault, random);
    }

    private Begun clients(String router, WireFault fault) {
        return new Begun(List.of(wires.into(router, (_, _) -> true, fault, random)));
    }

    private Begun users(WireFault fault) {
        return new Begun(List.of(publicOf(remote -> edges.nearest(remote).isEmpty(), fault)));
    }

    /** Those whom the front door has passed on to it, and those who come to it straight. */
    private Begun usersOf(RunningEdge edge, WireFault fault) {
        List<Wires.Begun> parts = new ArrayList<>(List.of(wires.into(edge.name(), (_, _) -> true, fault, random)));
        if (!edge.name().equals(EdgeDoor.SHIELD)) {
            parts.add(publicOf(remote -> edges.nearest(remote).filter(edge::equals).isPresent(), fault));
        }
        return new Begun(parts);
    }

    private Wires.Begun publicOf(java.util.function.Predicate<String> client, WireFault fault) {
        Set<Integer> ports = doorPorts.get();
        return wires.into(SitePicture.DOOR, (local, remote) -> local instanceof InetSocketAddress here && ports.contains(here.getPort())
                && remote instanceof InetSocketAddress there && there.getAddress() != null && client.test(there.getAddress().getHostAddress()), fault, random);
    }

    /** An edge as a whole: all that it takes and all that it asks. */
    Begun allOf(RunningEdge edge, WireFault fault) {
        List<Wires.Begun> parts = new ArrayList<>(usersOf(edge, fault).parts());
        parts.add(wires.towards(edge.name(), _ -> true, fault, random));
        return new Begun(parts);
    }

    /** A name that was looked up is still known by its name. */
    private static boolean is(SocketAddress remote, HostPort at) {
        return remote instanceof InetSocketAddress inet && inet.getPort() == at.port()
                && (inet.getHostString().equals(at.host()) || inet.getAddress() != null && inet.getAddress().getHostAddress().equals(at.host()));
    }
}
