package dev.banyan.control;

import dev.banyan.topology.Edge;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Edges in memory. Every call is told to whoever writes them down, and may fail there. */
final class FakeEdges implements EdgeDoor {
    final TreeSet<String> running = new TreeSet<>();
    List<String> arranged = List.of();
    boolean shielded;
    Topology settings;
    /** Whether the public, or edges, were ever sent to one that was not there. */
    boolean astray;
    private final Consumer<String> call;

    FakeEdges(Consumer<String> call) {
        this.call = call;
    }

    @Override
    public void start(String name, Topology site) {
        running.add(name);
        call.accept("start " + name);
    }

    @Override
    public void shield(boolean on) {
        call.accept("shield " + on);
        astray |= on && !running.contains(SHIELD);
        shielded = on;
    }

    @Override
    public void arrange(List<Edge.Node> nodes) {
        List<String> names = nodes.stream().map(node -> node.name().value()).toList();
        call.accept("arrange " + names);
        astray |= !running.containsAll(names);
        arranged = names;
    }

    @Override
    public void reconfigure(Topology site) {
        call.accept("reconfigure edges");
        settings = site;
    }

    @Override
    public void stop(String name, Duration atMost) {
        call.accept("stop " + name);
        astray |= arranged.contains(name) || shielded && name.equals(SHIELD);
        running.remove(name);
    }
}
