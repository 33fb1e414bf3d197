package dev.banyan.resp;

import static dev.banyan.resp.ClusterMapTest.array;
import static dev.banyan.resp.ClusterMapTest.range;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.Decision;
import dev.banyan.topology.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClusterWatchTest {
    private final Loops loops = Loops.open(IoKind.best(), 1);
    private final List<Decision> decisions = new CopyOnWriteArrayList<>();
    private final List<Layout> layouts = new CopyOnWriteArrayList<>();
    private volatile Reply slots;
    private final FakeNode one = new FakeNode(loops, answers(() -> slots));
    private final FakeNode two = new FakeNode(loops, answers(() -> slots));

    @AfterEach
    void close() {
        one.close();
        two.close();
        loops.close();
    }

    @Test
    void theSlotsAreToldOnce_andAgainWhenTheyChange() {
        slots = split(8_000);
        try (ClusterWatch watch = watch(one.address())) {
            Await.until("the slots are known", () -> layouts.size() == 1);
            assertThat(owner(layouts.get(0), 7_999)).isEqualTo(one.address());
            watch.redirected();
            Await.until("they are read again", () -> reads(one) >= 2);
            slots = split(4_000);
            watch.redirected();
            Await.until("the new ones are told", () -> layouts.size() == 2);
            assertThat(owner(layouts.get(1), 7_999)).isEqualTo(two.address());
            assertThat(decisions.get(1).what()).isEqualTo("follow the slots of the Redis Cluster: 4000 moved");
            assertThat(decisions.get(1).why()).isEqualTo("a command was redirected");
            assertThat(decisions.get(1).seen()).isEqualTo("2 primaries, 1 replicas, 16384 of 16384 slots have an owner, as " + one.address() + " says");
            assertThat(watch.replicas().stream().flatMap(List::stream)).extracting(Node::name).containsExactly("127.0.0.1:9");
        }
    }

    @Test
    void whatANodeSaysOfASlotIsBelievedAtOnce_andTheSlotsAreReadFromTheOther() {
        slots = split(8_000);
        try (ClusterWatch watch = watch(one.address())) {
            Await.until("the slots are known", () -> layouts.size() == 1);
            one.answers(answers(() -> split(8_000)));
            two.answers(answers(() -> split(7_000)));
            watch.moved(new Redirect(Redirect.Kind.MOVED, 7_500, two.address()));
            Await.until("the other was asked", () -> layouts.size() == 3);
            assertThat(owner(layouts.get(1), 7_500)).isEqualTo(two.address());
            assertThat(owner(layouts.get(1), 7_501)).isEqualTo(one.address());
            assertThat(owner(layouts.get(2), 7_001)).isEqualTo(two.address());
            watch.moved(new Redirect(Redirect.Kind.ASK, 1, two.address()));
            assertThat(layouts).hasSize(3);
        }
    }

    @Test
    void whenANodeIsLost_theOthersAreAskedUntilTheSlotsHaveChanged() {
        slots = split(8_000);
        try (ClusterWatch watch = watch(one.address())) {
            Await.until("the slots are known", () -> layouts.size() == 1);
            one.die();
            watch.lost(ClusterMap.node(one.address()));
            Await.until("the other is asked again and again", () -> reads(two) >= 2);
            slots = array(range(0, 16_383, ClusterMapTest.node("127.0.0.1", two.address().port())));
            Await.until("the replica's promotion is told", () -> layouts.size() == 2);
            assertThat(layouts.get(1).nodes()).extracting(Node::address).containsExactly(two.address());
        }
    }

    @Test
    void anotherChangeDoesNotEndTheHurryForALostNode_norDoSlotsWithoutAnOwner() {
        slots = split(8_000);
        try (ClusterWatch watch = watch(two.address())) {
            Await.until("the slots are known", () -> layouts.size() == 1);
            watch.lost(ClusterMap.node(one.address()));
            slots = split(7_999);
            Await.until("another slot has moved", () -> layouts.size() == 2);
            slots = array(range(0, 16_382, ClusterMapTest.node("127.0.0.1", two.address().port())));
            Await.until("the lost node's slots have another owner", 5, () -> layouts.size() == 3);
            slots = array(range(0, 16_383, ClusterMapTest.node("127.0.0.1", two.address().port())));
            Await.until("the last slot has an owner", 5, () -> layouts.size() == 4);
        }
    }

    @Test
    void aNodeThatKnowsNothingIsPassedOver_andSilenceIsToldOnce() {
        slots = array();
        two.answers(answers(() -> Reply.failure("ERR This instance has cluster support disabled")));
        try (ClusterWatch watch = watch(one.address(), two.address())) {
            Await.until("it is told", () -> decisions.size() == 1);
            assertThat(decisions.get(0).what()).isEqualTo("wait for a node of the Redis Cluster");
            assertThat(decisions.get(0).why()).contains("cluster support disabled");
            Await.until("they are asked again", () -> reads(one) >= 2);
            slots = split(1);
            Await.until("one knows", () -> layouts.size() == 1);
            assertThat(decisions).hasSize(2);
            watch.redirected();
        }
    }

    private ClusterWatch watch(HostPort... seeds) {
        Asking.Way way = new Asking.Way(loops.transport(), loops.transport().loops().next(), NodeLogin.NONE, Duration.ofSeconds(5), Duration.ofSeconds(5));
        return new ClusterWatch(List.of(seeds), way, Clock.system(), decisions::add, layouts::add).start();
    }

    private static long reads(FakeNode node) {
        return node.heard.stream().filter("CLUSTER SLOTS"::equals).count();
    }

    private Reply split(int at) {
        return array(
                range(0, at - 1, ClusterMapTest.node("", one.address().port()), ClusterMapTest.node("", 9)), range(at, 16_383, ClusterMapTest.node("127.0.0.1", two.address().port())));
    }

    private static HostPort owner(Layout layout, int slot) {
        Placement placement = Placement.of(layout);
        return placement.node(placement.nodeOfSlot(slot)).address();
    }

    private static Function<String, Reply> answers(Supplier<Reply> slots) {
        return words -> words.equals("CLUSTER SLOTS") ? slots.get() : Reply.OK;
    }
}
