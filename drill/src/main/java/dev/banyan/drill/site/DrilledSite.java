package dev.banyan.drill.site;

import dev.banyan.drill.bank.Server;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A running site as a drill sees and breaks it. Safe for any thread; its methods may block. */
public interface DrilledSite {
    /** @throws dev.banyan.topology.BanyanException SITE_IS_DOWN, when it does not answer */
    SiteState state();

    /** What goes on that is done to it on purpose, a few words each: a move that runs, a fault that is active. */
    List<String> underWay();

    /** What it did by itself lately, in any order; a fault's begin and end may be among it. */
    List<Decision> decisions();

    /** Faults that can be done to a node or to an arrow, as {@code web-1} and {@code front-door>web-1}. */
    List<FaultKind> possible(String target);

    /**
     * Breaks something, and returns as soon as that is done. Latency is 200 ms. An interrupt of the calling thread does not cut it short, and is still set afterwards: whoever interrupts wants
     * undone what is begun.
     *
     * @param target a node's id, or an arrow's as {@code front-door>web-1}
     * @param atMost after this time the site lifts it by itself
     */
    Struck strike(FaultKind kind, String target, Duration atMost);

    /**
     * Ends a fault. Not cut short by an interrupt either.
     *
     * @return whether it lasted until now; false when it was over, as when the site had ended what was broken itself
     */
    boolean lift(Struck fault);

    /** The database's servers that there are now, to be asked directly; empty when it has none that may be asked so. */
    List<Server> servers();

    /** The database as applications have it; empty when the site has none. */
    Optional<Secret> database();

    /**
     * A fault that was done.
     *
     * @param number the site's own
     * @param words as {@code kill web-2}
     */
    record Struck(long number, FaultKind kind, String target, String words) {}
}
