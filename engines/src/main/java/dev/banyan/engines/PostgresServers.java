package dev.banyan.engines;

import dev.banyan.net.FreePorts;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Database;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.SiteName;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;

/**
 * The embedded PostgreSQL servers of a site: db-1, db-2, ... each in {@code .banyan/postgresql/NAME}. Safe for any thread; what is done to one
 * server is done in turn. Blocks. To be had by the holder of the folder's {@link SiteHold}, after {@link Orphans} were ended.
 */
public final class PostgresServers {
    /** The one that is made by initdb. */
    public static final String FIRST = "db-1";

    private static final Duration STREAMS_WITHIN = Duration.ofMinutes(1);
    private static final Duration PROMOTED_WITHIN = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Supervisor supervisor;
    private final SiteName site;
    private final Database database;
    private final FreePorts ports;
    private final BiFunction<PostgresBinaries, Tool, RunAs> choice;
    private final ServerFolders folders;
    private final Map<String, RunningPostgres> running = new ConcurrentHashMap<>();
    /** One for each name that was ever asked for. */
    private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();
    private ServerStart start;

    public PostgresServers(Supervisor supervisor, SiteName site, Database database, FreePorts ports) {
        this(supervisor, site, database, ports, RunAs::choose);
    }

    /** As whom is chosen by the caller. */
    PostgresServers(Supervisor supervisor, SiteName site, Database database, FreePorts ports, BiFunction<PostgresBinaries, Tool, RunAs> choice) {
        this.supervisor = supervisor;
        this.site = site;
        this.database = database;
        this.ports = ports;
        this.choice = choice;
        this.folders = ServerFolders.open(supervisor.folder());
    }

    /**
     * Starts a server as what it is: the primary when {@link ClusterFile} names it, or, before there is one, when its data are no standby's.
     * Else as {@link #start(String, ServerRole)}.
     */
    public RunningPostgres start(String name) throws InterruptedException {
        Optional<String> primary = clusterFile().read().map(ClusterFile.Content::primary);
        ServerFolder folder = folders.of(name);
        ServerRole role = primary.map(named -> named.equals(name) ? ServerRole.PRIMARY : ServerRole.STANDBY).orElseGet(folder::role);
        return start(name, role);
    }

    /**
     * Starts a server and returns when it lets clients in; one that runs is returned as it is. The site's first is made when there is none at
     * all. A standby that is wanted as primary is promoted; {@link ClusterFile} has to name it.
     *
     * @throws BanyanException ENGINE_FAILED when it is wanted as standby and its data are a primary's, or as primary and ClusterFile names another;
     *     NO_SUCH_THING when it has no data; DISK, PORT_IN_USE, MISSING_PREREQUISITE, TIMED_OUT
     */
    public RunningPostgres start(String name, ServerRole wanted) throws InterruptedException {
        return inTurn(name, () -> {
            Optional<RunningPostgres> there = running(name);
            if (there.isPresent() && !there.get().alive()) {
                // It has just ended, or waits to be started again: that is for now, and here.
                there.get().fence();
            }
            RunningPostgres server = there.filter(RunningPostgres::alive).isPresent() ? there.get() : launch(folders.of(name), wanted);
            if (wanted == ServerRole.PRIMARY) {
                server.promote(PROMOTED_WITHIN);
            }
            return server;
        });
    }

