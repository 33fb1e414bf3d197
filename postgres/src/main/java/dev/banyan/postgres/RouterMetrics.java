package dev.banyan.postgres;

import dev.banyan.postgres.sql.Pin;
import dev.banyan.telemetry.Histogram;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.DatabaseRouter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The router's figures in the registry. What a statement costs: two adds in a histogram; all else are counts of the loops, added up when they
 * are read. Safe for any thread.
 */
final class RouterMetrics {
    private static final String DURATION = "banyan_postgres_statement_duration_seconds";
    private static final String CONNECTIONS = "banyan_postgres_connections";

    private final Registry registry;
    private final Histogram atPrimary;
    private final Histogram atReplicas;
    private final Consumer<SlowStatement> slow;
    private volatile long slowNanos;

    /** @param slow hears of slow statements, on the loop */
    RouterMetrics(Registry registry, Consumer<SlowStatement> slow) {
        this.registry = registry;
        this.slow = slow;
        this.atPrimary = registry.histogram(DURATION, "From sending a statement to its answer's end.", Labels.of("place", "primary"));
        this.atReplicas = registry.histogram(DURATION, "From sending a statement to its answer's end.", Labels.of("place", "replica"));
    }

    void use(DatabaseRouter settings) {
        slowNanos = settings.slow().isZero() ? Long.MAX_VALUE : settings.slow().toNanos();
    }

    void took(boolean atReplica, long nanos) {
        (atReplica ? atReplicas : atPrimary).record(nanos);
    }

    /** What takes as long is slow, in nanoseconds. */
    long slowNanos() {
        return slowNanos;
    }

    void slow(SlowStatement statement) {
        slow.accept(statement);
    }

    /** The router's own figures. */
    void observe(IntSupplier clients, Supplier<List<LoopFigures>> loops) {
        registry.gauge("banyan_postgres_clients", "Connections of clients of the PostgreSQL router.", Labels.NONE, clients::getAsInt);
        for (boolean replica : new boolean[] {false, true}) {
            for (boolean readsOnly : new boolean[] {false, true}) {
                total("banyan_postgres_statements_total", "Statements answered; 'read' is proved to read only.",
                        Labels.of("kind", readsOnly ? "read" : "other", "place", place(replica)), loops, each -> each.ran(readsOnly, replica));
            }
            total("banyan_postgres_errors_total", "Errors told to clients, by who found them.", Labels.of("from", place(replica)), loops, each -> each.failed(replica));
        }
        total("banyan_postgres_errors_total", "Errors told to clients, by who found them.", Labels.of("from", "router"), loops, LoopFigures::refusals);
        total("banyan_postgres_repeats_total", "Reads that failed at one server and were asked again at another, unseen.", Labels.NONE, loops, LoopFigures::repeats);
        for (Pin pin : Pin.values()) {
            total("banyan_postgres_pins_total", "Sessions that had to keep their server connection, by why.", Labels.of("reason", name(pin)), loops, each -> each.pinned(pin));
        }
    }

    private void total(String name, String help, Labels labels, Supplier<List<LoopFigures>> loops, ToLongFunction<LoopFigures> count) {
        registry.total(name, help, labels, () -> loops.get().stream().mapToLong(count).sum());
    }

    /** A server's figures, from now on. */
    void observe(MemberPlaces<?> places) {
        String server = places.member().name();
        Labels labels = Labels.of("server", server);
        connections(server, "busy", places, PoolFigures::busy);
        connections(server, "idle", places, PoolFigures::idle);
        connections(server, "opening", places, PoolFigures::opening);
        registry.gauge("banyan_postgres_waiting_clients", "Clients that wait for a connection to the server.", labels, () -> sum(places, PoolFigures::waiting));
        registry.total("banyan_postgres_leases_total", "How often a connection was given to a client.", labels, places::leases);
        registry.total("banyan_postgres_opens_total", "Connections opened to the server.", labels, places::opens);
        registry.total("banyan_postgres_open_failures_total", "Connections to the server that could not be opened.", labels, places::failures);
        places.onWait(registry.histogram("banyan_postgres_wait_seconds", "How long those waited who got no connection at once.", labels)::record);
    }

    private void connections(String server, String state, MemberPlaces<?> places, ToLongFunction<PoolFigures> count) {
        registry.gauge(CONNECTIONS, "Connections to the server.", Labels.of("server", server, "state", state), () -> sum(places, count));
    }

    private static long sum(MemberPlaces<?> places, ToLongFunction<PoolFigures> count) {
        return places.figures().stream().mapToLong(count).sum();
    }

    /** The server has left; a name never comes back. */
    void forget(Member member) {
        for (String name : List.of("banyan_postgres_waiting_clients", "banyan_postgres_leases_total", "banyan_postgres_opens_total", "banyan_postgres_open_failures_total",
                "banyan_postgres_wait_seconds")) {
            registry.remove(name, Labels.of("server", member.name()));
        }
        for (String state : List.of("busy", "idle", "opening")) {
            registry.remove(CONNECTIONS, Labels.of("server", member.name(), "state", state));
        }
    }

    private static String place(boolean replica) {
        return replica ? "replica" : "primary";
    }

    /** As it is written everywhere: {@code temporary-table}. */
    static String name(Pin pin) {
        return pin.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
