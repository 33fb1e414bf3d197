package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.net.Transport;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.wire.Arrivals;
import dev.banyan.postgres.wire.ClientGreeting;
import dev.banyan.postgres.wire.ClientTls;
import dev.banyan.postgres.wire.Greetings;
import dev.banyan.postgres.wire.PostgresError;
import dev.banyan.postgres.wire.ServerCancel;
import dev.banyan.postgres.wire.ServerOpening;
import dev.banyan.postgres.wire.Strangers;
import dev.banyan.postgres.wire.Users;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The PostgreSQL router: listens like a server, and sends each piece of a client's session to the server it belongs to.
 *
 * <p>It takes immutable settings and a {@link Cluster} from whoever controls the site and never calls back: it keeps serving when control is
 * gone. Safe for any thread.
 */
public final class PostgresRouter implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(2);
    private static final long CLOSE_SECONDS = 2;
    private static final int BACKLOG = 4096;

    private final Setup setup;
    private final Members members;
    private final long seed;
    private final Cancels cancels;
    private final Generations generations;
    private final RouterMetrics metrics;
    private final RouterDesk desk = new RouterDesk(this);
    private final Map<EventLoop, RouterLoop> loops = new ConcurrentHashMap<>();
    private final Map<Member, MemberPlaces<ServerConnection>> places = new LinkedHashMap<>();
    private final AtomicInteger clients = new AtomicInteger();
    private final Greetings greetings;
    private volatile DatabaseRouter settings;
    private volatile Tracer tracer;
    private volatile boolean splits;
    private volatile boolean closing;
    private Channel listener;

    /**
     * What a router needs.
     *
     * @param users who may log in
     * @param tls for clients that ask for it
     * @param servers opens connections to the members
     * @param cancels takes cancel requests to them
     * @param monitor as whom the members are asked how far they are; it may be the application's own user. Asked
     *     when there are members, so that a router listens before its servers, and the passwords they are made with, are there
     * @param catalogue what is known of the functions of the monitor's database; the newest snapshot, asked once a statement
     * @param random for choices; not for secrets
     * @param secrets for salts, nonces and cancel keys
     * @param operators users that may ask the virtual database {@code banyan}: the application's
     * @param slow hears of statements that took longer than {@code database.router.slow}, on the loop; hands over and returns
     * @param decisions hears what the router does by itself; hands over and returns
     * @param faults hears of faults in the router itself
     */
    public record Setup(
            DatabaseRouter settings, Users users, Optional<ClientTls> tls, ServerOpening servers, ServerCancel cancels, Supplier<Login> monitor,
            Supplier<Catalogue> catalogue, Transport transport, Clock clock, RandomGenerator random, SecureRandom secrets, Registry registry,
            Set<String> operators, Consumer<SlowStatement> slow, Consumer<Decision> decisions, Consumer<Throwable> faults) {
        public Setup {
            operators = Set.copyOf(operators);
        }
    }

    private PostgresRouter(Setup setup) {
        this.setup = setup;
        this.settings = setup.settings();
        this.generations = new Generations(setup.users());
        this.seed = setup.secrets().nextLong();
        this.cancels = new Cancels(setup.secrets());
        this.metrics = new RouterMetrics(setup.registry(), setup.slow());
        metrics.use(settings);
        metrics.observe(clients::get, () -> loops.values().stream().map(RouterLoop::figures).toList());
        this.members = new Members(settings, setup.transport().loops().next(), new Monitors(setup.servers(), setup.monitor()), setup.clock(), setup.random(), Optional.of(setup.registry()),
                setup.decisions());
        members.whenSilent(replica -> loops.values().forEach(loop -> loop.eventLoop().execute(() -> loop.askElsewhere(replica))));
        boolean tlsRequired = settings.tls().map(DatabaseRouter.Tls::required).orElse(false);
        this.greetings = new Greetings(setup.users(), Strangers.of(setup.secrets()), setup.tls(), tlsRequired, new Guests(), Greetings.USUAL_LIMIT, setup.secrets());
    }

    /** A router that does not listen yet and knows no server. */
    public static PostgresRouter of(Setup setup) {
        return new PostgresRouter(setup);
    }

    /**
     * Begins to listen.
     *
     * @throws BanyanException PORT_IN_USE
     */
    public synchronized PostgresRouter open() {
        Transport transport = setup.transport();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.loops())
                .channelFactory(transport.listener())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ClientGreeting(greetings));
                    }
                });
        if (transport.sockets()) {
            bootstrap.option(ChannelOption.SO_BACKLOG, BACKLOG).option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        ChannelFuture bound = bootstrap.bind(transport.address().apply(settings.listen())).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new BanyanException(ErrorCode.PORT_IN_USE, "the PostgreSQL router cannot listen at " + settings.listen() + " (" + bound.cause().getMessage()
                    + "); end what listens there, or give database.router.listen another port", bound.cause());
        }
        listener = bound.channel();
        return this;
    }

    /** Where it listens. */
    public HostPort address() {
        return listener.localAddress() instanceof InetSocketAddress at ? new HostPort(at.getAddress().getHostAddress(), at.getPort()) : settings.listen();
    }

    /** From now on these are the servers, in these roles. */
    public synchronized void use(Cluster cluster) {
        Cluster before = members.cluster();
        Set<Member> gone = new HashSet<>(all(before));
        all(cluster).forEach(gone::remove);
        boolean primaryChanged = before.epoch() != cluster.epoch() || !before.primary().equals(cluster.primary());
        // On before there are replicas, off after they are gone: whatever commits while they are there asks for its position.
        splits |= splits(cluster);
        members.use(cluster);
        splits = splits(cluster);
        PostgresError why = PostgresError.error("57P01", "the server has left the cluster");
        for (Member member : gone) {
            MemberPlaces<ServerConnection> left = places.remove(member);
            if (left != null) {
                left.close(why);
                metrics.forget(member);
            }
        }
        loops.values().forEach(loop -> loop.eventLoop().execute(() -> loop.clusterChanged(gone, primaryChanged && !before.primary().equals(cluster.primary()), before.primary())));
    }

    private boolean splits(Cluster cluster) {
        return !cluster.replicas().isEmpty() && settings.reads().from() == DatabaseRouter.From.REPLICAS && settings.mode() == DatabaseRouter.Mode.TRANSACTION;
    }

    private static List<Member> all(Cluster cluster) {
        return Stream.concat(cluster.primary().stream(), cluster.replicas().stream()).toList();
    }

    public Cluster cluster() {
        return members.cluster();
    }

    /**
     * Lets no new transaction begin at the primary, and waits for those that are open. Blocks.
     *
     * @return how many sessions were still in one when the time was over; they go on
     */
    public int hold(Duration atMost) throws InterruptedException {
        Cluster now = cluster();
        use(new Cluster(now.epoch(), now.primary(), now.replicas(), true));
        long deadline = setup.clock().nanos() + atMost.toNanos();
        while (true) {
            int busy = now.primary().isEmpty() ? 0 : busyAt(now.primary().get());
            if (busy == 0 || setup.clock().nanos() - deadline >= 0) {
                return busy;
            }
            setup.clock().sleep(LOOK_EVERY);
        }
    }

    /** Lets transactions begin again, where {@link #use} says now. */
    public void release() {
        Cluster now = cluster();
        use(new Cluster(now.epoch(), now.primary(), now.replicas(), false));
    }

    private int busyAt(Member primary) throws InterruptedException {
        AtomicInteger busy = new AtomicInteger();
        CountDownLatch looked = new CountDownLatch(loops.size());
        List.copyOf(loops.values()).forEach(loop -> loop.eventLoop().execute(() -> {
            busy.addAndGet(loop.busyAt(primary));
            looked.countDown();
        }));
        return looked.await(1, TimeUnit.SECONDS) ? busy.get() : Integer.MAX_VALUE;
    }

    /** The highest WAL position that a commit through this router is known to have: what {@link #require} makes visible to all. */
    public long position() {
        return members.position();
    }

    /** From now on no read sees less than what was committed up to this position; at most what the primary is known to have. */
    public void require(long position) {
        members.require(position);
    }

    /** What hears, on any loop, that tables, views or functions were changed through this router. */
    public void whenSchemaChanges(Runnable listener) {
        generations.whenSchemaChanges(listener);
    }

    /** Whether that is the database whose functions are known. */
    boolean isWatched(String database) {
        return setup.monitor().get().database().equals(database);
    }

    /** Whether reads go to replicas now. */
    public boolean splits() {
        return splits;
    }

    DatabaseRouter settings() {
        return settings;
    }

    Members members() {
        return members;
    }

    Generations generations() {
        return generations;
    }

    /** What each kind of statement did since the start, over all loops; those that took the most time first. */
    public CompletableFuture<StatementStatistics> statements() {
        CompletableFuture<StatementStatistics> statistics = new CompletableFuture<>();
        desk.statements(statistics::complete);
        return statistics;
    }

    RouterDesk desk() {
        return desk;
    }

    /** From now on statements are recorded whose text says that their request is. */
    public PostgresRouter tracing(Tracer with) {
        tracer = with;
        return this;
    }

    /** Null while none are. */
    Tracer tracer() {
        return tracer;
    }

    RouterMetrics metrics() {
        return metrics;
    }

    Cancels cancels() {
        return cancels;
    }

    ServerOpening opening() {
        return setup.servers();
    }

    synchronized MemberPlaces<ServerConnection> places(Member member) {
        return places.computeIfAbsent(member, one -> {
            MemberPlaces<ServerConnection> made = new MemberPlaces<>(one, settings.pool(), Loops.random(setup.random().nextLong()));
            metrics.observe(made);
            return made;
        });
    }

    List<RouterLoop> loops() {
        return new ArrayList<>(loops.values());
    }

    void cancelAt(ServerConnection connection, EventLoop loop, Runnable arrived) {
        boolean encrypted = connection.channel().pipeline().get(SslHandler.class) != null;
        setup.cancels().send(loop, connection.member(), connection.welcome(), encrypted, arrived);
    }

    void clientLeft() {
        clients.decrementAndGet();
    }

    /** Clients that are let in. */
    int clients() {
        return clients.get();
    }

    void exception(Throwable cause) {
        setup.faults().accept(cause);
    }

    private RouterLoop at(EventLoop eventLoop) {
        return loops.computeIfAbsent(eventLoop, at -> new RouterLoop(this, at, setup.catalogue(), seed, setup.clock()));
    }

    /** Those whom the greeting has let in. */
    private final class Guests implements Arrivals {
        @Override
        public void arrived(Channel channel, Login login, ByteBuf rest) {
            if (clients.incrementAndGet() > settings.clients() || closing) {
                turnAway(channel, rest, closing
                        ? PostgresError.fatal("57P03", "the router is shutting down")
                        : PostgresError.fatal("53300", "too many clients: " + settings.clients() + " are connected (database.router.clients)"));
                return;
            }
            RouterLoop loop = at(channel.eventLoop());
            if (!login.database().equals(AdminSession.DATABASE)) {
                loop.arrived(channel, login, cancels.next(login.minor()), rest);
            } else if (setup.operators().contains(login.user())) {
                loop.operatorArrived(channel, login, cancels.next(login.minor()), rest);
            } else {
                turnAway(channel, rest, PostgresError.fatal("42501", "user \"" + login.user() + "\" may not ask the router's own database \"" + AdminSession.DATABASE
                        + "\": only the application's user may"));
            }
        }

        private void turnAway(Channel channel, ByteBuf rest, PostgresError why) {
            clients.decrementAndGet();
            rest.release();
            ByteBuf message = channel.alloc().directBuffer(256);
            why.writeTo(message);
            channel.writeAndFlush(message).addListener(_ -> channel.close());
        }

        @Override
        public void cancel(int processId, byte[] key, Runnable done) {
            cancels.cancel(processId, key, done);
        }
    }

    /** Stops listening and ends every session. */
    @Override
    public void close() {
        closing = true;
        if (listener != null) {
            listener.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        PostgresError why = PostgresError.fatal("57P01", "terminating connection: the router is shutting down");
        CountDownLatch ended = new CountDownLatch(loops.size());
        List.copyOf(loops.values()).forEach(loop -> loop.eventLoop().execute(() -> {
            loop.close(why);
            ended.countDown();
        }));
        try {
            ended.await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            places.values().forEach(one -> one.close(why));
        }
        members.close();
    }
}
