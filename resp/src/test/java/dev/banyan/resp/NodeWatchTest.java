package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.Decision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeWatchTest {
    private static final Function<String, Reply> WELL = words -> words.startsWith("HELLO") ? Reply.OK : new Reply.Simple("PONG");

    private final Loops loops = Loops.open(IoKind.best(), 1);
    private final List<Decision> decisions = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final NodeWatch watch = new NodeWatch(
            new Asking.Way(loops.transport(), loops.transport().loops().next(), NodeLogin.NONE, Duration.ofSeconds(1), Duration.ofMillis(200)), Clock.system(), Loops.random(1), decisions::add,
            node -> told.add("down " + node.name()));

    @AfterEach
    void close() {
        watch.close();
        loops.close();
    }

    @Test
    void aNodeThatDiesIsKnownWithoutClients_andSoIsThatItComesBack() {
        try (FakeNode one = new FakeNode(loops, WELL); FakeNode two = new FakeNode(loops, WELL)) {
            Node first = one.node("cache-1");
            watch.use(List.of(first, two.node("cache-2")), NodeLogin.NONE);
            Await.until("both were asked", () -> one.heard.contains("PING") && two.heard.contains("PING"));
            assertThat(watch.down()).isEmpty();
            one.die();
            Await.until("it is down", () -> !watch.isUp(first));
            assertThat(watch.down()).containsExactly(first);
            one.comeBack();
            Await.until("it is up", () -> watch.isUp(first));
            Await.until("all is told", () -> decisions.size() == 2);
            assertThat(told).containsExactly("down cache-1");
            assertThat(decisions.get(0).what()).isEqualTo("answer without cache node cache-1");
            assertThat(decisions.get(0).why()).startsWith("3 PINGs in a row failed (last: " + one.address());
            assertThat(decisions.get(0).seen()).contains("1 of 2 cache nodes are up");
            assertThat(decisions.get(1).what()).isEqualTo("ask cache node cache-1 again");
            assertThat(decisions.get(1).seen()).contains("2 of 2 cache nodes are up").contains("probed ");
        }
    }

    @Test
    void aConnectionThatALoopLostOpensTheCircuitAtOnce_andAProbeClosesIt() {
        try (FakeNode one = new FakeNode(loops, WELL)) {
            Node node = one.node("cache-1");
            watch.use(List.of(node), NodeLogin.NONE);
            Await.until("it was asked", () -> one.heard.contains("PING"));
            watch.unreached(node, "it has closed the connection");
            watch.unreached(node, "it has closed the connection");
            Await.until("it is up again", () -> decisions.size() == 2);
            assertThat(decisions.get(0).why()).isEqualTo("it has closed the connection");
            assertThat(decisions.get(1).why()).isEqualTo("it answers PING");
            assertThat(watch.isUp(node)).isTrue();
        }
    }

    @Test
    void aNodeThatIsLoadingOrSilentIsDown() {
        try (FakeNode loading = new FakeNode(loops, words -> words.startsWith("HELLO") ? Reply.OK : Reply.failure("LOADING Redis is loading the dataset in memory"));
                FakeNode silent = new FakeNode(loops, words -> words.startsWith("HELLO") ? Reply.OK : null)) {
            watch.use(List.of(loading.node("cache-1"), silent.node("cache-2")), NodeLogin.NONE);
            Await.until("both are down", () -> decisions.size() == 2);
            assertThat(decisions).extracting(Decision::why).anyMatch(why -> why.contains("it answers PING with LOADING")).anyMatch(why -> why.contains("it has not answered for 200 ms"));
        }
    }

    @Test
    void aNodeThatIsOursNoMoreIsForgotten() {
        try (FakeNode one = new FakeNode(loops, WELL)) {
            Node node = one.node("cache-1");
            watch.use(List.of(node), NodeLogin.NONE);
            one.die();
            Await.until("it is down", () -> !watch.isUp(node));
            watch.use(List.of(), NodeLogin.NONE);
            Await.until("it is forgotten", () -> watch.down().isEmpty());
            watch.unreached(node, "late news");
            watch.reached(node);
            assertThat(watch.isUp(node)).isTrue();
        }
    }
}
