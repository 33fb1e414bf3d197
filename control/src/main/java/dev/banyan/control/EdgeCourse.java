package dev.banyan.control;

import dev.banyan.control.Step.ArrangeEdges;
import dev.banyan.control.Step.ReconfigureEdges;
import dev.banyan.control.Step.StartEdge;
import dev.banyan.control.Step.StopEdge;
import dev.banyan.control.Step.UseShield;
import dev.banyan.topology.Edge;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides the steps for the edges. Pure. Whatever stands in front comes last and goes first: edges are arranged when all behind them is there, and get no
 * new connection any more before any of them is closed.
 */
final class EdgeCourse {
    private final Observed.Edges from;
    private final Optional<Topology> running;
    private final Topology to;
    private final List<Edge.Node> nodes;
    private final boolean shield;

    EdgeCourse(Wanted wanted, Observed observed) {
        this.from = observed.edges();
        this.running = observed.site();
        this.to = wanted.site();
        this.nodes = to.edges();
        this.shield = to.edge().shield() && !nodes.isEmpty();
    }

    /** When all that is behind them serves. */
    List<Step> before() {
        List<Step> steps = new ArrayList<>();
        if (shield && !from.running().contains(EdgeDoor.SHIELD)) {
            steps.add(new StartEdge(EdgeDoor.SHIELD));
        }
        names().stream().filter(name -> !from.running().contains(name)).forEach(name -> steps.add(new StartEdge(name)));
        boolean some = !from.running().isEmpty() && !nodes.isEmpty();
        if (some && running.filter(before -> !sameSettings(before)).isPresent()) {
            steps.add(new ReconfigureEdges(running.get(), to));
        }
        if (shield && !from.shield()) {
            steps.add(new UseShield(true));
        }
        if (!nodes.equals(from.arranged())) {
            steps.add(new ArrangeEdges(from.arranged(), nodes));
        }
        if (!shield && from.shield()) {
            steps.add(new UseShield(false)); // edges that live on after they were stopped ask past it too
        }
        return steps;
    }

    /** After the commit. */
    List<Step> after() {
        List<Step> steps = new ArrayList<>();
        Duration atMost = to.frontDoor().drain().tunnels();
        from.running().stream().filter(name -> !name.equals(EdgeDoor.SHIELD) && !names().contains(name)).forEach(name -> steps.add(new StopEdge(name, atMost)));
        if (!shield && from.running().contains(EdgeDoor.SHIELD)) {
            steps.add(new StopEdge(EdgeDoor.SHIELD, atMost));
        }
        return steps;
    }

    private List<String> names() {
        return nodes.stream().map(node -> node.name().value()).toList();
    }

    /** Which edges there are has steps of its own. */
    private boolean sameSettings(Topology before) {
        return sameAsides(before.edge(), to.edge()) && before.frontDoor().equals(to.frontDoor());
    }

    private static boolean sameAsides(Edge one, Edge other) {
        return one.object().equals(other.object()) && one.stale().equals(other.stale()) && one.negative().equals(other.negative())
                && one.key().equals(other.key()) && one.clients().equals(other.clients());
    }
}
