package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Database;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.SiteName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Starts the PostgreSQL that Banyan brings along: its programs are unpacked and its database made at the first start, both kept in {@code
 * .banyan}; from then on a start is a process and a wait of a few tenths of a second.
 */
public final class EmbeddedPostgres {
    /** The one node of stages 1 to 3. */
    public static final String PRIMARY = "primary";

    /** A clean shutdown writes all that is in memory to disk; one that takes longer is cut off and mended from the log at the next start. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    /** After a crash the log since the last checkpoint is replayed first: up to 1 GB here. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final int TOLD_LINES = 12;

    private EmbeddedPostgres() {}

    /** Starts it and returns when it accepts connections. Throws ENGINE_FAILED, DISK, PORT_IN_USE or MISSING_PREREQUISITE. Blocks. */
    public static RunningPostgres start(Supervisor supervisor, SiteName site, Database database, FreePorts ports) throws InterruptedException {
        return start(supervisor, site, database, ports, RunAs::choose);
    }

    /** As whom is chosen by the caller. */
    static RunningPostgres start(
            Supervisor supervisor, SiteName site, Database database, FreePorts ports, BiFunction<PostgresBinaries, Tool, RunAs> choice)
            throws InterruptedException {
        StateFolder home = supervisor.folder();
        Path node = home.postgres(PRIMARY);
        Tool tool = new Tool(home, node.resolve("setup.log"));
        PostgresBinaries binaries = PostgresBinaries.unpack(home);
        RunAs runAs = choice.apply(binaries, tool);
        runAs.own(node);
        PostgresData data = PostgresData.open(new PostgresData.Workshop(home, binaries, runAs, tool), node, site);
        int port = new KeptPort(node.resolve("port")).choose(database.port(), ports);
        ChildProcess process = supervisor.start(spec(supervisor, data, runAs, binaries, port));
        HostPort address = new HostPort("127.0.0.1", port);
        RunningPostgres running = new RunningPostgres(
                process,
                new DatabaseEndpoint(address, data.name(), data.password(), data.name(), Map.of()),
                new DatabaseEndpoint(address, PostgresData.ADMIN, data.adminPassword(), "postgres", Map.of()),
                binaries.version());
        try {
            awaitReady(process, new PostmasterFile(data.folder()), supervisor);
        } catch (BanyanException | InterruptedException e) {
            process.stop();
            throw e;
        }
        return running;
    }

    private static ChildSpec spec(Supervisor supervisor, PostgresData data, RunAs runAs, PostgresBinaries binaries, int port) {
        List<String> command = runAs.command(List.of(binaries.program("postgres"), "-D", data.folder().toString()));
        Runnable beforeStart = () -> {
            new PostmasterFile(data.folder()).clearStale(ProcessTable.ofThisMachine());
            configure(data, runAs, port);
        };
        // Messages and sorting of what is not in a database shall not depend on the user's language.
        return new ChildSpec("postgresql-" + PRIMARY, command, Map.of("LC_ALL", "C"), data.folder(), STOP_TIMEOUT, beforeStart);
    }

    private static void configure(PostgresData data, RunAs runAs, int port) {
        Path file = data.folder().resolve(PostgresConf.FILE);
        try {
            AtomicFile.write(file, new PostgresConf(data.name(), PRIMARY, port).text());
            runAs.own(file);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, file + " cannot be written: " + Reason.of(e), e);
        }
    }

    private static void awaitReady(ChildProcess process, PostmasterFile file, Supervisor supervisor) throws InterruptedException {
        boolean decided = Waiting.until(
                () -> process.exits() > 0 || process.pid().isPresent() && file.saysReady(process.pid().getAsLong()),
                START_TIMEOUT, LOOK_EVERY, supervisor.clock());
        if (decided && process.exits() == 0) {
            return;
        }
        String lines = String.join("\n  ", process.recentLines(TOLD_LINES));
        throw decided
                ? new BanyanException(ErrorCode.ENGINE_FAILED, "PostgreSQL did not start; its last lines:\n  " + lines)
                : new BanyanException(ErrorCode.TIMED_OUT, "PostgreSQL was not ready within " + START_TIMEOUT.toSeconds() + " s; its last lines:\n  " + lines);
    }
}
