package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.wire.Opened;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.postgres.wire.ServerWelcome;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.DatabaseRouter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The part of the router that lives on one IO loop: its sessions, its pools, what it has read of statements. Owned by that loop. */
final class RouterLoop {
    private static final int MOST_REPORTED = 1_000;
    /** Kinds of statements that are remembered. */
    private static final int READINGS = 5_000;

    private final PostgresRouter router;
    private final EventLoop eventLoop;
    private final Dialect watched;
    private final Dialect others;
    private final Clock clock;
    private final Set<ClientSession> sessions = new HashSet<>();
    private final Set<Channel> operators = new HashSet<>();
    private final Map<PoolKey, Map<Member, ServerPool<ServerConnection>>> pools = new HashMap<>();
    private final Map<PoolKey, Login> logins = new HashMap<>();
    private final Map<Reported, Map<String, String>> reported = new LinkedHashMap<>();
    private final Map<PoolKey, String> isolation = new HashMap<>();
    private final ArrayDeque<Waiting> withoutPrimary = new ArrayDeque<>();
    private final LoopFigures figures;
    private final RandomGenerator random;

    RouterLoop(PostgresRouter router, EventLoop eventLoop, Supplier<Catalogue> catalogue, long seed, Clock clock) {
        this.router = router;
        this.eventLoop = eventLoop;
        this.watched = Dialect.of(catalogue, READINGS, seed);
        this.others = Dialect.of(() -> Catalogue.NONE, READINGS / 10, seed);
        this.clock = clock;
        this.random = new SplittableRandom(seed ^ System.identityHashCode(eventLoop));
        this.figures = new LoopFigures(router.metrics(), this);
    }

    private record Reported(PoolKey login, SessionSettings settings) {}

    private record Waiting(ClientSession session, long sinceNanos) {}

    EventLoop eventLoop() {
        return eventLoop;
    }

    DatabaseRouter settings() {
        return router.settings();
    }

    /** How the statements of that login's database are read. */
    Dialect dialect(Login login) {
        return router.isWatched(login.database()) ? watched : others;
    }

    /** A statement's text without its literals; empty when it was read too long ago. */
    String text(Statement statement) {
        return statement.fingerprint() == 0
                ? "(" + statement.whyNot() + ")"
                : watched.reader().normalised(statement).or(() -> others.reader().normalised(statement)).orElse("");
    }

    Members members() {
        return router.members();
    }

    LoopFigures figures() {
        return figures;
    }

    Set<ClientSession> sessions() {
        return sessions;
    }

    /** Null while no statement is recorded. */
    Tracer tracer() {
        return router.tracer();
    }

    /** For the ids of spans. */
    RandomGenerator random() {
        return random;
    }

    long nanos() {
        return clock.nanos();
    }

    /** This loop's pools. */
    List<ServerPool<ServerConnection>> pools() {
        return pools.values().stream().flatMap(byMember -> byMember.values().stream()).toList();
    }

    /** Somebody may ask what the router knows of itself. */
    void operatorArrived(Channel channel, Login login, CancelKey key, ByteBuf rest) {
        AdminSession session = new AdminSession(channel, router.desk());
        operators.add(channel);
        channel.closeFuture().addListener(_ -> {
            operators.remove(channel);
            router.clientLeft();
        });
        channel.pipeline().addLast(session);
        channel.config().setAutoRead(true);
        String version = reported.values().stream().map(each -> each.get("server_version")).filter(Objects::nonNull).findFirst().orElse("17.0");
        session.begin(AdminSession.parameters(version, login), key.processId(), key.secret(), rest);
    }

    /** A client has been let in. */
    void arrived(Channel channel, Login login, CancelKey key, ByteBuf rest) {
        logins.put(new PoolKey(login.user(), login.database()), login);
        ClientSession session = new ClientSession(channel, login, this, key);
        sessions.add(session);
        router.cancels().put(key, session, this);
        channel.pipeline().addLast(session);
        channel.config().setAutoRead(true);
        session.startUp.begin(rest);
    }