    private RunningPostgres launch(ServerFolder folder, ServerRole wanted) throws InterruptedException {
        requireMayStart(folder, wanted);
        ServerStart programs = programs(folder);
        try {
            Files.createDirectories(folder.path());
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, folder.path() + " cannot be made: " + Reason.of(e), e);
        }
        Tool tool = new Tool(supervisor.folder(), folder.setupLog());
        programs.runAs().own(folder.path());
        PostgresData data = PostgresData.open(new PostgresData.Workshop(supervisor.folder(), programs.binaries(), programs.runAs(), tool), folder.path(), site);
        int wish = folder.name().equals(FIRST) ? database.port() : 0;
        RunningPostgres server = programs.start(folder, data, new KeptPort(folder.port()).choose(wish, ports));
        running.put(folder.name(), server);
        dropStraySlots(server, folder.role());
        return server;
    }

    private void requireMayStart(ServerFolder folder, ServerRole wanted) {
        if (folder.hasData()) {
            if (wanted == ServerRole.STANDBY && folder.role() == ServerRole.PRIMARY) {
                throw new BanyanException(ErrorCode.ENGINE_FAILED, folder.name() + " is wanted as a standby and its data are a primary's: started, it would take writes that"
                        + " no other server has; clone it anew, or let it follow the primary if it was stopped cleanly");
            }
            return;
        }
        Optional<ClusterFile.Content> decided = clusterFile().read();
        boolean first = decided.map(content -> content.epoch() == 1 && content.members().equals(List.of(folder.name()))).orElse(folder.name().equals(FIRST));
        if (wanted != ServerRole.PRIMARY || !first || !known().isEmpty()) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, folder.name() + " has no data in " + folder.path() + "; there are data of " + known()
                    + ": clone it from one of them");
        }
    }

    /** Made once: unpacking, and finding out as whom to run, take a moment. */
    private synchronized ServerStart programs(ServerFolder folder) {
        if (start == null) {
            supervisor.folder().postgres(folder.name());
            PostgresBinaries binaries = PostgresBinaries.unpack(supervisor.folder());
            RunAs runAs = choice.apply(binaries, new Tool(supervisor.folder(), folder.setupLog()));
            start = new ServerStart(supervisor, binaries, runAs, clusterFile());
        }
        return start;
    }

    /** Slots that nobody will use would keep the log for ever: those of a server that is no primary any more, and for standbys that are no more. */
    private void dropStraySlots(RunningPostgres server, ServerRole role) {
        server.look(LOOK).slots().stream()
                .filter(slot -> !slot.active() && (role == ServerRole.STANDBY || !folders.of(slot.standby()).hasData()))
                .forEach(slot -> {
                    forget(slot.standby(), server);
                    note(server.name(), "the log that " + server.name() + " kept for " + slot.standby() + " is given up: "
                            + (role == ServerRole.STANDBY ? server.name() + " is no primary any more" : "there is no such server"));
                });
    }

    /**
     * Copies a running primary while it serves, starts the copy as its standby and returns when it streams. What an earlier server of this name
     * left is set aside until then, and deleted then. Cut off at any moment, by an interrupt, a failure or the end of everything, it
     * leaves nothing or a whole standby.
     *
     * @throws BanyanException DISK with the numbers when there is not room enough, ENGINE_FAILED when the source cannot be copied or the copy does not stream
     */
    public RunningPostgres cloneFrom(String name, RunningPostgres source, Progress progress) throws InterruptedException {
        return inTurn(name, () -> {
            requireStopped(name, "cloned anew");
            ServerFolder folder = folders.of(name);
            ServerStart programs = programs(folder);
            setAside(folder);
            Replication replication = new Replication(supervisor.folder(), programs.runAs());
            new ServerClone(supervisor, programs.runAs(), replication).copy(folder, source, progress);
            RunningPostgres clone = launch(folder, ServerRole.STANDBY);
            awaitStreaming(clone, source);
            if (folders.deleteSetAside(name)) {
                note(name, "what was set aside of the earlier " + name + " is deleted: the new copy of " + source.name() + " is whole and streams");
            }
            return clone;
        });
    }

    private void setAside(ServerFolder folder) {
        if (folder.hasData()) {
            long epoch = clusterFile().read().map(ClusterFile.Content::epoch).orElse(0L);
            var where = folders.setAside(folder, epoch);
            note(folder.name(), "the data of the earlier " + folder.name() + " are set aside in " + where + " until its new copy is whole");
        }
    }

    private void awaitStreaming(RunningPostgres clone, RunningPostgres source) throws InterruptedException {
        boolean streams = Waiting.until(
                () -> !clone.alive() || !source.alive() || source.look(LOOK).standby(clone.name()).filter(seen -> !seen.state().equals("startup")).isPresent(),
                STREAMS_WITHIN, LOOK_EVERY, supervisor.clock());
        if (!streams || !clone.alive() || !source.alive()) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, clone.name() + " is copied and " + (!source.alive() ? source.name() + " has ended since"
                    : "does not stream from " + source.name() + "; its last lines:\n  " + String.join("\n  ", clone.recentLines(5))));
        }
    }

    /**
     * Makes a server that does not run a standby of this primary, though it was a primary itself: only when it was shut down cleanly, for then
     * the standbys that streamed have all it had; that the new primary's history contains its own, PostgreSQL checks when it streams
     * ({@link Standing#stranded}). It is started by {@link #start}.
     *
     * @throws BanyanException ENGINE_FAILED when it was not shut down cleanly: it has to be cloned anew
     */
    public void demote(String name, RunningPostgres primary) throws InterruptedException {
        inTurn(name, () -> {
            requireStopped(name, "made a standby");
            ServerFolder folder = folders.of(name);
            if (!folder.hasData() || !ControlFile.of(folder.data()).shutDown()) {
                throw new BanyanException(ErrorCode.ENGINE_FAILED, name + " was not shut down cleanly and may hold writes that " + primary.name() + " has not; clone it anew");
            }
            Replication replication = new Replication(supervisor.folder(), programs(folder).runAs());
            replication.login(primary);
            replication.slot(primary, name);
            folders.makeStandby(folder, replication.source(folder, primary), programs(folder).runAs());
            return folder;
        });
    }

    /** Where the log of a server that does not run ends, its last checkpoint included; empty when it was not a primary that was shut down cleanly. */
    public Optional<WalPosition> logEnd(String name) {
        requireStopped(name, "looked at");
        ServerFolder folder = folders.of(name);
        return folder.hasData() ? LogEnd.of(folder.data()) : Optional.empty();
    }

    /** The server of this name, while it runs or is going to be started again by itself. */
    public Optional<RunningPostgres> running(String name) {
        return Optional.ofNullable(running.get(name)).filter(server -> !server.over());
    }

    /** The server of this name as it last ran, ended or not. */
    public Optional<RunningPostgres> last(String name) {
        return Optional.ofNullable(running.get(name));
    }

    /** Those that have data on disk, running or not, by number. */
    public List<String> known() {
        return folders.known();
    }

    /** Where the server listens, or last did; empty when it never has. */
    public Optional<HostPort> address(String name) {
        return running(name).map(server -> server.endpoint().address())
                .or(() -> new KeptPort(folders.of(name).port()).kept().map(port -> new HostPort("127.0.0.1", port)));
    }

    /** Ends what keeps the primary's log for a standby that will not come back. */
    public void forget(String standby, RunningPostgres primary) {
        new Replication(supervisor.folder(), programs(folders.of(primary.name())).runAs()).dropSlot(primary, standby);
    }

    /** Deletes all data of a server that does not run, what was set aside too. Does nothing when there are none. */
    public void delete(String name) throws InterruptedException {
        inTurn(name, () -> {
            requireStopped(name, "deleted");
            folders.delete(name);
            running.remove(name);
            return name;
        });
    }

    private void requireStopped(String name, String what) {
        if (running(name).isPresent()) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, name + " runs and cannot be " + what + "; stop it first");
        }
    }

    /** What was decided about them. */
    public ClusterFile clusterFile() {
        return ClusterFile.in(supervisor.folder());
    }

    /** Stops all: the primary first, so that its standbys have everything it had. */
    public void stop() {
        running.values().stream()
                .filter(server -> !server.over())
                .sorted(Comparator.comparing(server -> folders.of(server.name()).role()))
                .forEach(RunningPostgres::stop);
    }

    private void note(String name, String sentence) {
        supervisor.tell(new ProcessEvent.Noted(name, sentence));
    }

    /** Work that can be broken off. */
    private interface Turn<R> {
        R take() throws InterruptedException;
    }

    private <R> R inTurn(String name, Turn<R> turn) throws InterruptedException {
        ReentrantLock lock = turns.computeIfAbsent(name, any -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            return turn.take();
        } finally {
            lock.unlock();
        }
    }
}
