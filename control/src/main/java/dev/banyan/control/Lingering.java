package dev.banyan.control;

import dev.banyan.control.Instance.State;
import java.time.Duration;

/**
 * Instances that left the balancer and only carry upgraded connections, as WebSockets, to their end. Looks every second; when the last has
 * ended, or {@code drain.tunnels} is over, the process is stopped. Nothing waits for them.
 */
final class Lingering {
    static final Duration LOOK = Duration.ofSeconds(1);

    private final Roster roster;
    private final Ports ports;

    Lingering(Roster roster, Ports ports) {
        this.roster = roster;
        this.ports = ports;
    }

    void begin(InstanceName name, Duration atMost) {
        roster.set(name, State.LINGERING);
        long deadline = ports.clock().nanos() + atMost.toNanos();
        ports.later().after(LOOK, () -> look(name, deadline, atMost));
    }

    private void look(InstanceName name, long deadline, Duration atMost) {
        int tunnels = ports.door().tunnels(name.service(), name.toString());
        boolean late = ports.clock().nanos() - deadline >= 0;
        if (roster.state(name) == State.LINGERING && tunnels > 0 && !late) {
            ports.later().after(LOOK, () -> look(name, deadline, atMost));
            return;
        }
        ports.door().remove(name.service(), name.toString());
        ports.instances().stop(name);
        roster.remove(name);
        ports.decide("stop " + name, tunnels > 0 ? "it lingered for " + Told.time(atMost) : "its last upgraded connection ended",
                Told.count(tunnels, "upgraded connection") + " left");
    }
}