    /** A session that keeps its server connection has that one's process id: what the server shows and takes by it is the session's. */
    CancelKey rename(ClientSession session, CancelKey key, int processId) {
        router.cancels().remove(key);
        CancelKey renamed = new CancelKey(processId, key.secret());
        router.cancels().put(renamed, session, this);
        return renamed;
    }

    void left(ClientSession session, CancelKey key) {
        sessions.remove(session);
        router.cancels().remove(key);
        router.clientLeft();
    }

    // ---- What servers report of a session's settings ----

    /** What a client with these settings is told when it connects; null when nobody knows yet. */
    Map<String, String> reported(Login login, SessionSettings settings) {
        return reported.get(new Reported(new PoolKey(login.user(), login.database()), settings));
    }

    Map<String, String> remember(Login login, SessionSettings settings, Map<String, String> parameters) {
        if (reported.size() >= MOST_REPORTED) {
            reported.remove(reported.keySet().iterator().next());
        }
        Map<String, String> copy = Map.copyOf(parameters);
        reported.put(new Reported(new PoolKey(login.user(), login.database()), settings), copy);
        return copy;
    }

    // ---- Servers ----

    /** Reads may go to replicas now. */
    boolean splits() {
        return router.splits();
    }

    boolean sessionMode() {
        return router.settings().mode() == DatabaseRouter.Mode.SESSION;
    }

    /** Where what writes goes; empty when there is no primary or a switchover holds it. */
    Optional<Member> primary() {
        Cluster cluster = router.members().cluster();
        return cluster.held() ? Optional.empty() : cluster.primary();
    }

    ServerPool<ServerConnection> pool(Login login, Member member) {
        PoolKey key = new PoolKey(login.user(), login.database());
        return pools.computeIfAbsent(key, _ -> new HashMap<>()).computeIfAbsent(member, _ -> newPool(key, member));
    }

    private ServerPool<ServerConnection> newPool(PoolKey key, Member member) {
        Places<ServerConnection> places = router.places(member).of(key);
        Opening opening = new Opening(key, member);
        ServerPool<ServerConnection> pool = new ServerPool<>(places, eventLoop, opening, clock);
        opening.pool = pool;
        return pool;
    }

    /** Opens connections for one pool. */
    private final class Opening implements ServerPool.Opener<ServerConnection> {
        private final PoolKey key;
        private final Member member;
        private ServerPool<ServerConnection> pool;

        Opening(PoolKey key, Member member) {
            this.key = key;
            this.member = member;
        }

        @Override
        public void open(EventLoop loop, Consumer<ServerConnection> opened, Consumer<PostgresError> failed) {
            router.opening().open(loop, member, logins.get(key), Map.of(), new Opened() {
                @Override
                public void opened(Channel channel, ServerWelcome welcome) {
                    ServerConnection connection = new ServerConnection(channel, member, welcome, pool, settings().preparedStatements(), generations(), router::exception, clock);
                    channel.pipeline().addLast(connection);
                    channel.config().setAutoRead(true);
                    askDefaults(key, connection, opened, failed);
                }

                @Override
                public void failed(PostgresError why, boolean reachable) {
                    failed.accept(why);
                }
            });
        }
    }

    /** Opens a connection for one session alone, with start-up parameters of its own. */
    void openAlone(ClientSession session, Map<String, String> parameters) {
        Optional<Member> primary = primary();
        if (primary.isEmpty()) {
            session.fatal(PostgresError.fatal("57P03", "there is no primary now"));
            return;
        }
        router.opening().open(eventLoop, primary.get(), session.login, parameters, new Opened() {
            @Override
            public void opened(Channel channel, ServerWelcome welcome) {
                ServerConnection connection = new ServerConnection(channel, primary.get(), welcome, null, settings().preparedStatements(), generations(), router::exception, clock);
                channel.pipeline().addLast(connection);
                channel.config().setAutoRead(true);
                session.startUp.grantedAlone(connection);
            }

            @Override
            public void failed(PostgresError why, boolean reachable) {
                session.fatal(PostgresError.fatal(why.state(), why.message()));
            }
        });
    }

