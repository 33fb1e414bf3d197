package dev.banyan.cli;

import dev.banyan.console.Figures;
import dev.banyan.postgres.Cluster;
import dev.banyan.telemetry.Distribution;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Window;
import java.util.OptionalLong;

/** The console's figures from the router's metrics. */
record DatabaseFigures(Window window) {
    private static final String DURATION = "banyan_postgres_statement_duration_seconds";
    private static final String ERRORS = "banyan_postgres_errors_total";
    private static final String LEASES = "banyan_postgres_leases_total";
    private static final String CONNECTIONS = "banyan_postgres_connections";
    private static final String WAITING = "banyan_postgres_waiting_clients";
    private static final String LAG_BYTES = "banyan_replica_lag_bytes";
    private static final String LAG_SECONDS = "banyan_replica_lag_seconds";

    /** Of all that clients ask. */
    Figures all() {
        return Figures.of(window.distribution(DURATION, Labels.NONE), window.seconds(), window.count(ERRORS, Labels.NONE), busyInAll(), (long) window.to().total(DURATION, Labels.NONE));
    }

    /**
     * Of one server. Statements are counted by role; a replica's part of those at replicas is its part of the transactions there, and its waits are those
     * of all replicas.
     */
    Figures of(String server, Cluster cluster) {
        boolean leads = cluster.primary().filter(primary -> primary.name().equals(server)).isPresent();
        boolean replica = cluster.replicas().stream().anyMatch(member -> member.name().equals(server));
        if (!leads && !replica) {
            return Figures.NONE;
        }
        String role = leads ? "primary" : "replica";
        double share = leads ? 1 : share(server, cluster);
        Distribution answers = window.distribution(DURATION, Labels.of("place", role));
        return new Figures(share * answers.count() / window.seconds(), answers.quantileNanos(.5) / 1e6, answers.quantileNanos(.95) / 1e6, answers.quantileNanos(.99) / 1e6,
                share * window.rate(ERRORS, Labels.of("from", role)), busy(server), (long) (share * window.to().total(DURATION, Labels.of("place", role))));
    }

    private double share(String server, Cluster cluster) {
        double all = cluster.replicas().stream().mapToDouble(member -> window.count(LEASES, Labels.of("server", member.name()))).sum();
        return all == 0 ? 0 : window.count(LEASES, Labels.of("server", server)) / all;
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
        return (long) window.level(CONNECTIONS, Labels.of("server", server, "state", "busy"));
    }

    private long busyInAll() {
        return (long) window.level(CONNECTIONS, Labels.of("state", "busy"));
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
