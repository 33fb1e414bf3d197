package dev.banyan.cli;

import dev.banyan.cache.Explained;
import dev.banyan.console.Site.Fact;
import dev.banyan.control.CacheDoor;
import dev.banyan.engines.CachePassword;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.engines.RedisServers;
import dev.banyan.engines.RunningRedis;
import dev.banyan.http.gateway.limits.RedisCounters;
import dev.banyan.net.Loops;
import dev.banyan.resp.AttachedNodes;
import dev.banyan.resp.Layout;
import dev.banyan.resp.Node;
import dev.banyan.resp.NodeLogin;
import dev.banyan.resp.NodeTls;
import dev.banyan.resp.NodesUrl;
import dev.banyan.resp.RespRouter;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Cache;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Topology;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The site's cache as everything else sees it: one router, whatever nodes are behind it and whoever runs them. It is there from the moment that control
 * opens it until control closes it. Safe for any thread.
 */
final class SiteCache implements CacheDoor {
    /** For the journal when the site ends. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    /** What keys without an expiry get where the first in is to go first: a node gives up what expires next. */
    private static final Duration FIRST_IN = Duration.ofDays(30);
    /** Until every loop of the router goes by new nodes. */
    private static final Duration TAKEN_OVER = Duration.ofMillis(200);
    private static final Duration SETTLE = Duration.ofMinutes(1);

    private final Topology file;
    private final Ground at;
    private final SiteDatabase database;
    private final RedisServers nodes;
    private final Runnable changed;
    private final Optional<NodesUrl> url;
    private volatile Optional<Running> running = Optional.empty();

    /** What is open. */
    private record Running(RespRouter router, CacheWatch watch, Optional<AttachedNodes> attached, Optional<SiteStrategies> strategies, Optional<SslContext> tls, Secret password) {}

    /**
     * @param changed told when it is open, and when it is closed
     * @throws BanyanException BAD_SITE_FILE when cache.url is none
     */
    SiteCache(Topology file, Ground at, SiteDatabase database, RedisServers nodes, Runnable changed) {
        this.file = file;
        this.at = at;
        this.database = database;
        this.nodes = nodes;
        this.changed = changed;
        this.url = file.cache().url().map(SiteCache::supported);
    }

    /** @throws BanyanException BAD_SITE_FILE */
    static NodesUrl supported(Secret url) {
        NodesUrl read = NodesUrl.of(url);
        if (read.database() != 0) {
            throw new BanyanException(ErrorCode.BAD_SITE_FILE, "cache.url asks for database " + read.database() + ", and clients choose one themselves, by SELECT: leave it out");
        }
        return read;
    }

    @Override
    public synchronized void open(List<String> names) {
        if (running.isPresent()) {
            return;
        }
        Optional<SslContext> tls = file.cache().router().tls().map(own -> CacheTls.of(own, at.certificates(), at.clock().now()));
        Secret password = CachePassword.made(at.folder());
        RespRouter router = RespRouter.of(new RespRouter.Setup(file.cache().router(), Optional.of(password), tls, login(), at.loops().transport(CachePicture.ROUTER), at.clock(),
                Loops.random(), at.registry(), at.decisions()::announce, fault -> at.log().error("resp", "a fault in the cache router", "error", fault.toString())));
        if (file.cache().eviction() == Cache.Eviction.FIFO && url.isEmpty()) {
            router.expireAfter(FIRST_IN);
        }
        Optional<AttachedNodes> attached = attached(router);
        if (attached.isEmpty()) {
            router.use(layout(names));
        }
        Optional<SiteStrategies> strategies = Optional.empty();
        try {
            strategies = declared(router);
            strategies.ifPresent(declared -> router.declare(declared.keys()));
            router.open();
        } catch (BanyanException e) {
            strategies.ifPresent(SiteStrategies::close);
            attached.ifPresent(AttachedNodes::close);
            router.close();
            throw e;
        }
        running = Optional.of(new Running(router, new CacheWatch(nodes, at.registry(), at.loops()), attached, strategies, tls, password));
        changed.run();
    }

    private NodeLogin login() {
        return url.map(own -> new NodeLogin(own.user(), own.password(), own.tls().map(NodeTls::context))).orElseGet(() -> NodeLogin.of(nodes.password()));
    }

    /** Nodes that someone else runs are followed wherever they go. */
    private Optional<AttachedNodes> attached(RespRouter router) {
        Optional<AttachedNodes> attached = url.map(own -> AttachedNodes.follow(own, login(), at.loops().transport(CachePicture.ROUTER), file.cache().router().timeouts(), at.clock(), at.decisions()::announce, router::use));
        attached.ifPresent(followed -> router.whenRedirected(followed::redirected));
        return attached;
    }