    /** A connection is of use once it is known at which level its transactions begin: that is not reported. */
    private void askDefaults(PoolKey key, ServerConnection connection, Consumer<ServerConnection> opened, Consumer<PostgresError> failed) {
        connection.whenLost(() -> failed.accept(PostgresError.error("08006", "server " + connection.member().name() + " closed the connection while it was being prepared")));
        connection.ask("SHOW default_transaction_isolation", why -> {
            connection.whenLost(null);
            isolation.put(key, why == null ? connection.answer() : "");
            opened.accept(connection);
        });
        connection.flush();
    }

    /** Whether transactions of that login that ask for no level, and whose session set none, are READ COMMITTED. */
    boolean readCommitted(Login login) {
        return "read committed".equals(isolation.get(new PoolKey(login.user(), login.database())));
    }

    Generations generations() {
        return router.generations();
    }

    /** The session is told once there is a primary, or that there was none in time. */
    void awaitPrimary(ClientSession session) {
        withoutPrimary.add(new Waiting(session, clock.nanos()));
        long patience = settings().pool().patience().toNanos();
        eventLoop.schedule(this::expire, patience + 1_000_000, TimeUnit.NANOSECONDS);
    }

    private void expire() {
        long patience = settings().pool().patience().toNanos();
        while (!withoutPrimary.isEmpty() && clock.nanos() - withoutPrimary.peek().sinceNanos() >= patience) {
            ClientSession session = withoutPrimary.poll().session();
            if (session.checkout.awaitsPrimary()) {
                session.checkout.refused(new PostgresError(PostgresError.Severity.ERROR, "57P03",
                        "there has been no primary for " + settings().pool().patience().toMillis() + " ms (" + withoutPrimary.size() + " more wait)",
                        "", "Try again; database.router.pool.patience says how long a statement waits."));
            }
        }
    }

    /** The members have changed: closes what leads to those that left, and lets those go on who waited. */
    void clusterChanged(Set<Member> gone, boolean primaryChanged, Optional<Member> formerPrimary) {
        for (Map<Member, ServerPool<ServerConnection>> byMember : pools.values()) {
            byMember.keySet().removeAll(gone);
        }
        if (primaryChanged && formerPrimary.isPresent()) {
            Member former = formerPrimary.get();
            for (ClientSession session : List.copyOf(sessions)) {
                if (session.lease.server() != null && session.lease.server().member().equals(former)) {
                    session.lease.server().abandon();
                }
            }
        }
        formerPrimary.filter(former -> !primary().equals(Optional.of(former))).ifPresent(this::sendOn);
        List<Waiting> waiting = new ArrayList<>(withoutPrimary);
        withoutPrimary.clear();
        waiting.forEach(one -> one.session().checkout.primaryIsThere());
    }

    /** Who waits for a connection to a primary that is one no more, or takes no new transactions, waits for the next one instead. */
    private void sendOn(Member former) {
        PostgresError why = PostgresError.error("57P03", "server " + former.name() + " takes no new transactions");
        for (Map<Member, ServerPool<ServerConnection>> byMember : List.copyOf(pools.values())) {
            ServerPool<ServerConnection> pool = byMember.get(former);
            if (pool != null) {
                pool.sendOn(why);
            }
        }
    }

    /** A replica does not answer: what its sessions have asked there and seen nothing of is asked again. */
    void askElsewhere(Member replica) {
        for (ClientSession session : List.copyOf(sessions)) {
            if (session.lease.server() != null && session.lease.server().member().equals(replica) && session.repeats.mayAskElsewhere()) {
                session.lease.server().abandon();
            }
        }
    }

    /** Sessions that are in the middle of a transaction or statement at that member. */
    int busyAt(Member member) {
        return (int) sessions.stream().filter(session -> session.lease.isBusy() && session.lease.server().member().equals(member)).count();
    }

    /** Asks the server to end what runs on a connection. */
    void cancel(ServerConnection connection, Runnable done) {
        connection.cancelBegun();
        router.cancelAt(connection, eventLoop, () -> {
            connection.cancelArrived();
            done.run();
        });
    }

    void exception(Throwable cause) {
        router.exception(cause);
    }

    /** Ends every session. */
    void close(PostgresError why) {
        List.copyOf(sessions).forEach(session -> session.fatal(why));
        List.copyOf(operators).forEach(Channel::close);
    }
}
