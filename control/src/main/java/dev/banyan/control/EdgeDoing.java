package dev.banyan.control;

import dev.banyan.topology.Edge;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** The edges' part of {@link Doing}: through their port, keeping the roster true. Everything here may be done twice. */
record EdgeDoing(Roster roster, EdgeDoor port) {
    /** On record before it is tried, so that one that is half open is closed. */
    void start(String name, Topology site) throws InterruptedException {
        now(was -> was.started(name));
        port.start(name, site);
    }

    void stop(String name, Duration atMost) {
        port.stop(name, atMost);
        now(was -> was.stopped(name));
    }

    void shield(boolean on) throws InterruptedException {
        port.shield(on);
        now(was -> was.shielded(on));
    }

    void arrange(List<Edge.Node> nodes) {
        port.arrange(nodes);
        now(was -> was.over(nodes));
    }

    void reconfigure(Topology site) {
        port.reconfigure(site);
    }

    private void now(UnaryOperator<Observed.Edges> how) {
        roster.change(was -> was.with(how.apply(was.edges())));
    }
}
