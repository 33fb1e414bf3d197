package dev.banyan.engines;

import dev.banyan.topology.Database;
import dev.banyan.topology.SiteName;

/** The one embedded PostgreSQL of a site without replicas. */
public final class EmbeddedPostgres {
    private EmbeddedPostgres() {}

    /** Starts it and returns when it accepts connections. Throws ENGINE_FAILED, DISK, PORT_IN_USE or MISSING_PREREQUISITE. Blocks. */
    public static RunningPostgres start(Supervisor supervisor, SiteName site, Database database, FreePorts ports) throws InterruptedException {
        return new PostgresServers(supervisor, site, database, ports).start(PostgresServers.FIRST);
    }
}
