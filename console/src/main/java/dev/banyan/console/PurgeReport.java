package dev.banyan.console;

import java.util.List;

/**
 * What became of a purge.
 *
 * @param number in the order of all purges since the site came up
 * @param complete whether every edge has said that it is done
 * @param edges in the order of their names
 */
public record PurgeReport(long number, Purge purge, boolean complete, List<ByEdge> edges) {
    public PurgeReport {
        edges = List.copyOf(edges);
    }

    /**
     * One edge's part.
     *
     * @param done whether it has said so in time; when not, it purges before it serves anything of its next contact with the site
     * @param responses how many it had
     * @param millis how long it took, from the order to the answer
     */
    public record ByEdge(String edge, boolean done, long responses, double millis) {}
}
