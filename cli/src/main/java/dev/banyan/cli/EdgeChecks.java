package dev.banyan.cli;

import dev.banyan.topology.FrontDoor.Health;
import dev.banyan.topology.HostPort;
import java.time.Duration;

/** Looks at each edge as often as the front door at its servers, and has the public passed by one that does not answer. Each such act is a Decision. Safe for any thread. */
final class EdgeChecks {
    private final SiteEdges.Later later;
    private final SiteEdges.Announce announce;
    private final Probe probe;

    /** One look at an edge; blocks. */
    interface Probe {
        /** Empty when it answers; else why not. */
        String look(HostPort edge, Duration timeout);
    }

    EdgeChecks(SiteEdges.Later later, SiteEdges.Announce announce, Probe probe) {
        this.later = later;
        this.announce = announce;
        this.probe = probe;
    }

    void watch(RunningEdge edge, Health health) {
        later.after(health.interval(), () -> look(edge, health, 0, 0));
    }

    /**
     * @param failed checks in a row before this one
     * @param passed the same
     */
    private void look(RunningEdge edge, Health health, int failed, int passed) {
        if (edge.closing()) {
            return;
        }
        String failure = probe.look(edge.address(), health.timeout());
        int failures = failure.isEmpty() ? 0 : failed + 1;
        int passes = failure.isEmpty() ? passed + 1 : 0;
        if (!edge.closing() && edge.answers() && failures >= health.fall()) {
            edge.answers(false);
            announce.decided("pass by " + edge.name(), "it failed " + failures + " checks in a row: " + failure, "new connections go to the next edge, or stay at the front door");
        } else if (!edge.answers() && passes >= health.rise()) {
            edge.answers(true);
            announce.decided("give new connections to " + edge.name() + " again", "it passed " + passes + " checks in a row", "");
        }
        later.after(health.interval(), () -> look(edge, health, failures, passes));
    }
}
