package dev.banyan.console;

import java.util.function.Consumer;

/**
 * What the console can ask for. What cannot be is told by a {@link dev.banyan.topology.BanyanException}: USAGE or NO_SUCH_THING for a move
 * that makes no sense, BUSY when another runs.
 */
public interface Actions {
    /** What the move would do now; changes nothing. */
    Plan plan(Move move);

    /**
     * Makes the move and returns when it is done, on the calling (virtual) thread. The console runs one at a time.
     *
     * @param progress is given the whole plan anew, the new states in it, whenever a step begins or ends
     * @throws dev.banyan.topology.BanyanException when a step failed; what could be was undone
     */
    void make(Move move, Consumer<Plan> progress);

    /**
     * Begins to send requests to the site's own public address, and returns.
     *
     * @param who asked for it
     * @throws dev.banyan.topology.BanyanException BUSY while some are sent
     */
    void send(Trickle trickle, String who);

    /** The edges in front of the site. */
    Edges edges();

    /** What is broken on purpose. */
    Faults faults();
}
