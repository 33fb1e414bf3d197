package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import java.util.List;

/**
 * What is broken on purpose, each for a limited time. A fault undoes itself when its time is over, when Banyan stops, and, where Banyan was
 * killed meanwhile, with the next start. Safe for any thread.
 */
public interface Faults {
    /** At most so many at once. */
    int MOST = 8;

    /** Those that last, the newest last. */
    List<Fault> active();

    /** The last 20 that are over, the newest last. */
    List<Fault> past();

    /** What can be broken now, and how. */
    List<Possible> possible();

    /**
     * Breaks something; it is broken when this returns. May block for a moment.
     *
     * @param who asks for it
     * @throws BanyanException NO_SUCH_THING for an unknown target, USAGE for a kind that is not possible there, ENGINE_FAILED when it does not
     *     run, BUSY when there are too many or one of the kind is there already
     */
    Fault inject(FaultOrder order, String who);

    /**
     * Ends one now; one that is over stays as it is.
     *
     * @throws BanyanException NO_SUCH_THING when there is none of this number
     */
    Fault lift(long number, String who);

    /**
     * Runs the task whenever something begins or ends, from now on; it must not block.
     *
     * @return run, it ends that
     */
    Runnable listen(Runnable changed);

    /**
     * What can be broken.
     *
     * @param target a node's id, or an arrow's from and to
     */
    record Possible(String target, List<FaultKind> kinds) {
        public Possible {
            kinds = List.copyOf(kinds);
        }
    }
}
