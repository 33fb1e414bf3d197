package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.Slots;
import dev.banyan.telemetry.Registry;
import dev.banyan.testing.FreePort;
import dev.banyan.topology.CacheRouter;
import dev.banyan.topology.CacheRouter.Timeouts;
import dev.banyan.topology.Decision;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real Redis Cluster, and a real primary with its replica and three Sentinels: read, moved and failed over. */
@Timeout(180)
class AttachedNodesIT {
    private static final Timeouts TIMEOUTS = new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ZERO);
    private static final String PASSWORD = "s:e/c@r%et";

    private final Loops loops = Loops.open(IoKind.best(), 2);
    private final List<AutoCloseable> running = new ArrayList<>();
    private final List<Decision> decisions = new CopyOnWriteArrayList<>();
    private final List<Layout> layouts = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : running.reversed()) {
            each.close();
        }
        loops.close();
    }

    @Test
    void theSlotsOfARealClusterAreRead_aMovedSlotIsSeen_andAReplicaTakesADeadPrimarysPlace() throws Exception {
        List<RealRedis> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(clusterNode());
        }
        form(nodes);
        AttachedNodes attached = follow(url("redis-cluster", nodes.subList(0, 1), ""));
        Await.until("all slots and the replica are known", () -> !layouts.isEmpty() && covered() == Slots.COUNT && attached.replicas().stream().mapToInt(List::size).sum() == 1);
        // What Redis itself says of some keys.
        for (String key : List.of("foo", "user:1000", "{user:1000}.following", "a{}b", "", "x".repeat(300))) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            assertThat(ask(nodes.get(0), "CLUSTER", "KEYSLOT", key)).isEqualTo(new Reply.Number(Slots.of(bytes, bytes.length)));
            assertThat(ask(nodeOf(nodes, key), "GET", key)).isEqualTo(Reply.NULL);
        }

        // The slot of "foo" moves from the third node to the first.
        int slot = Slots.of("foo".getBytes(StandardCharsets.UTF_8), 3);
        RealRedis from = nodeOf(nodes, "foo");
        RealRedis to = nodes.get(0);
        assertThat(from).isNotSameAs(to);
        ask(from, "SET", "foo", "bar");
        begin(slot, "foo", from, to);
        Redirect sent = Redirect.parse(((Reply.Failure) ask(from, "GET", "foo")).text(), from.at()).orElseThrow();
        assertThat(sent).isEqualTo(new Redirect(Redirect.Kind.ASK, slot, to.at()));
        end(slot, to, nodes);
        sent = Redirect.parse(((Reply.Failure) ask(from, "GET", "foo")).text(), from.at()).orElseThrow();
        assertThat(sent).isEqualTo(new Redirect(Redirect.Kind.MOVED, slot, to.at()));
        attached.redirected();
        Await.until("the slot is known to have moved", () -> nodeOf(nodes, "foo") == to);
        assertThat(decisions.getLast().what()).isEqualTo("follow the slots of the Redis Cluster: 1 moved");

        // The second node dies; its replica, the fourth, is promoted.
        RealRedis dead = nodes.get(1);
        long killed = Clock.system().nanos();
        dead.kill();
        attached.lost(ClusterMap.node(dead.at()));
        Await.until("the replica has taken over", 60, () -> layouts.getLast().nodes().stream().anyMatch(node -> node.address().equals(nodes.get(3).at())));
        System.out.printf("Redis Cluster, cluster-node-timeout 2000: the new owner was known %d ms after its primary was killed%n", (Clock.system().nanos() - killed) / 1_000_000);
        assertThat(layouts.getLast().nodes()).extracting(Node::address).doesNotContain(dead.at());
        assertThat(covered()).isEqualTo(Slots.COUNT);
        decisions.forEach(decision -> System.out.println("  " + decision.what() + ": " + decision.why() + "; " + decision.seen()));
    }

    @Test
    void clientsOfTheRouterKeepTheirKeysWhenASlotMovesAndAPrimaryDies() throws Exception {
        List<RealRedis> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(clusterNode());
        }
        form(nodes);
        List<Throwable> faults = new CopyOnWriteArrayList<>();
        CacheRouter settings = SiteFile.read("{site: a, application: {command: x}, cache: {kind: redis, router: {listen: '127.0.0.1:0'}}}", _ -> Optional.empty()).orThrow("test").cache().router();
        RespRouter router = start(RespRouter.of(new RespRouter.Setup(settings, Optional.empty(), Optional.empty(), NodeLogin.NONE, loops.transport(), Clock.system(), Loops.random(1),
                new Registry(Clock.system()), decisions::add, faults::add))).open();
        router.follow(NodesUrl.of(new Secret(url("redis-cluster", nodes.subList(0, 1), ""))));
        Talk talk = start(Talk.to(router.address()));
        Await.until("the slots are known", () -> talk.ask("SET foo bar").equals("OK"));
        for (int i = 0; i < 100; i++) {
            assertThat(talk.ask("SET key:" + i + " " + i)).isEqualTo("OK");
        }
        int slot = Slots.of("foo".getBytes(StandardCharsets.UTF_8), 3);
        begin(slot, "foo", nodes.get(2), nodes.get(0));
        assertThat(talk.ask("GET foo")).as("while the slot moves").isEqualTo("bar");
        end(slot, nodes.get(0), nodes);
        assertThat(talk.ask("GET foo")).as("when the slot has moved").isEqualTo("bar");
        assertThat(ask(nodes.get(1), "WAIT", "1", "5000")).isEqualTo(new Reply.Number(1));
        nodes.get(1).kill();
        long killed = Clock.system().nanos();
        Await.until("all keys are there", 60, () -> IntStream.range(0, 100).allMatch(i -> talk.ask("GET key:" + i).equals("" + i)));
        System.out.printf("through the router: all keys were there %d ms after a primary was killed%n", (Clock.system().nanos() - killed) / 1_000_000);
        assertThat(talk.ask("SET key:1 x")).isEqualTo("OK");
        assertThat(faults).isEmpty();
    }

    @Test
    void whenAPrimaryDiesItsSentinelsNameAnother_andThatIsFollowed() {
        RealRedis primary = start(RealRedis.start("--requirepass", PASSWORD, "--masterauth", PASSWORD));
        RealRedis replica = start(RealRedis.start("--requirepass", PASSWORD, "--masterauth", PASSWORD, "--replicaof", "127.0.0.1 " + primary.at().port()));
        List<RealSentinel> sentinels = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sentinels.add(start(RealSentinel.watching(primary.at(), 2, PASSWORD)));
        }
        String hosts = sentinels.stream().map(sentinel -> sentinel.at().toString()).collect(Collectors.joining(","));
        AttachedNodes attached = follow("redis-sentinel://:" + coded() + "@" + hosts + "/mymaster");
        Await.until("the primary is told", () -> !layouts.isEmpty());
        assertThat(layouts.getFirst()).isEqualTo(new Layout.Ring(List.of(new Node("mymaster", primary.at()))));
        for (RealSentinel sentinel : sentinels) {
            Await.until("the Sentinels and the replica know each other", 60, () -> knows(sentinel, "num-other-sentinels", "2") && knows(sentinel, "num-slaves", "1"));
        }
        long killed = Clock.system().nanos();
        primary.kill();
        attached.lost(new Node("mymaster", primary.at()));
        Await.until("the new primary is told", 90, () -> layouts.getLast().nodes().getFirst().address().equals(replica.at()));
        System.out.printf("Sentinels, down-after 1000 ms: the new primary was known %d ms after the old one was killed%n", (Clock.system().nanos() - killed) / 1_000_000);
        assertThat(ask(replica, "SET", "a", "b")).isEqualTo(Reply.OK);
        assertThat(decisions.getLast().why()).contains("epoch 1");
        decisions.forEach(decision -> System.out.println("  " + decision.what() + ": " + decision.why() + "; " + decision.seen()));
        assertThat(decisions.toString()).doesNotContain(PASSWORD);
    }

    @Test
    void aRealNodeThatIsKilledAndStartedAgainIsDownAndUp() {
        RealRedis node = start(RealRedis.start());
        NodeWatch watch = start(new NodeWatch(way(NodeLogin.NONE), Clock.system(), Loops.random(1), decisions::add, _ -> {}));
        watch.use(List.of(node.node("cache-1")), NodeLogin.NONE);
        long killed = Clock.system().nanos();
        node.kill();
        Await.until("it is down", () -> decisions.size() == 1);
        System.out.printf("a node that is killed while nobody asks it is known to be down after %d ms%n", (Clock.system().nanos() - killed) / 1_000_000);
        start(RealRedis.startAt(node.at().port()));
        long back = Clock.system().nanos();
        Await.until("it is back", () -> decisions.size() == 2);
        System.out.printf("and to be back %d ms after it answers%n", (Clock.system().nanos() - back) / 1_000_000);
        decisions.forEach(decision -> System.out.println("  " + decision.what() + ": " + decision.why() + "; " + decision.seen()));
    }

    // ---- The cluster ----

    private RealRedis clusterNode() throws IOException {
        return start(RealRedis.start("--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", "" + FreePort.choose(), "--requirepass", PASSWORD, "--masterauth", PASSWORD));
    }

    /** Three primaries, and the fourth the second's replica. */
    private void form(List<RealRedis> nodes) {
        for (RealRedis node : nodes.subList(1, nodes.size())) {
            String bus = text(ask(node, "CONFIG", "GET", "cluster-port"));
            ask(nodes.getFirst(), "CLUSTER", "MEET", "127.0.0.1", "" + node.at().port(), bus);
        }
        ask(nodes.get(0), "CLUSTER", "ADDSLOTSRANGE", "0", "5460");
        ask(nodes.get(1), "CLUSTER", "ADDSLOTSRANGE", "5461", "10922");
        ask(nodes.get(2), "CLUSTER", "ADDSLOTSRANGE", "10923", "16383");
        for (RealRedis node : nodes) {
            Await.until("all know each other", () -> ((Reply.Array) ask(node, "CLUSTER", "SLOTS")).items().size() == 3);
        }
        Await.until("the fourth is a replica", () -> ask(nodes.get(3), "CLUSTER", "REPLICATE", id(nodes.get(1))).equals(Reply.OK));
        for (RealRedis node : nodes) {
            Await.until("the cluster is well", () -> clusterInfo(node).contains("cluster_state:ok"));
            Await.until("all know the replica", () -> ClusterMap.of(ask(node, "CLUSTER", "SLOTS"), node.at()).replicas().stream().mapToInt(List::size).sum() == 1);
        }
    }

    /** A slot with one key is on its way: the key is at the other node, the slot is still the first one's. */
    private void begin(int slot, String key, RealRedis from, RealRedis to) {
        ask(to, "CLUSTER", "SETSLOT", "" + slot, "IMPORTING", id(from));
        ask(from, "CLUSTER", "SETSLOT", "" + slot, "MIGRATING", id(to));
        assertThat(ask(from, "MIGRATE", "127.0.0.1", "" + to.at().port(), key, "0", "5000", "AUTH", PASSWORD)).isEqualTo(Reply.OK);
    }

    private void end(int slot, RealRedis to, List<RealRedis> nodes) {
        for (RealRedis node : List.of(to, nodes.get(2), nodes.get(1))) {
            ask(node, "CLUSTER", "SETSLOT", "" + slot, "NODE", id(to));
        }
    }

    private String clusterInfo(RealRedis node) {
        return switch (ask(node, "CLUSTER", "INFO")) {
            case Reply.Bulk bulk -> bulk.text();
            case Reply.Verbatim verbatim -> new String(verbatim.bytes(), StandardCharsets.UTF_8);
            default -> "";
        };
    }

    private String id(RealRedis node) {
        return ((Reply.Bulk) ask(node, "CLUSTER", "MYID")).text();
    }

    private RealRedis nodeOf(List<RealRedis> nodes, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        Placement placement = Placement.of(layouts.getLast());
        HostPort at = placement.node(placement.nodeOf(bytes, bytes.length)).address();
        return nodes.stream().filter(node -> node.at().equals(at)).findFirst().orElseThrow();
    }

    private int covered() {
        return new ClusterMap((Layout.Slots) layouts.getLast(), List.of()).covered();
    }

    // ---- Asking ----

    private boolean knows(RealSentinel sentinel, String field, String value) {
        try (Asking asking = way(NodeLogin.NONE).open(sentinel.at())) {
            List<Reply> fields = switch (asking.ask("SENTINEL", "MASTER", "mymaster").orTimeout(60, TimeUnit.SECONDS).join()) {
                case Reply.Pairs(List<Reply> items) -> items;
                case Reply.Array(List<Reply> items) -> items;
                default -> List.of();
            };
            int at = fields.stream().map(SentinelClaim::text).toList().indexOf(field);
            return at >= 0 && SentinelClaim.text(fields.get(at + 1)).equals(value);
        }
    }

    private Reply ask(RealRedis node, String... words) {
        try (Asking asking = way(NodeLogin.of(new Secret(PASSWORD))).open(node.at())) {
            return asking.ask(words).orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    /** The value of the first pair. */
    private static String text(Reply reply) {
        return SentinelClaim.text(((Reply.Pairs) reply).items().get(1));
    }

    private Asking.Way way(NodeLogin login) {
        return new Asking.Way(loops.transport(), loops.transport().loops().next(), login, TIMEOUTS.connect(), TIMEOUTS.answer());
    }

    private AttachedNodes follow(String url) {
        NodesUrl read = NodesUrl.of(new Secret(url));
        NodeLogin login = new NodeLogin(read.user(), read.password(), Optional.empty());
        return start(AttachedNodes.follow(read, login, loops.transport(), TIMEOUTS, Clock.system(), decisions::add, layouts::add));
    }

    private static String url(String scheme, List<RealRedis> nodes, String path) {
        return scheme + "://:" + coded() + "@" + nodes.stream().map(node -> node.at().toString()).collect(Collectors.joining(",")) + path;
    }

    private static String coded() {
        return PASSWORD.replace("%", "%25").replace(":", "%3A").replace("/", "%2F").replace("@", "%40");
    }

    private <T extends AutoCloseable> T start(T what) {
        running.add(what);
        return what;
    }
}
