package dev.banyan.engines;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** A PostgreSQL that Banyan runs, primary or standby. Safe for any thread; what changes its role is done in turn. Blocks. */
public final class RunningPostgres {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    /** For statements that wait for nothing but a processor. */
    private static final Duration SOON = Duration.ofSeconds(10);
    /** For a checkpoint, which writes all that is in memory. */
    private static final Duration CHECKPOINT = Duration.ofMinutes(5);
    /** What a promotion takes that nothing holds up, and some. */
    private static final Duration PROMPT = Duration.ofMillis(300);
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);
    /** All that is kept. */
    private static final int STRANDED_LINES = 200;

    /** What a server needs to change its role. */
    record Surroundings(ServerFolder folder, Replication replication, ClusterFile cluster, Clock clock) {}

    private final ChildProcess process;
    private final DatabaseEndpoint endpoint;
    private final AdminSessions sessions;
    private final DatabaseEndpoint admin;
    private final String version;
    private final Surroundings at;
    /** One change of role at a time. */
    private final ReentrantLock role = new ReentrantLock();

    RunningPostgres(ChildProcess process, DatabaseEndpoint endpoint, DatabaseEndpoint admin, String version, Surroundings at) {
        this.process = process;
        this.endpoint = endpoint;
        this.admin = admin;
        this.version = version;
        this.at = at;
        this.sessions = new AdminSessions(process.name(), admin);
    }

    /** As {@code db-2}. */
    public String name() {
        return process.name();
    }

    /** The application's database, as its owner. */
    public DatabaseEndpoint endpoint() {
        return endpoint;
    }

    /** The whole server, as superuser: for Banyan itself. */
    public DatabaseEndpoint admin() {
        return admin;
    }

    /** As {@code 17.11}. */
    public String version() {
        return version;
    }

    /** Whether its process runs. */
    public boolean alive() {
        return process.alive();
    }

    /** How it ended the last time it did so by itself, in words. */
    public Optional<String> lastEnd() {
        return process.lastExit().map(ProcessEvent.Exited::sentence);
    }

    /** Whether it would let a client in now: false while it starts, recovers or stops. Blocks for up to 2 s. */
    public boolean answers() {
        return new PostgresGreeting(endpoint.address(), ANSWER_WITHIN).answered(endpoint.user(), endpoint.database());
    }

    /** The last lines of its log, oldest first. */
    public List<String> recentLines(int count) {
        return process.recentLines(count);
    }

    /** What follows when it ends by itself; RESTART unless it is told otherwise. */
    public void whenItEnds(WhenItEnds then) {
        process.whenItEnds(then);
    }

    /** Runs the task as soon as it has ended by itself, each time, on the thread that supervises it: within milliseconds of a SIGKILL. */
    public void onEnd(Runnable task) {
        process.onEnd(task);
    }

    /**
     * Asks where it stands: by a greeting, since a server whose head is stopped still answers whom it knows, and then in one round trip over a
     * connection that is kept. ENGINE_FAILED when it does not answer as it should, TIMED_OUT when it does not in time.
     */
    public Standing look(Duration atMost) {
        long deadline = at.clock().nanos() + atMost.toNanos();
        if (!new PostgresGreeting(endpoint.address(), atMost).heard(endpoint.user(), endpoint.database())) {
            throw new BanyanException(ErrorCode.TIMED_OUT, name() + " let no new client in within " + atMost.toMillis() + " ms");
        }
        Duration left = Duration.ofNanos(deadline - at.clock().nanos());
        return StandingQuery.read(ask(StandingQuery.SQL, left), process.recentLines(STRANDED_LINES));
    }

    /** The server that this one was told to follow; empty for a primary. */
    public Optional<String> follows() {
        return conf().source().map(ReplicationConf.Source::server);
    }

    /**
     * Makes a standby the primary and returns when it accepts writes. Whoever calls has fenced the old one and has written {@link ClusterFile}
     * before: one that the file does not name is refused. Nothing is done to one that is a primary already. ENGINE_FAILED; TIMED_OUT: it
     * may still come to be the primary.
     */
    public void promote(Duration atMost) {
        changing(() -> {
            if (!asOne("SELECT pg_is_in_recovery()").equals("t")) {
                return;
            }
            requireNamed();
            ask("SELECT pg_promote(wait => false)", SOON);
            if (!until(this::promoted, PROMPT) && !until(() -> endReadsInTheWay() && promoted(), atMost)) {
                throw new BanyanException(ErrorCode.TIMED_OUT, name() + " was told to become the primary " + atMost.toMillis() + " ms ago and has not; its last lines:\n  "
                        + String.join("\n  ", recentLines(5)));
            }
            reload(conf().fromNone());
        });
    }

    private boolean promoted() {
        return asOne("SELECT pg_is_in_recovery()").equals("f");
    }

    /** All that was received is replayed before the first write, and a read that holds a part of it up would hold up the site. */
    private boolean endReadsInTheWay() {
        ask("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
                AND EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'startup'
                    AND (wait_event LIKE 'RecoveryConflict%' OR wait_event_type IN ('Lock', 'BufferPin')))""", SOON);
        return true;
    }

    private void requireNamed() {
        Optional<String> named = at.cluster().read().map(ClusterFile.Content::primary);
        if (named.filter(name()::equals).isEmpty()) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, name() + " is not promoted: " + at.cluster().file() + " names "
                    + named.orElse("nobody") + " as the primary, and two primaries would lose writes; what is decided is written there first");
        }
    }

    /**
     * Lets a standby follow this primary from now on, on whatever timeline, and returns when it has been told; that it streams, and that it
     * never can, is seen by {@link #look}. ENGINE_FAILED when it is no standby.
     */
    public void follow(RunningPostgres primary) {
        changing(() -> {
            if (at.folder().role() != ServerRole.STANDBY) {
                throw new BanyanException(ErrorCode.ENGINE_FAILED, name() + " is a primary itself and cannot follow " + primary.name() + "; stop it, and clone it anew");
            }
            at.replication().slot(primary, name());
            writePassword();
            process.remark(StandingQuery.FOLLOWS + primary.name());
            reload(conf().from(at.replication().source(at.folder(), primary)));
        });
    }

    private void writePassword() {
        try {
            at.replication().writePassword(at.folder());
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, at.folder().passwords() + " cannot be written: " + Reason.of(e), e);
        }
    }

    /**
     * Commits wait from now on, also after a restart, until this many of the standbys have them on disk; with none named, or 0, for none. When
     * this returns, no commit is acknowledged by the old rule any more. On a standby it is the rule from its promotion on.
     */
    public void synchronousWith(Collection<String> standbys, int any) {
        TreeSet<String> names = new TreeSet<>(standbys);
        String rule = names.isEmpty() || any <= 0 ? "" : "ANY " + any + " (\"" + String.join("\", \"", names) + "\")";
        changing(() -> {
            String before = asOne("SHOW synchronous_standby_names");
            if (before.equals(rule) && conf().synchronous().equals(rule)) {
                return;
            }
            reload(conf().synchronousWith(rule));
            if (!until(() -> isRule(rule, names), SOON)) {
                throw new BanyanException(ErrorCode.TIMED_OUT, name() + " was told " + SOON.toSeconds() + " s ago to let commits wait for '" + rule
                        + "' and does not; its last lines:\n  " + String.join("\n  ", recentLines(5)));
            }
            if (before.isEmpty()) {
                awaitCheckpointer();
            }
        });
    }

    /** Whether a new session has the rule, and every process that sends log to a standby goes by it. */
    private boolean isRule(String rule, Collection<String> names) {
        return asOne("SHOW synchronous_standby_names").equals(rule) && standingNow().stream()
                .allMatch(standby -> standby.synchronous() == (!rule.isEmpty() && names.contains(standby.name())) || !standby.state().equals("streaming"));
    }

    private List<Standing.Streaming> standingNow() {
        return look(SOON).standbys();
    }

    /**
     * That commits wait at all is a flag that the checkpointer sets when it comes to read its settings, between two checkpoints (PostgreSQL's
     * src/backend/postmaster/checkpointer.c). It has when it has made a checkpoint that it began after one that was asked for
     * since; the second has nothing to write.
     */
    private void awaitCheckpointer() {
        ask("CHECKPOINT", CHECKPOINT);
        ask("CHECKPOINT", CHECKPOINT);
    }

    /**
     * Kills it at once, in whatever state, and returns when none of its processes is left: from then on it acknowledges nothing. It is not
     * started again. ENGINE_FAILED when the system does not let a process go within 5 s.
     */
    public void fence() {
        process.kill();
        sessions.close();
    }

    /** Cuts its clients, writes all to disk and ends it; killed when that takes more than 30 s. Blocks until all is gone. */
    public void stop() {
        sessions.close();
        process.stop();
    }

    /** Whether it has ended for good. */
    boolean over() {
        return process.over();
    }

    /** Asks as superuser. */
    List<PostgresSession.Answer> ask(String sql, Duration atMost) {
        return sessions.ask(sql, atMost);
    }

    private String asOne(String sql) {
        return ask(sql, SOON).getFirst().rows().getFirst().getFirst();
    }

    private ReplicationConf conf() {
        try {
            return ReplicationConf.read(at.folder().data());
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, at.folder().data().resolve(ReplicationConf.FILE) + " cannot be read: " + Reason.of(e), e);
        }
    }

    /** Writes the settings and has them read: by a signal, which needs no free connection. */
    private void reload(ReplicationConf conf) {
        try {
            conf.write(at.folder().data(), at.replication().runAs());
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, at.folder().data().resolve(ReplicationConf.FILE) + " cannot be written: " + Reason.of(e), e);
        }
        process.pid().ifPresent(Signal.HUP::send);
    }

    private boolean until(BooleanSupplier so, Duration atMost) {
        try {
            return Waiting.until(so, atMost, LOOK_EVERY, at.clock());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.INTERNAL, "waiting for " + name() + " was broken off: Banyan is ending", e);
        }
    }

    private void changing(Runnable change) {
        role.lock();
        try {
            change.run();
        } finally {
            role.unlock();
        }
    }
}
