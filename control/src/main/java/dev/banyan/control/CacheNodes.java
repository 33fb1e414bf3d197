package dev.banyan.control;

import dev.banyan.topology.BanyanException;

/** The embedded nodes of the cache, as control uses them: each is started again when it ends by itself. Thread-safe; blocks. */
public interface CacheNodes {
    /**
     * Starts a node, or finds it running, and returns when it answers.
     *
     * @throws BanyanException when it cannot be started
     */
    void start(String name) throws InterruptedException;

    /** Ends a node; what it keeps on disk stays. Does nothing when it does not run. */
    void stop(String name);

    /** Ends a node and deletes all it has. Does nothing when there is none. */
    void remove(String name) throws InterruptedException;
}
