package dev.banyan.control;

import dev.banyan.topology.ServerUrl;
import dev.banyan.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What runs, at one moment.
 *
 * @param site the site as it was last committed; empty before the first start
 * @param databaseRuns whether the embedded database has been started
 * @param instances in the order of their names
 * @param servers the running servers that get requests, of a site that has {@code servers} instead of a command
 */
public record Observed(Optional<Topology> site, boolean databaseRuns, List<Instance> instances, List<ServerUrl> servers) {
    static final Observed NOTHING = new Observed(Optional.empty(), false, List.of(), List.of());

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

    /** How many instances get requests. */
    public long serving() {
        return instances.stream().filter(i -> i.state() == Instance.State.SERVING).count();
    }

    /** The name that nothing has which runs: the next generation in a slot. */
    InstanceName nextIn(int slot) {
        int newest = instances.stream().map(Instance::name).filter(n -> n.slot() == slot).mapToInt(InstanceName::generation).max().orElse(0);
        return new InstanceName(slot, newest + 1);
    }

    Observed with(Instance instance) {
        List<Instance> all = new ArrayList<>(without(instance.name()).instances);
        all.add(instance);
        return new Observed(site, databaseRuns, all, servers);
    }

    Observed without(InstanceName name) {
        return new Observed(site, databaseRuns, instances.stream().filter(i -> !i.name().equals(name)).toList(), servers);
    }

    Observed using(ServerUrl server) {
        List<ServerUrl> all = new ArrayList<>(notUsing(server).servers);
        all.add(server);
        return new Observed(site, databaseRuns, instances, all);
    }

    Observed notUsing(ServerUrl server) {
        return new Observed(site, databaseRuns, instances, servers.stream().filter(s -> !s.url().equals(server.url())).toList());
    }

    Observed as(Topology committed) {
        return new Observed(Optional.of(committed), databaseRuns, instances, servers);
    }

    Observed withDatabase(boolean runs) {
        return new Observed(site, runs, instances, servers);
    }
}
