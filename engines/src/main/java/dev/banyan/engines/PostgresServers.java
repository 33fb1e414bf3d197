package dev.banyan.engines;

import dev.banyan.topology.Database;
import dev.banyan.topology.SiteName;
import java.util.List;
import java.util.Optional;

/**
 * The embedded PostgreSQL servers of a site: db-1, db-2, ... each in {@code .banyan/postgresql/NAME}. Safe for any thread; what is done to one
 * server is done in turn. Blocks. To be had by the holder of the folder's {@link SiteHold}, after {@link Orphans} were ended.
 */
public final class PostgresServers {
    /** The one that is made by initdb. */
    public static final String FIRST = "db-1";

    private final Supervisor supervisor;
    private final SiteName site;
    private final Database database;
    private final FreePorts ports;

    public PostgresServers(Supervisor supervisor, SiteName site, Database database, FreePorts ports) {
        this.supervisor = supervisor;
        this.site = site;
        this.database = database;
        this.ports = ports;
    }

    /**
     * Starts a server as its data folder is: a standby when it was one, else the primary. The site's very first, {@link #FIRST}, is made when
     * there is none at all. One that runs is returned as it is.
     *
     * @throws dev.banyan.topology.BanyanException ENGINE_FAILED when its data is a primary's and {@link ClusterFile} names another; NO_SUCH_THING
     *     when it has no data; DISK, PORT_IN_USE, MISSING_PREREQUISITE
     */
    public RunningPostgres start(String name) throws InterruptedException {
        throw new UnsupportedOperationException("comes with the next landing: " + name + site + database + ports + supervisor);
    }

    /** The same, and refuses (ENGINE_FAILED) when its data is a primary's and a standby is wanted; wanted as primary, a standby is promoted. */
    public RunningPostgres start(String name, ServerRole wanted) throws InterruptedException {
        throw new UnsupportedOperationException("comes with the next landing: " + name + wanted);
    }

    /**
     * Copies a running server while it serves and starts the copy as a standby that streams from it. What an earlier server of this name left
     * is set aside until the copy is whole, and deleted then. Broken off (by interrupting, or by an end of either) it leaves nothing.
     *
     * @throws dev.banyan.topology.BanyanException DISK with the numbers when there is not room enough, ENGINE_FAILED when the source cannot be copied
     */
    public RunningPostgres cloneFrom(String name, RunningPostgres source, Progress progress) throws InterruptedException {
        throw new UnsupportedOperationException("comes with the next landing: " + name + source + progress);
    }

    /** The server of this name, while it is supervised. */
    public Optional<RunningPostgres> running(String name) {
        throw new UnsupportedOperationException("comes with the next landing: " + name);
    }

    /** Those that have data on disk, running or not, by number. */
    public List<String> known() {
        throw new UnsupportedOperationException("comes with the next landing");
    }

    /** A name that no server of this site has had; on disk when this returns. */
    public String newName() {
        throw new UnsupportedOperationException("comes with the next landing");
    }

    /** Ends what keeps the primary's log for a standby that will not come back. */
    public void forget(String standby, RunningPostgres primary) {
        throw new UnsupportedOperationException("comes with the next landing: " + standby + primary);
    }

    /** Deletes all data of a server that does not run. */
    public void delete(String name) {
        throw new UnsupportedOperationException("comes with the next landing: " + name);
    }

    /** What was decided about them. */
    public ClusterFile clusterFile() {
        return ClusterFile.in(supervisor.folder());
    }

    /** Stops all, the primary before its standbys, so that they have everything it had. */
    public void stop() {
        throw new UnsupportedOperationException("comes with the next landing");
    }
}
