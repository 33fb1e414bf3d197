package dev.banyan.resp;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.net.Transport;
import dev.banyan.resp.wire.CommandTable;
import dev.banyan.resp.wire.Reply;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.CacheRouter;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * The cache router: listens like a Redis server, and sends each command to the node that its key belongs to.
 *
 * <p>It takes immutable settings and a {@link Layout} of the nodes from whoever controls the site and never calls back: it keeps serving when
 * control is gone. Safe for any thread.
 */
public final class RespRouter implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final long CLOSE_SECONDS = 2;
    private static final Duration LONGEST_PING = Duration.ofSeconds(1);
    private static final String USUAL_VERSION = "7.0.15";

    private final Setup setup;
    private final Map<EventLoop, RouterLoop> loops = new ConcurrentHashMap<>();
    private final Optional<NearCache> near;
    private final AtomicInteger clients = new AtomicInteger();
    private final AtomicLong ids = new AtomicLong();
    private final NodeWatch health;
    private final Through store = new Through(this);
    private volatile Placement placement = Placement.of(Layout.EMPTY);
    private volatile NodeLogin login;
    private volatile DeclaredKeys declared = DeclaredKeys.NONE;
    private volatile CommandTable commands = CommandTable.builtIn();
    private volatile String version = USUAL_VERSION;
    private volatile Runnable whenRedirected = () -> {};
    private volatile Optional<Attached> attached = Optional.empty();
    private volatile long lifetimeSeconds;
    private volatile boolean closing;
    private Channel listener;

    /**
     * What a router needs.
     *
     * @param password that clients must give, as the default user; none without it
     * @param tls for clients; with it nothing else is listened for
     * @param login as whom the nodes are asked; {@link #use(Layout, NodeLogin)} changes it
     * @param random for choices; not for secrets
     * @param decisions hears what the router does by itself; hands over and returns
     * @param faults hears of faults in the router itself
     */
    public record Setup(
            CacheRouter settings, Optional<Secret> password, Optional<SslContext> tls, NodeLogin login, Transport transport, Clock clock, RandomGenerator random,
            Registry registry, Consumer<Decision> decisions, Consumer<Throwable> faults) {}

    private RespRouter(Setup setup) {
        this.setup = setup;
        this.login = setup.login();
        this.near = Optional.of(NearCache.of(setup.settings().near(), setup.clock())).filter(NearCache::enabled);
        Duration patience = setup.settings().timeouts().answer().compareTo(LONGEST_PING) < 0 ? setup.settings().timeouts().answer() : LONGEST_PING;
        Asking.Way way = new Asking.Way(setup.transport(), setup.transport().loops().next(), login, setup.settings().timeouts().connect(), patience);
        this.health = new NodeWatch(way, setup.clock(), Loops.random(setup.random().nextLong()), setup.decisions(), this::down);
        new RouterMetrics(setup.registry(), this).observe();
    }

    /** A router that does not listen yet and knows no node. */
    public static RespRouter of(Setup setup) {
        return new RespRouter(setup);
    }

    /**
     * Begins to listen.
     *
     * @throws BanyanException PORT_IN_USE
     */
    public synchronized RespRouter open() {
        int unread = (int) setup.settings().limits().unread().bytes();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(setup.transport().loops())
                .channelFactory(setup.transport().listener())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(unread / 2, unread))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        arrived(channel);
                    }
                });
        if (setup.transport().sockets()) {
            bootstrap.option(ChannelOption.SO_BACKLOG, BACKLOG).option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true);
        }
        ChannelFuture bound = bootstrap.bind(setup.transport().address().apply(setup.settings().listen())).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new BanyanException(ErrorCode.PORT_IN_USE, "the cache router cannot listen at " + setup.settings().listen() + " (" + bound.cause().getMessage()
                    + "); end what listens there, or give cache.router.listen another port", bound.cause());
        }
        listener = bound.channel();
        return this;
    }

    private void arrived(Channel channel) {
        if (clients.incrementAndGet() > setup.settings().clients() || closing) {
            clients.decrementAndGet();
            channel.writeAndFlush(channel.alloc().buffer().writeBytes((closing ? "-ERR the cache router is closing\r\n" : "-ERR max number of clients reached\r\n").getBytes()))
                    .addListener(_ -> channel.close());
            return;
        }
        setup.tls().ifPresent(tls -> channel.pipeline().addLast(tls.newHandler(channel.alloc())));
        RouterLoop loop = at(channel.eventLoop());
        ClientSession session = new ClientSession(channel, loop, ids.incrementAndGet());
        loop.arrived(session);
        channel.pipeline().addLast(session);
    }

    private RouterLoop at(EventLoop eventLoop) {
        RouterLoop known = loops.get(eventLoop);
        if (known != null) {
            return known;
        }
        RouterLoop made = loops.computeIfAbsent(eventLoop, at -> new RouterLoop(this, at, Loops.random(setup.random().nextLong())));
        // Nodes that came while it was made were not told to it: it was in nobody's list.
        eventLoop.execute(made::followPlacement);
        return made;
    }

    /** Where it listens. */
    public HostPort address() {
        return listener.localAddress() instanceof InetSocketAddress at ? new HostPort(at.getAddress().getHostAddress(), at.getPort()) : setup.settings().listen();
    }

    /** From now on these are the nodes. */
    public void use(Layout layout) {
        use(layout, login);
    }

    /** From now on these are the nodes, and they are asked as this user. */
    public synchronized void use(Layout layout, NodeLogin as) {
        login = as;
        Placement next = Placement.of(layout);
        placement = next;
        health.use(layout.nodes(), as);
        loops.values().forEach(loop -> loop.eventLoop().execute(loop::followPlacement));
        if (next.size() > 0) {
            learnCommands();
        }
    }

    /**
     * From now on the nodes are those of {@code cache.url}, wherever they go.
     *
     * @throws BanyanException BAD_SITE_FILE when TLS as it asks for it cannot be set up
     */
    public synchronized void follow(NodesUrl url) {
        NodeLogin as = new NodeLogin(url.user(), url.password(), url.tls().map(NodeTls::context));
        AttachedNodes nodes = AttachedNodes.follow(url, as, setup.transport(), setup.settings().timeouts(), setup.clock(), setup.decisions(), layout -> use(layout, as));
        attached = Optional.of(new Attached(nodes, as));
        whenRedirected = nodes::redirected;
    }

    /** Nodes that run already, and as whom they are asked. */
    private record Attached(AttachedNodes nodes, NodeLogin login) {
        void close() {
            nodes.close();
            login.tls().ifPresent(ReferenceCountUtil::release);
        }
    }

    private void down(Node node) {
        attached.ifPresent(those -> those.nodes.lost(node));
    }

    /** The nodes say which commands they have, and which version they are; until then it is a Redis 7.0. */
    private void learnCommands() {
        RouterLoop loop = at(setup.transport().loops().next());
        loop.eventLoop().execute(() -> loop.askAny(new byte[][] {"COMMAND".getBytes()}, reply -> {
            if (reply instanceof Reply.Array) {
                commands = CommandTable.of(reply);
            }
        }));
        loop.eventLoop().execute(() -> loop.askAny(new byte[][] {"INFO".getBytes(), "server".getBytes()}, reply -> version = NodeVersion.of(reply).orElse(version)));
    }

    /** From now on keys of declared prefixes are answered by this. */
    public void declare(DeclaredKeys keys) {
        declared = keys;
    }

    /**
     * From now on keys that are written without an expiry get this one, counted from when they came: a node that gives up what expires next
     * (volatile-ttl) then gives up what came first. Keys of transactions, of blocking commands and of values that are passed on in pieces get none.
     */
    public void expireAfter(Duration lifetime) {
        lifetimeSeconds = lifetime.toSeconds();
    }

    /** 0 for none. */
    long lifetimeSeconds() {
        return lifetimeSeconds;
    }

    /** What hears that a node of a Redis Cluster has sent a command elsewhere: its slots have changed. */
    public void whenRedirected(Runnable listener) {
        whenRedirected = listener;
    }

    /** The nodes, for those who answer declared keys. */
    public Store store() {
        return store;
    }

    /** The nodes that it knows. */
    public List<Node> nodes() {
        return placement.nodes();
    }

    /** Nodes that cannot be reached now. */
    public List<Node> down() {
        return health.down();
    }

    /** The node that has a key; empty when there is none. */
    public Optional<Node> nodeOf(byte[] key) {
        Placement now = placement;
        int node = now.size() == 0 ? -1 : now.nodeOf(key, key.length);
        return node < 0 ? Optional.empty() : Optional.of(now.node(node));
    }

    /** The keys that are read most, the most first, over all loops. */
    public CompletableFuture<List<HotKey>> hotKeys(int most) {
        List<CompletableFuture<List<HotKey>>> each = loops.values().stream().map(loop -> CompletableFuture.supplyAsync(() -> loop.near() == null ? List.<HotKey>of() : loop.near().top(most), loop.eventLoop())).toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenApply(_ -> HotKey.together(each.stream().map(CompletableFuture::join).toList(), most));
    }

    /** What it did so far. Reads counts that loops write; each may be a moment old. */
    public Figures figures() {
        List<LoopFigures> all = loops.values().stream().map(RouterLoop::figures).toList();
        NearCache.Figures copies = near.map(NearCache::figures).orElse(new NearCache.Figures(0, 0, 0, 0, 0));
        return new Figures(clients.get(), sum(all, each -> each.commands), sum(all, each -> each.declared), sum(all, each -> each.nearHits), sum(all, each -> each.failed), sum(all, each -> each.missed),
                copies.entries(), copies.bytes());
    }

    private static long sum(List<LoopFigures> all, ToLongFunction<LoopFigures> one) {
        return all.stream().mapToLong(one).sum();
    }

    /**
     * @param clients connections
     * @param commands of clients that had logged in
     * @param declared of them, those on keys of declared prefixes
     * @param nearHits of them, those answered by a copy of the router's own
     * @param failed answered with an error because a node was down
     * @param missed answered as missing because a node was down
     * @param nearEntries copies kept, and their bytes
     */
    public record Figures(int clients, long commands, long declared, long nearHits, long failed, long missed, long nearEntries, long nearBytes) {}

    // ---- For its parts ----

    CacheRouter settings() {
        return setup.settings();
    }

    Clock clock() {
        return setup.clock();
    }

    Transport transport() {
        return setup.transport();
    }

    ByteBufAllocator alloc() {
        return ByteBufAllocator.DEFAULT;
    }

    Placement placement() {
        return placement;
    }

    NodeLogin login() {
        return login;
    }

    DeclaredKeys declared() {
        return declared;
    }

    CommandTable commands() {
        return commands;
    }

    String version() {
        return version;
    }

    Optional<Secret> password() {
        return setup.password();
    }

    Optional<NearCache> near() {
        return near;
    }

    /** From how many reads a second on a key is hot on one loop: clients are spread over the loops, and so are their reads. */
    double hotPerLoop() {
        long count = 0;
        for (var _ : setup.transport().loops()) {
            count++;
        }
        return (double) setup.settings().near().hot() / Math.max(1, count);
    }

    boolean missesWhenDown() {
        return setup.settings().whenDown() == CacheRouter.WhenDown.MISS;
    }

    void reached(Node node) {
        health.reached(node);
    }

    boolean isUp(Node node) {
        return health.isUp(node);
    }

    void unreached(Node node, String why) {
        health.unreached(node, why);
    }

    void redirected() {
        whenRedirected.run();
    }

    void clientLeft() {
        clients.decrementAndGet();
    }

    void fault(Throwable cause) {
        setup.faults().accept(cause);
    }

    /** The loop to do something on for someone on no loop. */
    RouterLoop anyLoop() {
        return at(setup.transport().loops().next());
    }

    /** The loop that this thread is, or any. */
    RouterLoop here() {
        for (RouterLoop loop : loops.values()) {
            if (loop.eventLoop().inEventLoop()) {
                return loop;
            }
        }
        return anyLoop();
    }

    CompletableFuture<List<String>> clientLines() {
        List<CompletableFuture<List<String>>> each = loops.values().stream()
                .map(loop -> CompletableFuture.supplyAsync(() -> loop.sessions().stream().map(ClientLine::of).toList(), loop.eventLoop())).toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenApply(_ -> each.stream().flatMap(one -> one.join().stream()).toList());
    }

    /** Answers that nodes still owe, over all loops. */
    CompletableFuture<Integer> owed() {
        List<CompletableFuture<Integer>> each = loops.values().stream().map(loop -> CompletableFuture.supplyAsync(loop::owed, loop.eventLoop())).toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenApply(_ -> each.stream().mapToInt(CompletableFuture::join).sum());
    }

    /** Does something to a client, on its loop; gives whether that was done. */
    CompletableFuture<Boolean> withClient(long id, Predicate<ClientSession> task) {
        List<CompletableFuture<Boolean>> each = loops.values().stream()
                .map(loop -> CompletableFuture.supplyAsync(() -> loop.sessions().stream().anyMatch(session -> session.state().id() == id && task.test(session)), loop.eventLoop())).toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenApply(_ -> each.stream().anyMatch(CompletableFuture::join));
    }

    /** Stops listening, and ends all sessions and connections. Blocks for some seconds at most. */
    @Override
    public void close() {
        closing = true;
        health.close();
        if (listener != null) {
            listener.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        CountDownLatch ended = new CountDownLatch(loops.size());
        List.copyOf(loops.values()).forEach(loop -> loop.eventLoop().execute(() -> {
            loop.close("the cache router is closing");
            ended.countDown();
        }));
        try {
            ended.await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        attached.ifPresent(Attached::close);
    }
}
