package dev.banyan.resp;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.net.Transport;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.CacheRouter;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Secret;
import dev.banyan.topology.file.SiteFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A router before real nodes, for a test. */
final class RouterWithNodes implements AutoCloseable {
    private final List<RealRedis> nodes = new ArrayList<>();
    private final List<Talk> talks = new ArrayList<>();
    private final Loops loops;
    private final RespRouter router;
    final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    final Queue<Decision> decisions = new ConcurrentLinkedQueue<>();

    private RouterWithNodes(int count, String settings, Optional<Secret> password) {
        this(count, settings, password, Loops.open(), transport -> transport);
    }

    private RouterWithNodes(int count, String settings, Optional<Secret> password, Loops loops, UnaryOperator<Transport> sockets) {
        this.loops = loops;
        IntStream.range(0, count).forEach(_ -> nodes.add(RealRedis.start()));
        Clock clock = Clock.system();
        router = RespRouter.of(new RespRouter.Setup(settings(settings), password, Optional.empty(), NodeLogin.NONE, sockets.apply(loops.transport()), clock, Loops.random(1), new Registry(clock),
                decisions::add, faults::add)).open();
        router.use(new Layout.Ring(nodes()));
    }

    static RouterWithNodes of(int nodes) {
        return new RouterWithNodes(nodes, "", Optional.empty());
    }

    /** @param settings more of {@code cache.router}: {@code timeouts: {answer: 1s}} */
    static RouterWithNodes of(int nodes, String settings) {
        return new RouterWithNodes(nodes, ", " + settings, Optional.empty());
    }

    /** On one loop of the JDK's sockets, of which a test may make its own. */
    static RouterWithNodes onOneLoop(int nodes, String settings, UnaryOperator<Transport> sockets) {
        return new RouterWithNodes(nodes, ", " + settings, Optional.empty(), Loops.open(IoKind.NIO, 1), sockets);
    }

    static RouterWithNodes withPassword(String password) {
        return new RouterWithNodes(1, "", Optional.of(new Secret(password)));
    }

    private static CacheRouter settings(String more) {
        return SiteFile.read("{site: a, application: {command: x}, cache: {kind: redis, router: {listen: '127.0.0.1:0'" + more + "}}}", _ -> Optional.empty()).orThrow("test").cache().router();
    }

    RespRouter router() {
        return router;
    }

    RealRedis redis(int node) {
        return nodes.get(node);
    }

    /** Another node, which the router does not know yet. */
    RealRedis another() {
        RealRedis more = RealRedis.start();
        nodes.add(more);
        return more;
    }

    /** A node that was killed is started again where it was, empty. */
    void restart(int node) {
        nodes.set(node, RealRedis.startAt(nodes.get(node).at().port()));
    }

    List<Node> nodes() {
        return IntStream.range(0, nodes.size()).mapToObj(i -> nodes.get(i).node("cache-" + (i + 1))).collect(Collectors.toList());
    }

    /** The index of the node that a key is at. */
    int nodeOf(String key) {
        return Placement.of(new Layout.Ring(nodes())).nodeOf(key.getBytes(), key.length());
    }

    /** A key that begins so and lies at that node. */
    String keyAt(int node, String beginning) {
        return IntStream.iterate(0, i -> i + 1).mapToObj(i -> beginning + i).filter(key -> nodeOf(key) == node).findFirst().orElseThrow();
    }

    Talk client() {
        Talk talk = Talk.to(router.address());
        talks.add(talk);
        return talk;
    }

    /** Past the router. */
    Talk at(int node) {
        Talk talk = Talk.to(nodes.get(node).at());
        talks.add(talk);
        return talk;
    }

    @Override
    public void close() {
        talks.forEach(Talk::close);
        router.close();
        loops.close();
        nodes.forEach(RealRedis::close);
    }
}
