package dev.banyan.control;

import dev.banyan.control.database.ClusterRecord;
import dev.banyan.topology.Edge;
import dev.banyan.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What runs, at one moment.
 *
 * @param site the site as it was last committed; empty before the first start
 * @param database the embedded database's servers
 * @param cache the cache router and its embedded nodes
 * @param instances in the order of their names
 * @param servers the running servers that get requests, of services that have {@code servers} instead of a command
 * @param edges the caches in front of the front door
 */
public record Observed(Optional<Topology> site, Databases database, Caches cache, List<Instance> instances, List<ServiceServer> servers, Edges edges) {
    static final Observed NOTHING = new Observed(Optional.empty(), Databases.NONE, Caches.NONE, List.of(), List.of(), Edges.NONE);

    public Observed {
        instances = instances.stream().sorted(Comparator.comparing(Instance::name)).toList();
        servers = List.copyOf(servers);
    }

    public Optional<Instance> instance(InstanceName name) {
        return instances.stream().filter(i -> i.name().equals(name)).findFirst();
    }

    /** The instance of that name, as a person writes it. */
    public Optional<Instance> called(String name) {
        return instances.stream().filter(i -> i.name().toString().equals(name)).findFirst();
    }

    /** The instances of one service. */
    List<Instance> of(String service) {
        return instances.stream().filter(i -> i.name().service().equals(service)).toList();
    }

    /** How many instances get requests. */
    public long serving() {
        return instances.stream().filter(i -> i.state() == Instance.State.SERVING).count();
    }

    /** The name that nothing has which runs: the next generation in a slot. */
    InstanceName nextIn(String service, int slot) {
        int newest = of(service).stream().map(Instance::name).filter(n -> n.slot() == slot).mapToInt(InstanceName::generation).max().orElse(0);
        return new InstanceName(service, slot, newest + 1);
    }

    Observed with(Instance instance) {
        List<Instance> all = new ArrayList<>(without(instance.name()).instances);
        all.add(instance);
        return new Observed(site, database, cache, all, servers, edges);
    }

    Observed without(InstanceName name) {
        return new Observed(site, database, cache, instances.stream().filter(i -> !i.name().equals(name)).toList(), servers, edges);
    }

    Observed using(ServiceServer server) {
        List<ServiceServer> all = new ArrayList<>(notUsing(server).servers);
        all.add(server);
        return new Observed(site, database, cache, instances, all, edges);
    }

    Observed notUsing(ServiceServer server) {
        return new Observed(site, database, cache, instances, servers.stream().filter(s -> !s.sameAddress(server)).toList(), edges);
    }

    Observed as(Topology committed) {
        return new Observed(Optional.of(committed), database, cache, instances, servers, edges);
    }

    Observed with(Databases servers) {
        return new Observed(site, servers, cache, instances, this.servers, edges);
    }

    Observed with(Caches caches) {
        return new Observed(site, database, caches, instances, servers, edges);
    }

    Observed with(Edges others) {
        return new Observed(site, database, cache, instances, servers, others);
    }

    /**
     * The edges.
     *
     * @param running those that are open, in the order of their names
     * @param shield whether there is one more before the front door
     * @param arranged those that get new connections, as the site file has them
     */
    public record Edges(List<String> running, boolean shield, List<Edge.Node> arranged) {
        static final Edges NONE = new Edges(List.of(), false, List.of());

        public Edges {
            running = running.stream().sorted().toList();
            arranged = List.copyOf(arranged);
        }

        Edges started(String name) {
            return new Edges(Stream.concat(running.stream(), Stream.of(name)).distinct().toList(), shield, arranged);
        }

        Edges stopped(String name) {
            return new Edges(running.stream().filter(other -> !other.equals(name)).toList(), shield, arranged);
        }

        Edges shielded(boolean on) {
            return new Edges(running, on, arranged);
        }

        Edges over(List<Edge.Node> nodes) {
            return new Edges(running, shield, nodes);
        }
    }

    /**
     * The cache.
     *
     * @param open whether its router lets clients in
     * @param nodes the embedded nodes that run, in the order of their numbers
     * @param used those over which the router spreads the keys
     */
    public record Caches(boolean open, List<String> nodes, List<String> used) {
        static final Caches NONE = new Caches(false, List.of(), List.of());

        public Caches {
            nodes = nodes.stream().sorted(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder())).toList();
            used = List.copyOf(used);
        }

        Caches started(String name) {
            return new Caches(open, Stream.concat(nodes.stream(), Stream.of(name)).distinct().toList(), used);
        }

        Caches stopped(String name) {
            return new Caches(open, nodes.stream().filter(other -> !other.equals(name)).toList(), used);
        }

        Caches over(List<String> spread) {
            return new Caches(true, nodes, spread);
        }

        Caches closed() {
            return new Caches(false, nodes, List.of());
        }
    }

    /**
     * The embedded database's servers.
     *
     * @param run whether they were started
     * @param record which there are, and which is the primary; empty before the first start
     */
    public record Databases(boolean run, Optional<ClusterRecord> record) {
        static final Databases NONE = new Databases(false, Optional.empty());

        /** The one on record, or the one that the first start makes. */
        ClusterRecord known() {
            return record.orElseGet(ClusterRecord::first);
        }
    }
}
