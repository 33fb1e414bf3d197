package dev.banyan.cli;

import dev.banyan.console.Site.Fact;
import dev.banyan.control.CacheDoor;
import dev.banyan.engines.CachePassword;
import dev.banyan.engines.RedisServers;
import dev.banyan.engines.RunningRedis;
import dev.banyan.engines.StateFolder;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.resp.Layout;
import dev.banyan.resp.Node;
import dev.banyan.resp.NodeLogin;
import dev.banyan.resp.RespRouter;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Topology;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The site's cache as everything else sees it: one router, whatever nodes are behind it and whoever runs them. It is there from the moment that control
 * opens it until control closes it. Safe for any thread.
 */
final class SiteCache implements CacheDoor {
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    private final Topology file;
    private final Surroundings at;
    private final SiteDatabase database;
    private final RedisServers nodes;
    private final Runnable changed;
    private volatile Optional<Running> running = Optional.empty();

    /** What it needs of the site. */
    record Surroundings(StateFolder folder, Loops loops, Clock clock, Registry registry, EventLog log, Consumer<Decision> decisions) {}

    /** What is open. */
    private record Running(RespRouter router, CacheWatch watch, Optional<SslContext> tls, Secret password) {}

    /** @param changed told when it is open, and when it is closed */
    SiteCache(Topology file, Surroundings at, SiteDatabase database, RedisServers nodes, Runnable changed) {
        this.file = file;
        this.at = at;
        this.database = database;
        this.nodes = nodes;
        this.changed = changed;
    }

    @Override
    public synchronized void open(List<String> names) {
        if (running.isPresent()) {
            return;
        }
        Optional<SslContext> tls = file.cache().router().tls().map(own -> CacheTls.of(own, at.folder().path().resolve("certificates"), at.clock().now()));
        Secret password = CachePassword.made(at.folder());
        RespRouter router = RespRouter.of(new RespRouter.Setup(file.cache().router(), Optional.of(password), tls, NodeLogin.of(nodes.password()), at.loops().transport(), at.clock(),
                Loops.random(), at.registry(), at.decisions(), fault -> at.log().error("resp", "a fault in the cache router", "error", fault.toString())));
        router.use(layout(names));
        router.open();
        running = Optional.of(new Running(router, new CacheWatch(nodes, at.registry(), at.loops()), tls, password));
        changed.run();
    }

    private Layout layout(List<String> names) {
        return new Layout.Ring(names.stream().map(name -> new Node(name, running(name).address())).toList());
    }

    private RunningRedis running(String name) {
        return nodes.running(name).orElseThrow(() -> new BanyanException(ErrorCode.ENGINE_FAILED, name + " does not run"));
    }

    @Override
    public void use(List<String> names) {
        running.orElseThrow(() -> new BanyanException(ErrorCode.INTERNAL, "the cache is not open")).router.use(layout(names));
    }

    @Override
    public long drain(Duration atMost) throws InterruptedException {
        return 0;
    }

    @Override
    public synchronized void close() {
        if (running.isEmpty()) {
            return;
        }
        Running was = running.get();
        running = Optional.empty();
        was.router.close();
        was.watch.close();
        was.tls.ifPresent(ReferenceCountUtil::release);
        changed.run();
    }

    /** For the end of the site. */
    void end() {
        close();
    }

    /** What is to be known of it besides its figures. */
    List<Fact> facts() {
        return List.of();
    }

    Optional<RespRouter> router() {
        return running.map(Running::router);
    }

    /** As the application, and whoever else has its password, reaches it; empty while it is not open. */
    Optional<CacheAccess> access() {
        return running.map(open -> new CacheAccess(local(open.router.address()), open.tls.isPresent(), open.password));
    }

    private static HostPort local(HostPort at) {
        return EVERYWHERE.contains(at.host()) ? new HostPort("127.0.0.1", at.port()) : at;
    }

    /** What an application is told of its cache. */
    Map<String, Secret> variables() {
        return access().orElseThrow(() -> new IllegalStateException("the cache is opened before the application is told of it")).variables();
    }
}
