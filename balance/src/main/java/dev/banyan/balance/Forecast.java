package dev.banyan.balance;

import dev.banyan.topology.HostPort;
import java.util.List;
import java.util.Optional;

/**
 * Whom a group would choose for a request if it came now, and why. Nothing is changed by asking: no place is taken, no turn passes, no die is rolled.
 *
 * @param server the one that it would be, where chance decides the likeliest one; empty when none could be had
 * @param why in a sentence
 * @param servers all of the group, in the order they came
 */
public record Forecast(Optional<String> server, String why, List<Candidate> servers) {
    public Forecast {
        servers = List.copyOf(servers);
    }

    /**
     * A server of the group.
     *
     * @param inFlight requests that it has now
     * @param cap the most it may have
     * @param eligible whether the algorithm chooses among it and others like it
     * @param why it gets requests or does not, in words
     */
    public record Candidate(String name, HostPort address, ServerState state, int weight, int inFlight, int cap, int tunnels, boolean eligible, String why) {}
}
