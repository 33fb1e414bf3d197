package dev.banyan.control;

import dev.banyan.topology.BanyanException;
import java.time.Duration;
import java.util.List;

/** The cache router with all that belongs to it, as control uses it. Thread-safe; blocks. */
public interface CacheDoor {
    /**
     * Opens it: clients are let in when this returns. Does nothing when it is open.
     *
     * @param nodes the embedded nodes by name; empty when the site file names nodes that run already
     * @throws BanyanException when it cannot listen or nothing of its own can be opened; then it is closed
     */
    void open(List<String> nodes);

    /** The keys are spread over these embedded nodes from now on, without closing a connection. */
    void use(List<String> nodes);

    /**
     * Waits until all writes that were acknowledged before are in the database.
     *
     * @return how many are still not when the time is over; 0 when all are
     */
    long drain(Duration atMost) throws InterruptedException;

    /** Disconnects its clients and listens no more; writes that are not in the database stay on disk. Does nothing when it is not open. */
    void close();
}
