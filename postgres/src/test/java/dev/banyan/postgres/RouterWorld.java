package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Loops;
import dev.banyan.net.Transport;
import dev.banyan.postgres.wire.ServerCancel;
import dev.banyan.postgres.wire.ServerOpening;
import dev.banyan.postgres.wire.ServerTls;
import dev.banyan.postgres.wire.Users;
import dev.banyan.postgres.wire.Verifier;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.Decision;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.resolver.NoopAddressResolverGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The production router between {@link FakeClient}s and {@link FakePostgres} servers: one thread, channels in memory, virtual time. When it
 * closes, no fault of the router's was heard, every server connection has been given back, and no buffer is left.
 */
final class RouterWorld implements AutoCloseable {
    static final String PASSWORD = "secret";
    private static final AtomicInteger WORLDS = new AtomicInteger();
    private static final long TICK = 2_000_000;

    final VirtualTime time = new VirtualTime();
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    final List<Throwable> faults = new ArrayList<>();
    final List<Decision> decisions = new ArrayList<>();
    final Map<String, FakePostgres> servers = new LinkedHashMap<>();
    final PostgresRouter router;
    private final ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(), LocalIoHandler.newFactory(), time.ticker());
    private final String name = "router-world-" + WORLDS.incrementAndGet();
    private final Transport transport = new Transport(loop, this::door, this::connection, NoopAddressResolverGroup.INSTANCE, at -> new LocalAddress(name + "/" + at), false);
    private final HostPort address;
    private long epoch = 1;
    /** Clients are gone, which is noticed by whoever writes to them. */
    boolean reset;

    private RouterWorld(DatabaseRouter settings) {
        address = settings.listen();
        SecureRandom secrets = Loops.secrets();
        ServerOpening opening = new ServerOpening(transport, ServerTls.none(), Duration.ofSeconds(1), Duration.ofSeconds(2), Runnable::run, secrets);
        ServerCancel cancel = new ServerCancel(transport, ServerTls.none(), Duration.ofSeconds(2));
        Users users = (user, _, found) -> found.accept(new Users.Found.Known(verifier(user)));
        Login monitor = new Login("banyan", "photos", 0, Map.of(), new Proof.Password(new Secret(PASSWORD)));
        router = PostgresRouter.of(new PostgresRouter.Setup(settings, users, Optional.empty(), opening, cancel, () -> monitor, () -> Catalogue.NONE, transport, time, Loops.random(1),
                secrets, new Registry(time), Set.of(), _ -> { }, decisions::add, faults::add));
        meanwhile(router::open);
    }

    /** A primary db-1 and that many replicas behind it, all of them fit. */
    static RouterWorld of(int replicas) {
        return of(Routers.defaults(), replicas);
    }

    static RouterWorld of(DatabaseRouter settings, int replicas) {
        RouterWorld world = new RouterWorld(settings);
        for (int i = 1; i <= replicas + 1; i++) {
            world.server("db-" + i);
        }
        world.use("db-1");
        if (replicas > 0) {
            world.pass(Duration.ofMillis(700));
        }
        return world;
    }

    private static Verifier verifier(String user) {
        return new Verifier.Md5(new Secret("md5" + Md5.hex((PASSWORD + user).getBytes(StandardCharsets.UTF_8))));
    }

    /** Where clients come in; what is sent to them fails once they are {@link #reset}. */
    private LocalServerChannel door() {
        return new LocalServerChannel() {
            @Override
            protected LocalChannel newLocalChannel(LocalChannel peer) {
                LocalChannel accepted = new LocalChannel(this, peer) {
                    @Override
                    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
                        if (reset) {
                            throw new IOException("Connection reset by peer");
                        }
                        super.doWrite(out);
                    }
                };
                accepted.config().setAllocator(allocator);
                return accepted;
            }
        };
    }

    private LocalServerChannel listener() {
        return new LocalServerChannel() {
            @Override
            protected LocalChannel newLocalChannel(LocalChannel peer) {
                LocalChannel accepted = super.newLocalChannel(peer);
                accepted.config().setAllocator(allocator);
                return accepted;
            }
        };
    }

    private LocalChannel connection() {
        LocalChannel channel = new LocalChannel();
        channel.config().setAllocator(allocator);
        return channel;
    }

    /** A server that is new to the world. */
    FakePostgres server(String called) {
        FakePostgres server = new FakePostgres(this, new Member(called, new HostPort("127.0.0.1", 5400 + servers.size())));
        servers.put(called, server);
        return server;
    }

    FakePostgres primary() {
        return servers.values().stream().filter(server -> !server.replica).findFirst().orElseThrow();
    }

    Channel listen(HostPort at, ChannelInitializer<Channel> children) {
        return new ServerBootstrap().group(loop).channelFactory(this::listener).childHandler(children).bind(transport.address().apply(at)).channel();
    }

    /** That server is the primary from now on, and all others are its replicas. */
    void use(String primary) {
        servers.values().forEach(server -> server.replica = !server.member.name().equals(primary));
        tell(epoch++, Optional.of(primary), false);
    }

    /** The same servers in the same roles; new transactions wait. */
    void hold(boolean held) {
        tell(router.cluster().epoch(), Optional.of(primary().member.name()), held);
    }

    void useNoPrimary() {
        tell(router.cluster().epoch(), Optional.empty(), false);
    }

    private void tell(long number, Optional<String> primary, boolean held) {
        List<Member> replicas = servers.values().stream().filter(server -> server.replica && !server.gone).map(server -> server.member).toList();
        router.use(new Cluster(number, primary.map(called -> servers.get(called).member), replicas, held));
        settle();
    }

    /** A client that has not said anything. */
    FakeClient dial() {
        Channel channel = new Bootstrap().group(loop).channelFactory(this::connection).handler(new ChannelInboundHandlerAdapter()).connect(transport.address().apply(address)).channel();
        FakeClient client = new FakeClient(this, channel);
        settle();
        return client;
    }

    /** One that is logged in. */
    FakeClient client(String... parameters) {
        return dial().login("ann", 0, parameters).welcomed();
    }

    void cancel(FakeClient client) {
        dial().send(Sent.int32(12 + client.key().length), Sent.int32(1234 << 16 | 5678), Sent.int32(client.processId()), client.key());
    }

    ByteBuf buffer(byte[] bytes) {
        return allocator.directBuffer(bytes.length).writeBytes(bytes);
    }

    /** Connections to that server that a session has. */
    int busy(String server) {
        settle();
        return router.places(servers.get(server).member).figures().stream().mapToInt(PoolFigures::busy).sum();
    }

    int open(String server) {
        settle();
        return router.places(servers.get(server).member).figures().stream().mapToInt(PoolFigures::open).sum();
    }

    void execute(Runnable task) {
        loop.execute(task);
    }

    /** Until nothing is left to do now. */
    void settle() {
        for (int quiet = 0; quiet < 2; ) {
            quiet = loop.runNow() == 0 ? quiet + 1 : 0;
        }
    }

    void pass(Duration duration) {
        long until = time.nanos() + duration.toNanos();
        settle();
        while (time.nanos() < until) {
            time.advance(Math.min(TICK, until - time.nanos()));
            settle();
        }
    }

    /** Does on another thread what waits for the loop, while the loop runs. */
    private void meanwhile(Runnable work) {
        CompletableFuture<Void> done = CompletableFuture.runAsync(work);
        while (!done.isDone()) {
            loop.runNow();
        }
        done.join();
        settle();
    }

    @Override
    public void close() {
        meanwhile(router::close);
        servers.values().forEach(FakePostgres::stop);
        settle();
        time.advance(Duration.ofSeconds(3).toNanos()); // cancel requests that wait for an answer
        settle();
        loop.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);
        while (!loop.isTerminated()) {
            time.advance(TICK);
            loop.runNow();
        }
        assertThat(faults).as("faults of the router's").isEmpty();
        for (FakePostgres server : servers.values()) {
            assertThat(router.places(server.member).figures()).as("connections to " + server.member).allMatch(pool -> pool.open() == 0 && pool.busy() == 0 && pool.waiting() == 0);
        }
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory()).as("bytes of buffers that nobody released").isZero();
    }
}