    private Optional<SiteStrategies> declared(RespRouter router) {
        return file.cache().keys().isEmpty() && !SiteJournal.isLeft(at) ? Optional.empty() : Optional.of(SiteStrategies.open(file, at, database, router.store()));
    }

    private Layout layout(List<String> names) {
        return new Layout.Ring(names.stream().map(name -> new Node(name, running(name).address())).toList());
    }

    private RunningRedis running(String name) {
        return nodes.running(name).orElseThrow(() -> new BanyanException(ErrorCode.ENGINE_FAILED, name + " does not run"));
    }

    @Override
    public void use(List<String> names) {
        RespRouter router = running.orElseThrow(() -> new BanyanException(ErrorCode.INTERNAL, "the cache is not open")).router;
        List<String> before = router.nodes().stream().map(Node::name).toList();
        router.use(layout(names));
        if (!before.containsAll(names)) {
            sweep(router, before.stream().filter(names::contains).toList());
        }
    }

    /**
     * What a new node took over is left at those that had it, and would come back, as old as it is then, were the node taken away again. A node that
     * cannot be swept fails the step, which is then undone.
     */
    private void sweep(RespRouter router, List<String> names) {
        try {
            at.clock().sleep(TAKEN_OVER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.INTERNAL, "Banyan is ending: the cache's keys are not swept", e);
        }
        for (String name : names) {
            long gone = running(name).sweep(key -> router.nodeOf(key).filter(node -> !node.name().equals(name)).isPresent());
            at.log().info("cli", "keys that are another node's now were deleted", "node", name, "keys", gone);
        }
    }

    @Override
    public long drain(Duration atMost) {
        return running.flatMap(Running::strategies).map(declared -> declared.drain(atMost)).orElse(0L);
    }

    @Override
    public void close() {
        end(SiteStrategies::leave);
    }

    /** For the end of the site: what is in the journal goes to the database if that takes no time, and all of it comes back at the next start. */
    void end() {
        drain(FAREWELL);
        end(SiteStrategies::close);
    }

    private synchronized void end(Consumer<SiteStrategies> how) {
        if (running.isEmpty()) {
            return;
        }
        Running was = running.get();
        running = Optional.empty();
        was.router.close();
        was.attached.ifPresent(AttachedNodes::close);
        was.watch.close();
        was.strategies.ifPresent(how);
        was.tls.ifPresent(ReferenceCountUtil::release);
        changed.run();
    }

    /**
     * Below stage 5 nothing opens the journal, and a site that was killed at stage 5 may come up there: what it acknowledged goes to the database now.
     * Blocks.
     */
    synchronized void settle() {
        Optional<DatabaseEndpoint> to = database.endpoint();
        if (running.isPresent() || to.isEmpty() || !SiteJournal.isLeft(at)) {
            return;
        }
        SiteJournal journal = SiteJournal.open(at, file.cache(), to.get());
        long left = journal.drain(SETTLE);
        journal.leave(Duration.ZERO);
        String now = left == 0 ? "all of them are there" : left + " are still not; the next start tries again";
        at.announce("take the cache's journal to the database", "the cache was not closed before it was left out, and its journal may hold acknowledged writes", now);
    }

    /** What is to be known of it besides its figures. */
    List<Fact> facts() {
        return running.flatMap(Running::strategies).map(SiteStrategies::facts).orElse(List.of());
    }

    /** What is known of a key of a declared prefix. Blocks. */
    Optional<Explained> explain(String key) {
        return running.flatMap(Running::strategies).flatMap(declared -> declared.explain(key));
    }

    Optional<RespRouter> router() {
        return running.map(Running::router);
    }

    /** As the application, and whoever else has its password, reaches it; empty while it is not open. */
    Optional<CacheAccess> access() {
        return running.map(open -> new CacheAccess(open.router.address().reachedBy("127.0.0.1"), open.tls.isPresent(), open.password));
    }

    /**
     * Where front doors count together: at the first of the site's own nodes; where others run them through the router, which knows how to get in and
     * who has taken whose place. Empty while there is none, and where the router speaks TLS alone.
     */
    Optional<SiteCounters.Node> counters() {
        if (url.isPresent()) {
            return access().filter(router -> !router.tls()).map(router -> new SiteCounters.Node(router.address(), new RedisCounters.Login(Optional.empty(), router.password())));
        }
        return nodes.running().stream().findFirst().map(node -> new SiteCounters.Node(node.address(), new RedisCounters.Login(Optional.empty(), nodes.password())));
    }

    /** What an application is told of its cache. */
    Map<String, Secret> variables() {
        return access().orElseThrow(() -> new IllegalStateException("the cache is opened before the application is told of it")).variables();
    }
}
