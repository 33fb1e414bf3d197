package dev.banyan.resp;

import static dev.banyan.resp.ClusterMapTest.array;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.Decision;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SentinelWatchTest {
    private final Loops loops = Loops.open(IoKind.best(), 1);
    private final List<Decision> decisions = new CopyOnWriteArrayList<>();
    private final List<Layout> layouts = new CopyOnWriteArrayList<>();
    private final FakeNode old = new FakeNode(loops, role("master"));
    private final FakeNode fresh = new FakeNode(loops, role("slave"));
    private final List<FakeNode> sentinels = List.of(sentinel(), sentinel(), sentinel());

    @AfterEach
    void close() {
        sentinels.forEach(FakeNode::close);
        old.close();
        fresh.close();
        loops.close();
    }

    @Test
    void whomTheSentinelsNameIsFollowed_onceItIsAPrimary() {
        sentinels.forEach(each -> names(each, old, 0));
        try (SentinelWatch watch = watch(NodeLogin.NONE)) {
            Await.until("the primary is told", () -> layouts.size() == 1);
            assertThat(layouts.get(0)).isEqualTo(new Layout.Ring(List.of(new Node("mymaster", old.address()))));
            sentinels.forEach(each -> names(each, fresh, 1));
            sentinels.getFirst().push(new Reply.Push(List.of(Reply.bulk("message"), Reply.bulk("+switch-master"), Reply.bulk("mymaster 127.0.0.1 1 127.0.0.1 2"))));
            Await.until("it was asked for its role", () -> fresh.heard.contains("ROLE"));
            assertThat(layouts).hasSize(1);
            fresh.answers(role("master"));
            Await.until("the new primary is told", () -> layouts.size() == 2);
            assertThat(layouts.get(1).nodes()).extracting(Node::address).containsExactly(fresh.address());
            assertThat(decisions.get(1).what()).isEqualTo("follow " + fresh.address() + " as the primary mymaster");
            assertThat(decisions.get(1).why()).isEqualTo("the Sentinels name it (epoch 1), and it says it is a primary");
            assertThat(decisions.get(1).seen()).contains("3 of 3 Sentinels answer").endsWith("before it was " + old.address());
            watch.lost(new Node("mymaster", old.address()));
        }
    }

    @Test
    void oneThatIsCutOffAndNamesTheOldPrimaryIsNotBelieved_mostAre() {
        fresh.answers(role("master"));
        names(sentinels.get(0), old, 0);
        names(sentinels.get(1), fresh, 1);
        names(sentinels.get(2), fresh, 1);
        try (SentinelWatch watch = watch(NodeLogin.NONE)) {
            Await.until("the newer one is told", () -> !layouts.isEmpty() && layouts.getLast().nodes().getFirst().address().equals(fresh.address()));
            sentinels.get(1).die();
            sentinels.get(2).die();
            Await.until("the others' words are old", () -> asked(sentinels.get(0)) > 8);
            assertThat(layouts.getLast().nodes()).extracting(Node::address).containsExactly(fresh.address());
            // Two of three were told anew, from an epoch of 0 on.
            sentinels.get(1).comeBack();
            names(sentinels.get(1), old, 0);
            Await.until("most are believed", () -> layouts.getLast().nodes().getFirst().address().equals(old.address()));
            watch.close();
        }
    }

    @Test
    void theLoginIsOnlyGivenToASentinelThatAsksForIt() {
        names(sentinels.get(0), old, 0);
        sentinels.get(1).answers(words -> words.startsWith("HELLO 3 AUTH default hunter2") ? Reply.OK : words.startsWith("HELLO") ? Reply.failure("NOAUTH HELLO must be called with the client already authenticated")
                : answer(words, old, 0));
        try (SentinelWatch watch = watch(NodeLogin.of(new Secret("hunter2")))) {
            Await.until("it is let in", () -> sentinels.get(1).heard.stream().anyMatch(words -> words.startsWith("SENTINEL MASTER")));
            assertThat(sentinels.get(0).heard).noneMatch(words -> words.contains("hunter2"));
            assertThat(decisions).noneMatch(decision -> decision.toString().contains("hunter2"));
            watch.close();
        }
    }

    @Test
    void silenceIsToldOnce() {
        sentinels.forEach(FakeNode::die);
        try (SentinelWatch watch = watch(NodeLogin.NONE)) {
            Await.until("it is told", () -> decisions.size() == 1);
            assertThat(decisions.get(0).what()).isEqualTo("wait for a Sentinel");
            assertThat(decisions.get(0).seen()).startsWith("0 of 3 Sentinels answer").contains("refused");
            watch.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 6379, true", "'', 6379, false", "127.0.0.1, 0, false", "127.0.0.1, 65536, false", "127.0.0.1, x, false", "::1, 6379, true"})
    void anAddressIsReadWhenItIsOne(String host, String port, boolean is) {
        Reply address = array(Reply.bulk(host), Reply.bulk(port));
        assertThat(SentinelClaim.of(address, Reply.OK).isPresent()).isEqualTo(is);
    }

    @Test
    void otherAnswersAreNoClaims_andOtherMessagesNoSwitches() {
        assertThat(SentinelClaim.of(Reply.NULL, Reply.NULL)).isEmpty();
        assertThat(SentinelClaim.of(Reply.failure("ERR"), Reply.NULL)).isEmpty();
        assertThat(SentinelClaim.of(array(Reply.bulk("h")), Reply.NULL)).isEmpty();
        Reply pairs = new Reply.Pairs(List.of(Reply.bulk("name"), Reply.bulk("m"), Reply.bulk("config-epoch"), Reply.bulk("7")));
        assertThat(SentinelClaim.of(array(Reply.bulk("h"), Reply.bulk("1")), pairs)).contains(new SentinelClaim(new HostPort("h", 1), 7));
        assertThat(SentinelClaim.switches(List.of(Reply.bulk("message"), Reply.bulk("+switch-master"), Reply.bulk("mymaster2 h 1 i 2")), "mymaster")).isFalse();
        assertThat(SentinelClaim.switches(List.of(Reply.bulk("subscribe"), Reply.bulk("+switch-master"), new Reply.Number(1)), "mymaster")).isFalse();
    }

    private SentinelWatch watch(NodeLogin login) {
        Asking.Way way = new Asking.Way(loops.transport(), loops.transport().loops().next(), login, Duration.ofSeconds(5), Duration.ofSeconds(5));
        return new SentinelWatch(sentinels.stream().map(FakeNode::address).toList(), "mymaster", way, Clock.system(), decisions::add, layouts::add).start();
    }

    private FakeNode sentinel() {
        return new FakeNode(loops, words -> words.startsWith("HELLO") ? Reply.OK : Reply.NULL);
    }

    private static void names(FakeNode sentinel, FakeNode primary, long epoch) {
        sentinel.answers(words -> answer(words, primary, epoch));
    }

    private static Reply answer(String words, FakeNode primary, long epoch) {
        return switch (words) {
            case "SENTINEL GET-MASTER-ADDR-BY-NAME mymaster" -> array(Reply.bulk("127.0.0.1"), Reply.bulk("" + primary.address().port()));
            case "SENTINEL MASTER mymaster" -> array(Reply.bulk("name"), Reply.bulk("mymaster"), Reply.bulk("config-epoch"), Reply.bulk("" + epoch));
            case "SUBSCRIBE +switch-master" -> new Reply.Push(List.of(Reply.bulk("subscribe"), Reply.bulk("+switch-master"), new Reply.Number(1)));
            default -> Reply.OK;
        };
    }

    private static long asked(FakeNode sentinel) {
        return sentinel.heard.stream().filter(words -> words.startsWith("SENTINEL MASTER")).count();
    }

    private static Function<String, Reply> role(String role) {
        return words -> words.equals("ROLE") ? array(Reply.bulk(role)) : Reply.OK;
    }
}
