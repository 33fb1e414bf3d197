package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.postgres.sql.Pin;
import dev.banyan.telemetry.Histogram;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.DatabaseRouter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The router's figures in the registry. What a statement costs: two adds in a histogram; all else are counts of the loops, added up when they
 * are read. Safe for any thread.
 */
final class RouterMetrics {
    private static final String DURATION = "db_client_operation_duration_seconds";
    private static final String CONNECTIONS = "db_client_connection_count";

    private static final String STATE = "db_client_connection_state";
    private static final String SYSTEM = "postgresql";

    private final Registry registry;
    private final Map<Member, MemberHistograms> byMember = new ConcurrentHashMap<>();
    private final Consumer<SlowStatement> slow;
    private volatile long slowNanos;

    /** @param slow hears of slow statements, on the loop */
    RouterMetrics(Registry registry, Consumer<SlowStatement> slow) {
        this.registry = registry;
        this.slow = slow;
    }

    void use(DatabaseRouter settings) {
        slowNanos = settings.slow().isZero() ? Long.MAX_VALUE : settings.slow().toNanos();
    }

    /** A server has answered; one that has left the cluster counts for nobody. */
    void took(Member server, boolean atReplica, Operation operation, boolean failed, long nanos) {
        MemberHistograms histograms = byMember.get(server);
        if (histograms != null) {
            histograms.of(atReplica, operation, failed).record(nanos);
        }
    }

    /** How long a server took, by what it did; made with the first of each. */
    private final class MemberHistograms {
        private final Histogram[] all = new Histogram[Operation.values().length * 4];
        private final String server;
        private Histogram afterwards;

        MemberHistograms(String server) {
            this.server = server;
        }

        Histogram of(boolean atReplica, Operation operation, boolean failed) {
            int index = operation.ordinal() * 4 + (atReplica ? 2 : 0) + (failed ? 1 : 0);
            Histogram known = all[index];
            return known != null ? known : begin(index, atReplica, operation, failed);
        }

        private synchronized Histogram begin(int index, boolean atReplica, Operation operation, boolean failed) {
            if (afterwards != null) {
                return afterwards;
            }
            if (all[index] == null) {
                all[index] = registry.histogram(DURATION, "From sending a statement to its answer's end.",
                        Labels.of("db_system_name", SYSTEM, "db_operation_name", operation.word(), "server", server, "place", place(atReplica), "error_type", failed ? "_OTHER" : ""));
            }
            return all[index];
        }

        /** What is still recorded goes where nobody reads it. */
        synchronized void end() {
            afterwards = all[0] != null ? all[0] : new Registry(Clock.system()).histogram(DURATION, "", Labels.NONE);
        }
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
        byMember.computeIfAbsent(places.member(), member -> new MemberHistograms(member.name()));
        connections(server, "used", places, PoolFigures::busy);
        connections(server, "idle", places, PoolFigures::idle);
        connections(server, "opening", places, PoolFigures::opening);
        registry.gauge("db_client_connection_max", "The most connections there may be to the server.", labels, places::most);
        registry.gauge("db_client_connection_pending_requests", "Clients that wait for a connection to the server.", labels, () -> sum(places, PoolFigures::waiting));
        registry.total("banyan_postgres_leases_total", "How often a connection was given to a client.", labels, places::leases);
        registry.total("banyan_postgres_opens_total", "Connections opened to the server.", labels, places::opens);
        registry.total("banyan_postgres_open_failures_total", "Connections to the server that could not be opened.", labels, places::failures);
        places.onWait(registry.histogram("banyan_postgres_wait_seconds", "How long those waited who got no connection at once.", labels)::record);
    }

    private void connections(String server, String state, MemberPlaces<?> places, ToLongFunction<PoolFigures> count) {
        registry.gauge(CONNECTIONS, "Connections to the server.", Labels.of("server", server, STATE, state), () -> sum(places, count));
    }

    private static long sum(MemberPlaces<?> places, ToLongFunction<PoolFigures> count) {
        return places.figures().stream().mapToLong(count).sum();
    }

    /** The server has left; a name never comes back. */
    void forget(Member member) {
        MemberHistograms histograms = byMember.remove(member);
        if (histograms != null) {
            histograms.end();
        }
        registry.removeAll(Labels.of("db_system_name", SYSTEM, "server", member.name()));
        for (String name : List.of("db_client_connection_pending_requests", "db_client_connection_max", "banyan_postgres_leases_total", "banyan_postgres_opens_total", "banyan_postgres_open_failures_total",
                "banyan_postgres_wait_seconds")) {
            registry.remove(name, Labels.of("server", member.name()));
        }
        for (String state : List.of("used", "idle", "opening")) {
            registry.remove(CONNECTIONS, Labels.of("server", member.name(), STATE, state));
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
