package dev.banyan.cli;

import dev.banyan.console.Plan.Cost;
import dev.banyan.control.InstanceName;
import dev.banyan.control.Plan;
import dev.banyan.control.Step;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Edge;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a plan takes: which servers come and go, how many processes at once, and the memory that is to be expected, by what is declared or by what its likes have now. */
final class MoveCost {
    private static final double MIB = 1 << 20;

    private final Plan plan;
    private final Set<String> added = new LinkedHashSet<>();
    private final Set<String> removed = new LinkedHashSet<>();
    private final List<String> moved = new ArrayList<>();
    private int processes;
    private int meanwhile;

    private MoveCost(Plan plan) {
        this.plan = plan;
    }

    /**
     * @param instances those that run, by name
     * @param servers those of the database that run, the primary first
     * @param memory of a server by its name, bytes; empty when it cannot be told
     */
    static Optional<Cost> of(Plan plan, List<String> instances, List<String> servers, Function<String, OptionalLong> memory) {
        if (plan.isEmpty()) {
            return Optional.empty();
        }
        MoveCost cost = new MoveCost(plan);
        plan.steps().forEach(cost::count);
        cost.replaced();
        return Optional.of(new Cost(List.copyOf(cost.added), List.copyOf(cost.removed), cost.moved, cost.processes, cost.meanwhile, cost.memory(instances, servers, memory)));
    }

    private void count(Step step) {
        switch (step) {
            case Step.StartInstance(var name) -> start(name.toString());
            case Step.StopInstance(var name) -> stop(name.toString());
            case Step.AddReplica(var name) -> start(name);
            case Step.RemoveReplica(var name) -> stop(name);
            case Step.StartCacheNode(var name) -> start(name);
            case Step.RemoveCacheNode(var name) -> stop(name);
            case Step.StartEdge(var name) -> added.add(name);
            case Step.StopEdge(var name, _) -> removed.add(name);
            case Step.OpenCache(_) -> added.add("the cache router");
            case Step.CloseCache(_) -> removed.add("the cache router");
            case Step.UseServer(var server) -> added.add(server.name());
            case Step.LeaveServer(var server, _) -> removed.add(server.name());
            case Step.SwitchOver(var from, var to) -> moved.add("the database's primary, from " + from + " to " + to);
            case Step.SpreadCache(var from, var to) -> moved.add("the cache's keys, from " + String.join(", ", from) + " to " + String.join(", ", to));
            case Step.ArrangeEdges(_, var to) -> moved.add("users' connections, to " + (to.isEmpty() ? "the front door" : to.stream().map(Edge.Node::name).map(Object::toString).collect(Collectors.joining(", "))));
            case Step.UseShield(var on) -> moved.add("what the edges do not have, to " + (on ? "the shield" : "the front door"));
            case Step.SetAside(var server, _) -> moved.add("the requests of " + server + ", to the others");
            case Step.PutBack(var server) -> moved.add("its share of the requests, to " + server);
            case Step.StartDatabase(), Step.DrainCache(_), Step.ReconfigureEdges(_, _), Step.AwaitHealthy(_, _), Step.AddToFrontDoor(_), Step.DrainInstance(_, _), Step.WeighServer(_, _),
                    Step.ReconfigureFrontDoor(_, _), Step.Commit() -> { /* no server comes, goes or takes another's place by it */ }
        }
    }

    private void start(String name) {
        added.add(name);
        meanwhile = Math.max(meanwhile, ++processes);
    }

    private void stop(String name) {
        removed.add(name);
        processes--;
    }

    /** One that comes in the slot of one that goes takes its place: nothing is added. */
    private void replaced() {
        List<String> successions = new ArrayList<>();
        for (InstanceName comes : started()) {
            stopped().stream().filter(goes -> goes.service().equals(comes.service()) && goes.slot() == comes.slot()).findFirst().ifPresent(goes -> {
                added.remove(comes.toString());
                removed.remove(goes.toString());
                successions.add(goes + " to " + comes);
            });
        }
        if (!successions.isEmpty()) {
            moved.add("requests, from " + String.join(", ", successions));
        }
    }

    private List<InstanceName> started() {
        return plan.steps().stream().flatMap(step -> step instanceof Step.StartInstance(var name) ? Stream.of(name) : Stream.empty()).toList();
    }

    private List<InstanceName> stopped() {
        return plan.steps().stream().flatMap(step -> step instanceof Step.StopInstance(var name) ? Stream.of(name) : Stream.empty()).toList();
    }

    private String memory(List<String> instances, List<String> servers, Function<String, OptionalLong> memory) {
        List<String> parts = new ArrayList<>();
        started().stream().filter(name -> added.contains(name.toString())).collect(Collectors.groupingBy(InstanceName::service, TreeMap::new, Collectors.counting()))
                .forEach((service, count) -> parts.add(like(count, "instance", instances.stream().filter(name -> InstanceName.parse(name).service().equals(service)).toList(), memory)));
        long replicas = count(Step.AddReplica.class) - count(Step.RemoveReplica.class);
        if (replicas > 0) {
            parts.add(like(replicas, "database server", servers, memory));
        }
        declared(count(Step.StartCacheNode.class), "cache node", "cache.memory", plan.to().site().cache().memory()).ifPresent(parts::add);
        declared(count(Step.StartEdge.class), "edge", "edge.memory", plan.to().site().edge().memory()).ifPresent(parts::add);
        return String.join("; ", parts);
    }

    /** Nobody knows what a process will take: one that is alike is the best guess there is. */
    private static String like(long count, String what, List<String> alike, Function<String, OptionalLong> memory) {
        for (String name : alike) {
            OptionalLong has = memory.apply(name);
            if (has.isPresent()) {
                return "about " + mib(count * has.getAsLong()) + " for " + counted(count, what) + ": " + name + " has " + mib(has.getAsLong()) + " now";
            }
        }
        return "not known for " + counted(count, what) + ": none runs whose memory could be measured";
    }

    private static Optional<String> declared(long count, String what, String key, ByteSize most) {
        return count == 0 ? Optional.empty() : Optional.of("up to " + mib(count * most.bytes()) + " for what " + counted(count, what) + " may hold (" + key + ")");
    }

    private long count(Class<? extends Step> kind) {
        return plan.steps().stream().filter(kind::isInstance).count();
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%,.0f MiB", bytes / MIB);
    }
}
