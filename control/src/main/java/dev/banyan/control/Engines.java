package dev.banyan.control;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Database;

/** The resources that Banyan runs for the application, as control uses them. */
public interface Engines {
    /**
     * Starts the embedded database and waits until it takes connections. Does nothing when it runs.
     *
     * @throws BanyanException when it does not come up
     */
    void startDatabase(Database database) throws InterruptedException;

    /** Stops it cleanly. Does nothing when it does not run. */
    void stopDatabase();
}
