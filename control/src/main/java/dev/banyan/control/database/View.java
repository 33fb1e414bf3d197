package dev.banyan.control.database;

import dev.banyan.topology.HostPort;
import java.util.List;
import java.util.Optional;

/**
 * Which servers the router uses, and as what.
 *
 * @param epoch grows with each change of the primary; the router closes its connections to the primary of an earlier one
 * @param primary empty while there is none: statements wait
 * @param replicas those that get reads
 * @param held whether new transactions wait, though there is a primary
 */
public record View(long epoch, Optional<Server> primary, List<Server> replicas, boolean held) {
    /** One server, where it listens. */
    public record Server(String name, HostPort address) {}

    public View {
        replicas = List.copyOf(replicas);
    }

    /** Nothing is known yet. */
    static final View NOTHING = new View(0, Optional.empty(), List.of(), false);
}
