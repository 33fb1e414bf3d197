package dev.banyan.bench.postgres;

import dev.banyan.bench.bed.TestBed;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.engines.PostgresServers;
import dev.banyan.engines.Progress;
import dev.banyan.engines.RunningPostgres;
import dev.banyan.engines.StateFolder;
import dev.banyan.engines.Supervisor;
import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.net.Loops;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** The embedded PostgreSQL, in a test bed's folder, with the settings that a site gives it. Closing it ends it. */
public final class ServerUnderTest implements AutoCloseable {
    private final Loops loops;
    private final PostgresServers servers;
    private final RunningPostgres server;

    private ServerUnderTest(Loops loops, PostgresServers servers, RunningPostgres server) {
        this.loops = loops;
        this.servers = servers;
        this.server = server;
    }

    /** Makes one and starts it; some seconds. It ends with the test bed at the latest. */
    public static ServerUnderTest start(TestBed bed) throws InterruptedException {
        Loops loops = Loops.open();
        Topology site = SiteFile.read("site: bench\napplication: { command: [none] }\ndatabase: { kind: postgresql, port: 0 }\n", _ -> Optional.empty()).orThrow("bench");
        Supervisor supervisor = new Supervisor(StateFolder.at(bed.folder().resolve("server")), loops.blocking(), Clock.system(), Loops.random(), _ -> {});
        PostgresServers servers = new PostgresServers(supervisor, site.site(), site.database(), new FreePorts());
        bed.atEnd(servers::stop);
        return new ServerUnderTest(loops, servers, servers.start(PostgresServers.FIRST));
    }

    /** The application's database, as its owner. */
    public DatabaseEndpoint endpoint() {
        return server.endpoint();
    }

    /** The whole server, as superuser. */
    public DatabaseEndpoint admin() {
        return server.admin();
    }

    /** Clones it; the copy streams from it from now on, and ends with it. */
    public DatabaseEndpoint replica() throws InterruptedException {
        return servers.cloneFrom("db-" + (servers.known().size() + 1), server, Progress.NONE).endpoint();
    }

    public String version() {
        return server.version();
    }

    /** Runs statements as superuser, each by itself. */
    public void run(DatabaseEndpoint in, List<String> statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(in.jdbcUrl().reveal()); Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** Moves it and every process that it starts from now on to one core. */
    void pin(TestBed bed, int core) throws SQLException, IOException, InterruptedException {
        Process taskset = bed.start(new ProcessBuilder("taskset", "-cp", String.valueOf(core), String.valueOf(postmaster())).redirectErrorStream(true));
        String said = new String(taskset.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (taskset.waitFor() != 0) {
            throw new IOException("PostgreSQL cannot be pinned to core " + core + ": " + said);
        }
    }

    /** Its first process: the parent of the one that serves a connection. */
    private long postmaster() throws SQLException {
        try (Connection connection = DriverManager.getConnection(admin().jdbcUrl().reveal());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT pg_backend_pid()")) {
            result.next();
            return ProcessHandle.of(result.getLong(1)).flatMap(ProcessHandle::parent).orElseThrow().pid();
        }
    }

    @Override
    public void close() {
        servers.stop();
        loops.close();
    }
}
