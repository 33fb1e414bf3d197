package dev.banyan.cli;

import dev.banyan.control.database.DatabaseDoor;
import dev.banyan.engines.AttachedDatabase;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.engines.RunningPostgres;
import dev.banyan.net.Identity;
import dev.banyan.net.Loops;
import dev.banyan.postgres.CatalogueWatch;
import dev.banyan.postgres.Cluster;
import dev.banyan.postgres.Member;
import dev.banyan.postgres.PostgresRouter;
import dev.banyan.postgres.RoleWatch;
import dev.banyan.postgres.SlowStatement;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.wire.ClientTls;
import dev.banyan.postgres.wire.ServerCancel;
import dev.banyan.postgres.wire.ServerOpening;
import dev.banyan.postgres.wire.ServerTls;
import dev.banyan.postgres.wire.UsersFile;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.Database;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Topology;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The site's database as everything else sees it: one router, whatever servers are behind it and whoever runs them. Safe for any thread.
 */
final class SiteDatabase implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    /** Until a new connection to a server can be used. */
    private static final Duration OPEN = Duration.ofSeconds(10);

    private final Topology file;
    private final Ground at;
    private final ApplicationLogin login;
    private final ServerTls towardsServers;
    private final ServerOpening opening;
    private final Optional<ClientTls> towardsClients;
    private final Optional<SiteRouter> router;
    private Optional<RoleWatch> roles = Optional.empty();
    private Optional<CatalogueWatch> functions = Optional.empty();
    private volatile Catalogue catalogue = Catalogue.NONE;
    private volatile Cluster followed = new Cluster(0, Optional.empty(), List.of(), false);
    private volatile BooleanSupplier replicated = () -> false;
    private volatile Optional<DatabaseEndpoint> admin = Optional.empty();
    private final AtomicBoolean closed = new AtomicBoolean();

    private SiteDatabase(Topology file, Ground at, Optional<Tracer> tracer) {
        this.file = file;
        this.at = at;
        SecureRandom secrets = Loops.secrets();
        Optional<DatabaseEndpoint> attached = attached().stream().findFirst();
        login = new ApplicationLogin(others(), at.loops().blocking(), secrets);
        attached.ifPresent(login::is);
        towardsServers = attached.map(endpoint -> ServerTls.of(endpoint.parameters())).orElseGet(ServerTls::none);
        towardsClients = settings().tls().map(this::clientTls);
        opening = new ServerOpening(at.loops().transport(DatabaseNodes.ROUTER), towardsServers, CONNECT, OPEN, at.loops().blocking(), secrets);
        router = file.database().kind() == Database.Kind.NONE ? Optional.empty() : Optional.of(new SiteRouter(router(secrets, tracer), settings()));
    }

    /**
     * The router listens when this returns; servers are not there yet.
     *
     * @param tracer records statements that say for what request they are; empty when they are not looked at for that
     * @throws dev.banyan.topology.BanyanException PORT_IN_USE, BAD_SITE_FILE; then nothing stays open
     */
    static SiteDatabase open(Topology file, Ground at, Optional<Tracer> tracer) {
        return new SiteDatabase(file, at, tracer);
    }

    private DatabaseRouter settings() {
        return file.database().router();
    }

    private Map<String, Secret> others() {
        if (settings().usersFile().isEmpty()) {
            return Map.of();
        }
        UsersFile users = UsersFile.read(settings().usersFile().get());
        users.warnings().forEach(warning -> at.log().warn("cli", warning));
        return users.users();
    }

    private PostgresRouter router(SecureRandom secrets, Optional<Tracer> tracer) {
        ServerCancel cancels = new ServerCancel(at.loops().transport(DatabaseNodes.ROUTER), towardsServers, CONNECT);
        String operator = login.endpoint().map(DatabaseEndpoint::user).orElse(file.site().value());
        PostgresRouter made = PostgresRouter.of(new PostgresRouter.Setup(settings(), login, towardsClients, opening, cancels, () -> SiteRouter.login(login.endpoint().orElseThrow()),
                () -> catalogue, at.loops().transport(DatabaseNodes.ROUTER), at.clock(), Loops.random(), secrets, at.registry(), Set.of(operator), SlowStatement.to(at.log()), at.decisions()::announce,
                fault -> at.log().error("postgres", "a fault in the router", "error", fault.toString())));
        tracer.ifPresent(made::tracing);
        return made.open();
    }

    private ClientTls clientTls(DatabaseRouter.Tls tls) {
        Path certificates = at.certificates();
        return ClientTls.of(Identity.of("database.router", tls.certificate(), tls.key(), Optional.of(certificates), at.clock().now()));
    }

    private List<DatabaseEndpoint> attached() {
        return file.database().url().map(AttachedDatabase::endpoints).orElse(List.of());
    }

    /**
     * Follows the roles of servers that someone else runs; does nothing when Banyan runs them.
     *
     * @param replicas whether replicas get reads at the site's stage
     */
    void follow(BooleanSupplier replicas) {
        replicated = replicas;
        if (router.isPresent() && !attached().isEmpty()) {
            List<Member> members = attached().stream().map(endpoint -> new Member(endpoint.address().toString(), endpoint.address())).toList();
            watchFunctions();
            roles = Optional.of(RoleWatch.follow(members, file.database().failover(), at.loops().transport().loops().next(), opening,
                    SiteRouter.login(login.endpoint().orElseThrow()), at.clock(), at.decisions()::announce, this::roles));
        }
    }

    private synchronized void roles(Cluster cluster) {
        followed = cluster;
        boolean reads = replicated.getAsBoolean();
        router.orElseThrow().use(reads ? cluster : new Cluster(cluster.epoch(), cluster.primary(), List.of(), cluster.held()));
    }

    /** The site may be at another stage now. */
    void stageMayHaveChanged() {
        if (roles.isPresent() && followed.primary().isPresent()) {
            roles(followed);
        }
    }

    /** A server of Banyan's own has been started. */
    void started(RunningPostgres server) {
        login.is(server.endpoint());
        admin = Optional.of(server.admin());
        watchFunctions();
    }

    /** From now on it is known which of the application's own functions only read. */
    private synchronized void watchFunctions() {
        if (router.isEmpty() || functions.isPresent() || closed.get()) {
            return;
        }
        Set<String> harmless = settings().reads().functions().stream().map(Object::toString).collect(Collectors.toSet());
        CatalogueWatch watch = CatalogueWatch.of(at.loops().transport().loops().next(), opening, SiteRouter.login(login.endpoint().orElseThrow()), at.clock(),
                known -> catalogue = known.andHarmless(harmless));
        functions = Optional.of(watch);
        router.get().watched(watch);
    }

    /** What is known of the application's own functions. */
    Catalogue catalogue() {
        return catalogue;
    }

    Optional<SiteRouter> router() {
        return router;
    }

    /** Where one of the servers listens that the router uses. */
    Optional<HostPort> address(String server) {
        return router.stream().flatMap(there -> there.members().stream()).filter(member -> member.name().equals(server)).map(Member::address).findFirst();
    }

    /** As control uses it; where there is no router, nobody is told anything. */
    DatabaseDoor door() {
        return router.<DatabaseDoor>map(there -> there).orElseGet(NoRouter::new);
    }

    /** As the application, and whoever else has its password, reaches it; empty without a database and before one was started. */
    Optional<DatabaseEndpoint> endpoint() {
        return router.flatMap(there -> login.endpoint().map(there::endpoint));
    }

    /** The application's database at a server itself, whichever it is, as who may read its log: Banyan's own superuser, or whom database.url names. */
    Optional<DatabaseEndpoint> logReader() {
        return login.endpoint().map(own -> admin.map(as -> new DatabaseEndpoint(own.address(), as.user(), as.password(), own.database(), own.parameters())).orElse(own));
    }

    /** What an application is told of its database; nothing when it needs none. */
    Map<String, Secret> variables() {
        return router.isEmpty() ? Map.of()
                : endpoint().orElseThrow(() -> new IllegalStateException("the database is started before the application")).variables();
    }

    /** Once; asked again it does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        roles.ifPresent(RoleWatch::close);
        synchronized (this) {
            functions.ifPresent(CatalogueWatch::close);
        }
        router.ifPresent(SiteRouter::close);
        towardsClients.ifPresent(ClientTls::close);
        towardsServers.close();
    }
}
