package dev.banyan.cli;

import dev.banyan.console.Figures;
import dev.banyan.postgres.Cluster;
import dev.banyan.telemetry.Distribution;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Window;
import java.util.OptionalLong;

/** The console's figures from the router's metrics. */
record DatabaseFigures(Window window) {
    private static final String DURATION = "db_client_operation_duration_seconds";
    private static final String ERRORS = "banyan_postgres_errors_total";
    private static final String STATEMENTS = "banyan_postgres_statements_total";
    private static final String STATE = "db_client_connection_state";
    private static final String CONNECTIONS = "db_client_connection_count";
    private static final String WAITING = "db_client_connection_pending_requests";
    private static final String LAG_BYTES = "banyan_replica_lag_bytes";
    private static final String LAG_SECONDS = "banyan_replica_lag_seconds";

    /** Of all that clients ask. */
    Figures all() {
        return Figures.of(window.distribution(DURATION, Labels.NONE), window.seconds(), window.count(ERRORS, Labels.NONE), busyInAll(), (long) window.to().total(STATEMENTS, Labels.NONE));
    }

    /** Of one server. */
    Figures of(String server, Cluster cluster) {
        boolean leads = cluster.primary().filter(primary -> primary.name().equals(server)).isPresent();
        boolean replica = cluster.replicas().stream().anyMatch(member -> member.name().equals(server));
        if (!leads && !replica) {
            return Figures.NONE;
        }
        Labels labels = Labels.of("server", server);
        Distribution answers = window.distribution(DURATION, labels);
        double failed = window.distribution(DURATION, Labels.of("server", server, "error_type", "_OTHER")).count();
        return new Figures(answers.count() / window.seconds(), answers.quantileNanos(.5) / 1e6, answers.quantileNanos(.95) / 1e6, answers.quantileNanos(.99) / 1e6,
                failed / window.seconds(), busy(server), (long) window.to().total(DURATION, labels));
    }

    long clients() {
        return (long) window.level("banyan_postgres_clients", Labels.NONE);
    }

    long waiting() {
        return (long) window.level(WAITING, Labels.NONE);
    }

    long waitingFor(String server) {
        return (long) window.level(WAITING, Labels.of("server", server));
    }

    long busy(String server) {
        return (long) window.level(CONNECTIONS, Labels.of("server", server, STATE, "used"));
    }

    private long busyInAll() {
        return (long) window.level(CONNECTIONS, Labels.of(STATE, "used"));
    }

    long open(String server) {
        return (long) window.level(CONNECTIONS, Labels.of("server", server));
    }

    /** Empty while it was not asked yet. */
    OptionalLong lagBytes(String server) {
        return window.to().families().containsKey(LAG_BYTES) ? OptionalLong.of((long) window.level(LAG_BYTES, Labels.of("server", server))) : OptionalLong.empty();
    }

    /** {@code up to date}, {@code 2 ms behind}, {@code 3.1 s behind}. */
    String behind(String server) {
        double seconds = lagSeconds(server);
        return seconds < .0005 ? "up to date" : lag(server) + " behind";
    }

    double lagSeconds(String server) {
        return window.level(LAG_SECONDS, Labels.of("server", server));
    }

    String lag(String server) {
        double seconds = lagSeconds(server);
        return seconds < 1 ? "%.0f ms".formatted(seconds * 1e3) : "%.1f s".formatted(seconds);
    }
}
