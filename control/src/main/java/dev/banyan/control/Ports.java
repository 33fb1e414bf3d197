package dev.banyan.control;

import dev.banyan.control.database.DatabasePorts;
import dev.banyan.net.Clock;
import dev.banyan.topology.Decision;
import java.util.function.Consumer;

/**
 * The world outside control.
 *
 * @param decisions hears everything that Banyan does by itself; must not block
 */
public record Ports(Instances instances, Door door, DatabasePorts database, CachePorts cache, EdgeDoor edges, Later later, Clock clock, Consumer<Decision> decisions) {
    void decide(String what, String why, String seen) {
        decisions.accept(new Decision(what, why, seen, clock.now()));
    }
}
