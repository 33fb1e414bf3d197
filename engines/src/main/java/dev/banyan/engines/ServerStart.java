package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Starts the server of a data folder and waits until it lets clients in.
 *
 * @param cluster forbids a primary that is none any more, at each start
 */
record ServerStart(Supervisor supervisor, PostgresBinaries binaries, RunAs runAs, ClusterFile cluster) {
    /** A clean shutdown writes all that is in memory to disk; one that takes longer is cut off and mended from the log at the next start. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    /** After a crash the log since the last checkpoint is replayed first: up to 1 GB here. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final int TOLD_LINES = 12;
    private static final Pattern FULL_DISK = Pattern.compile("No space left on device", Pattern.CASE_INSENSITIVE);

    /** Throws ENGINE_FAILED, DISK or TIMED_OUT. Blocks. */
    RunningPostgres start(ServerFolder folder, PostgresData data, int port) throws InterruptedException {
        ChildProcess process = supervisor.start(spec(folder, data, port));
        HostPort address = new HostPort("127.0.0.1", port);
        RunningPostgres running = new RunningPostgres(
                process,
                new DatabaseEndpoint(address, data.name(), data.password(), data.name(), Map.of()),
                new DatabaseEndpoint(address, PostgresData.ADMIN, data.adminPassword(), "postgres", Map.of()),
                binaries.version(),
                new RunningPostgres.Surroundings(folder, new Replication(supervisor.folder(), runAs), cluster, supervisor.clock()));
        try {
            awaitReady(process, new PostmasterFile(data.folder()));
        } catch (BanyanException | InterruptedException e) {
            process.stop();
            throw e;
        }
        return running;
    }

    private ChildSpec spec(ServerFolder folder, PostgresData data, int port) {
        List<String> command = runAs.command(List.of(binaries.program("postgres"), "-D", data.folder().toString()));
        Runnable beforeStart = () -> {
            requireRole(folder);
            new PostmasterFile(data.folder()).clearStale(ProcessTable.ofThisMachine());
            configure(folder, data, port);
        };
        // Messages and sorting of what is not in a database shall not depend on the user's language.
        return new ChildSpec(folder.name(), command, Map.of("LC_ALL", "C"), data.folder(), STOP_TIMEOUT, beforeStart, lines -> diagnosis(folder, lines));
    }

    /** The server may have been the primary when it was last started and be replaced since. */
    private void requireRole(ServerFolder folder) {
        Optional<ClusterFile.Content> decided = cluster.read();
        if (folder.role() == ServerRole.PRIMARY && decided.isPresent() && !decided.get().primary().equals(folder.name())) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, folder.name() + " was a primary and " + decided.get().primary() + " is since epoch " + decided.get().epoch()
                    + " (" + cluster.file() + "): it may hold writes that no other server has, and is not started; clone it anew");
        }
    }

    private void configure(ServerFolder folder, PostgresData data, int port) {
        Path file = data.folder().resolve(PostgresConf.FILE);
        try {
            long free = Files.getFileStore(data.folder()).getUsableSpace();
            AtomicFile.write(file, new PostgresConf(data.name(), folder.name(), port, free).text());
            runAs.own(file);
            if (!Files.exists(data.folder().resolve(ReplicationConf.FILE))) {
                ReplicationConf.ALONE.write(data.folder(), runAs);
            }
            if (folder.role() == ServerRole.STANDBY) {
                new Replication(supervisor.folder(), runAs).writePassword(folder);
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, file + " cannot be written: " + Reason.of(e), e);
        }
    }

    private static Optional<String> diagnosis(ServerFolder folder, List<String> lines) {
        return lines.stream().anyMatch(line -> FULL_DISK.matcher(line).find())
                ? Optional.of("the disk that holds " + folder.data() + " is full (" + free(folder) + "); all that it acknowledged is there; make room, and it can start again")
                : Optional.empty();
    }

    private static String free(ServerFolder folder) {
        try {
            var store = Files.getFileStore(folder.data());
            return store.getUsableSpace() / 1_000_000 + " of " + store.getTotalSpace() / 1_000_000 + " MB free now";
        } catch (IOException e) {
            return Reason.of(e);
        }
    }

    private void awaitReady(ChildProcess process, PostmasterFile file) throws InterruptedException {
        boolean decided = Waiting.until(
                () -> process.exits() > 0 || process.pid().isPresent() && file.saysReady(process.pid().getAsLong()),
                START_TIMEOUT, LOOK_EVERY, supervisor.clock());
        if (decided && process.exits() == 0) {
            return;
        }
        String lines = String.join("\n  ", process.recentLines(TOLD_LINES));
        throw decided
                ? new BanyanException(ErrorCode.ENGINE_FAILED, process.name() + " did not start; its last lines:\n  " + lines)
                : new BanyanException(ErrorCode.TIMED_OUT, process.name() + " was not ready within " + START_TIMEOUT.toSeconds() + " s; its last lines:\n  " + lines);
    }
}
