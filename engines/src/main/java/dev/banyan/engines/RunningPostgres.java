package dev.banyan.engines;

import java.time.Duration;
import java.util.List;

/** A PostgreSQL that Banyan runs; restarted when it ends by itself, at the same address and with all it had acknowledged. */
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

    /** Cuts its clients, writes all to disk and ends it; killed when that takes more than 30 s. Blocks until all is gone. */
    public void stop() {
        process.stop();
    }
}
