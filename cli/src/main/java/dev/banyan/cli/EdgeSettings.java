package dev.banyan.cli;

import dev.banyan.topology.Edge;
import dev.banyan.topology.FrontDoor;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Share;
import dev.banyan.topology.Slo;
import dev.banyan.topology.Topology;
import java.time.Duration;
import java.util.Optional;

/**
 * What of a site an edge has to know: nothing of its servers.
 *
 * @param door the front door's settings, of which an edge makes its own
 * @param healthPath of the application, asked for to see whether the front door answers
 * @param within how fast answers are promised to be; empty when nothing is
 */
record EdgeSettings(FrontDoor door, Edge edge, String healthPath, Optional<Duration> within) {
    /** An edge is asked more than one server; what the front door refuses it says for itself. */
    private static final int UNBOUNDED = 1_000_000;
    /** An edge waits longer than the front door, so that it is the front door that says what went wrong. */
    private static final Duration LONGER = Duration.ofSeconds(5);

    static EdgeSettings of(Topology site) {
        return new EdgeSettings(site.frontDoor(), site.edge(), site.application().healthPath(), site.slo().latency().map(Slo.Latency::within));
    }

    /** The settings of the door that an edge is. */
    FrontDoor at(HostPort listen) {
        FrontDoor.Balance balance = new FrontDoor.Balance(FrontDoor.Algorithm.POWER_OF_TWO, Optional.empty(), door.balance().bound(), Optional.empty(), Duration.ZERO);
        FrontDoor.Health was = door.health();
        Share never = new Share(0);
        FrontDoor.Health health = new FrontDoor.Health(was.interval(), was.timeout(), 1, was.fall(), 0, never, was.minimumRequests(), was.ejection(), never, was.panicThreshold());
        FrontDoor.Timeouts is = door.timeouts();
        FrontDoor.Timeouts timeouts = new FrontDoor.Timeouts(is.connect(), is.head(), is.response().plus(LONGER), is.body(), is.idle(), is.serverIdle(), is.tunnel());
        FrontDoor.Limits of = door.limits();
        FrontDoor.Limits limits = new FrontDoor.Limits(of.connections(), UNBOUNDED, of.queue(), of.queueTimeout(), of.head(), of.headers(), of.body());
        return new FrontDoor(listen, Optional.empty(), balance, health, door.retries(), timeouts, limits, door.drain(), false, door.trustedProxies(), door.accessLog(), door.io(), door.ioLoops());
    }
}
