package dev.banyan.control;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Edge;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.List;

/** The edges in front of the front door, as control uses them. Thread-safe; blocks. */
public interface EdgeDoor {
    /** What the cache between the edges and the front door is called. */
    String SHIELD = "shield";

    /**
     * Opens an edge of this name, or the shield, or finds it open, and returns when it answers. It gets no connection of the public yet.
     *
     * @param site what its settings are
     * @throws BanyanException when it cannot be opened; then nothing of it is left
     */
    void start(String name, Topology site) throws InterruptedException;

    /** What edges do not have they ask the shield for from now on, or the front door. */
    void shield(boolean on) throws InterruptedException;

    /**
     * New connections of the public go to the nearest of these edges from now on, and each listens where it says as well; without edges the front door
     * keeps them. A connection that is elsewhere ends with its next answer, so that it comes again.
     *
     * @throws BanyanException PORT_IN_USE when one cannot listen; then all is as before
     */
    void arrange(List<Edge.Node> nodes);

    /** What of the site's settings concerns edges holds for all of them from now on. */
    void reconfigure(Topology site);

    /**
     * Closes an edge, or the shield, once it has no connection any more; nothing waits for that. Does nothing when there is none.
     *
     * @param atMost how long its connections may live on
     */
    void stop(String name, Duration atMost);
}
