package dev.banyan.cli;

import dev.banyan.control.database.DatabaseDoor;
import dev.banyan.control.database.View;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.http.Freshness;
import dev.banyan.postgres.CatalogueWatch;
import dev.banyan.postgres.Cluster;
import dev.banyan.postgres.Login;
import dev.banyan.postgres.Member;
import dev.banyan.postgres.PostgresRouter;
import dev.banyan.postgres.Proof;
import dev.banyan.postgres.StatementStatistics;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.HostPort;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The PostgreSQL router, for control, for the front door, and for the application's environment. Safe for any thread. */
final class SiteRouter implements DatabaseDoor, Freshness {
    /** Of a URL to the servers: what is between the router and them, and means nothing to the router's clients. */
    private static final Set<String> OF_THE_SERVERS = Set.of("sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding", "target_session_attrs", "gssencmode");

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final PostgresRouter router;
    private final DatabaseRouter settings;
    private volatile Optional<CatalogueWatch> watch = Optional.empty();
    private volatile Runnable primaryListener = () -> {};

    SiteRouter(PostgresRouter router, DatabaseRouter settings) {
        this.router = router;
        this.settings = settings;
    }

    /** As whom the router itself asks the servers: as the application. */
    static Login login(DatabaseEndpoint application) {
        return new Login(application.user(), application.database(), 0, Map.of(), new Proof.Password(application.password()));
    }

    @Override
    public void use(View view) {
        use(new Cluster(view.epoch(), view.primary().map(SiteRouter::member), view.replicas().stream().map(SiteRouter::member).toList(), view.held()));
    }

    private static Member member(View.Server server) {
        return new Member(server.name(), server.address());
    }

    void use(Cluster cluster) {
        boolean same = router.cluster().primary().equals(cluster.primary());
        router.use(cluster);
        if (!same) {
            primaryListener.run();
        }
        watch.ifPresent(functions -> functions.ask(cluster.primary()));
    }

    /** The primary is asked for the application's own functions, now and when something was changed through the router. */
    void watched(CatalogueWatch functions) {
        watch = Optional.of(functions);
        router.whenSchemaChanges(functions::look);
        functions.ask(router.cluster().primary());
    }

    /** Told, by any thread, that there is another primary, none, or one again; must not block. */
    void whenPrimaryChanges(Runnable listener) {
        primaryListener = listener;
    }

    @Override
    public Held hold(Duration atMost) throws InterruptedException {
        return new Held(router.hold(atMost));
    }

    @Override
    public void release() {
        router.release();
    }

    @Override
    public long position() {
        return router.splits() ? router.position() : 0;
    }

    @Override
    public void require(long position) {
        router.require(position);
    }

    Cluster cluster() {
        return router.cluster();
    }

    /** What it was asked so far; nothing while its loops are too busy to say. */
    StatementStatistics statements() {
        return router.statements().completeOnTimeout(StatementStatistics.NONE, PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** Where clients on this machine reach it. */
    HostPort address() {
        return router.address().reachedBy("127.0.0.1");
    }

    /** The application's database as the application reaches it. */
    DatabaseEndpoint endpoint(DatabaseEndpoint server) {
        Map<String, String> parameters = new LinkedHashMap<>(server.parameters());
        parameters.keySet().removeAll(OF_THE_SERVERS);
        if (settings.tls().map(DatabaseRouter.Tls::required).orElse(false)) {
            parameters.put("sslmode", "require");
        }
        return new DatabaseEndpoint(address(), server.user(), server.password(), server.database(), parameters);
    }

    /** Stops listening and ends every session. */
    void close() {
        router.close();
    }

    /** The servers that could get a read now, for whoever shows them. */
    List<Member> members() {
        Cluster now = router.cluster();
        return Stream.concat(now.primary().stream(), now.replicas().stream()).toList();
    }
}
