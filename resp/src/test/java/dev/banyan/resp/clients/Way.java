package dev.banyan.resp.clients;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.resp.Layout;
import dev.banyan.resp.Node;
import dev.banyan.resp.NodeLogin;
import dev.banyan.resp.RealCluster;
import dev.banyan.resp.RealRedis;
import dev.banyan.resp.RespRouter;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.CacheRouter;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.file.SiteFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** What a client's commands go through. The scenarios hold for a Redis itself first: what fails there is the scenario's own fault. */
enum Way {
    DIRECT("straight to Redis", 1),
    ONE_NODE("through the router to one node", 1),
    RING("through the router to a ring of three", 3),
    CLUSTER("through the router to a Redis Cluster of three", 3);

    private final String words;
    private final int nodes;

    Way(String words, int nodes) {
        this.words = words;
        this.nodes = nodes;
    }

    @Override
    public String toString() {
        return words;
    }

    /** Those that have all of a Redis: a Cluster has one database and no sharded channels behind the router. */
    static List<Way> whole() {
        return List.of(DIRECT, ONE_NODE, RING);
    }

    /** Whether keys without a common tag may be on different nodes. */
    boolean several() {
        return nodes > 1;
    }

    /** Starts what is needed, with the site file's defaults. */
    Place open() {
        return open("");
    }

    /** @param settings of the site file's cache.router, beyond where it listens: {@code limits: {unread: 64KiB}} */
    Place open(String settings) {
        List<AutoCloseable> open = new ArrayList<>();
        if (this == CLUSTER) {
            RealCluster cluster = RealCluster.start(nodes);
            open.add(cluster);
            return open(settings, cluster.nodes().stream().map(redis -> redis.node("cluster")).toList(), open, router -> router.follow(cluster.url()));
        }
        List<Node> known = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            RealRedis redis = RealRedis.start();
            open.add(redis);
            known.add(redis.node("cache-" + i));
        }
        return open(settings, known, open, router -> router.use(new Layout.Ring(known)));
    }

    private Place open(String settings, List<Node> known, List<AutoCloseable> open, Consumer<RespRouter> attach) {
        BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
        if (this == DIRECT) {
            return new Place(known.getFirst().address(), known, open, faults);
        }
        Loops loops = Loops.open();
        Clock clock = Clock.system();
        RespRouter router = RespRouter.of(new RespRouter.Setup(settings(settings), Optional.empty(), Optional.empty(), NodeLogin.NONE, loops.transport(), clock, Loops.random(),
                new Registry(clock), _ -> {}, faults::add)).open();
        attach.accept(router);
        open.addFirst(loops);
        open.addFirst(router);
        return new Place(router.address(), known, open, faults);
    }

    private static CacheRouter settings(String more) {
        String yaml = """
                site: test
                application: { command: [none] }
                database: { kind: postgresql }
                cache: { kind: redis, router: { listen: '127.0.0.1:0'%s } }
                """.formatted(more.isEmpty() ? "" : ", " + more);
        return SiteFile.read(yaml, _ -> Optional.empty()).orThrow("test").cache().router();
    }

    /**
     * Where clients connect to.
     *
     * @param nodes the servers themselves
     * @param open all that has been started, in the order in which it is ended
     * @param faults of the router's own; there shall be none
     */
    record Place(HostPort at, List<Node> nodes, List<AutoCloseable> open, BlockingQueue<Throwable> faults) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }
}
