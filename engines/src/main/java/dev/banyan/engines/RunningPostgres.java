package dev.banyan.engines;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** A PostgreSQL that Banyan runs, primary or standby. Safe for any thread; what changes its role waits for its turn. Blocks. */
public final class RunningPostgres {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

    private final ChildProcess process;
    private final DatabaseEndpoint endpoint;
    private final DatabaseEndpoint admin;
    private final String version;

    RunningPostgres(ChildProcess process, DatabaseEndpoint endpoint, DatabaseEndpoint admin, String version) {
        this.process = process;
        this.endpoint = endpoint;
        this.admin = admin;
        this.version = version;
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

    /** Runs the task as soon as it has ended by itself, each time, on the thread that supervises it: within a millisecond of a SIGKILL. */
    public void onEnd(Runnable task) {
        process.onEnd(task);
    }

    /**
     * Asks where it stands, in one round trip over a connection that is kept. ENGINE_FAILED when it does not answer as it should, TIMED_OUT
     * when it does not in time.
     */
    public Standing look(Duration atMost) {
        throw new UnsupportedOperationException("comes with the next landing: " + atMost);
    }

    /**
     * Makes a standby the primary and returns when it accepts writes. Whoever calls has fenced the old one and has written {@link ClusterFile}
     * before. Nothing is done to one that is a primary already. ENGINE_FAILED, or TIMED_OUT: it may still come.
     */
    public void promote(Duration atMost) {
        throw new UnsupportedOperationException("comes with the next landing: " + atMost);
    }

    /**
     * Lets a standby follow this primary from now on, on whatever timeline, and returns when it has been told; that it streams, and that it
     * cannot, is seen by {@link #look}.
     */
    public void follow(RunningPostgres primary) {
        throw new UnsupportedOperationException("comes with the next landing: " + primary.name());
    }

    /**
     * Commits wait from now on until this many of the standbys have them on disk; with none named, or 0, for none. When this returns, no
     * commit is acknowledged by the old rule any more. On a standby it is the rule from its promotion on.
     */
    public void synchronousWith(Collection<String> standbys, int any) {
        throw new UnsupportedOperationException("comes with the next landing: " + any + standbys);
    }

    /**
     * Kills it at once, in whatever state, and returns when none of its processes is left: from then on it acknowledges nothing. It is not
     * started again. ENGINE_FAILED when the system does not let a process go within 5 s.
     */
    public void fence() {
        process.kill();
    }

    /** Cuts its clients, writes all to disk and ends it; killed when that takes more than 30 s. Blocks until all is gone. */
    public void stop() {
        process.stop();
    }

    /** Whether it has ended for good. */
    boolean over() {
        return process.over();
    }
}
