package dev.banyan.changes;

import dev.banyan.topology.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a feed stands now.
 *
 * @param server whose log is read or was read last
 * @param tables that are followed without a gap
 * @param told the position in the log up to which everything is told, as {@code 0/16B3748}
 * @param lagBytes log of the server that is not told yet, when it was last asked
 * @param lag how long ago what was told last was committed when it was told
 * @param keptBytes log the server keeps for the slot, when it was last asked
 * @param problems what keeps it from following, or some of the tables, each with the next step; empty when all is well
 */
public record FeedStatus(
        State state, String slot, Optional<HostPort> server, Set<String> tables, String told, long lagBytes, Duration lag, long keptBytes, List<String> problems) {

    public FeedStatus {
        tables = Set.copyOf(tables);
        problems = List.copyOf(problems);
    }

    /** Where it stands with its listener. */
    public enum State {
        /** Not followed yet, or not for the moment; nothing is lost so far. */
        CONNECTING,
        /** Changes are told as they are committed. */
        FOLLOWING,
        /** There was a gap, and nothing is followed anew yet. */
        LOST,
        CLOSED
    }
}
