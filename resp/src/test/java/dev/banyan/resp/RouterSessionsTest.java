package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.resp.wire.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions in states that few clients bring them to, and nodes that go meanwhile. */
@Timeout(60)
class RouterSessionsTest {
    private static List<String> hear(Talk talk, int answers) {
        return IntStream.range(0, answers).mapToObj(_ -> talk.hear()).toList();
    }

    @Test
    void aTransactionLeavesItsConnectionAsItWas() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk talk = world.client();
            for (String command : List.of("SELECT 5", "HELLO 3", "CLIENT REPLY OFF", "CLIENT TRACKING ON", "AUTH x")) {
                talk.say("MULTI", command, "SET k 0", "EXEC");
                String why = "ERR '" + command.split(" ")[0].toLowerCase() + "' is not possible in a transaction";
                assertThat(hear(talk, 4)).as(command).startsWith("OK", "-" + why).endsWith("-EXECABORT Transaction discarded because of: " + why);
            }
            talk.say("MULTI", "PING", "SET k 1", "EXEC");
            assertThat(hear(talk, 4)).endsWith("[PONG OK]");
            assertThat(world.at(0).ask("GET k")).isEqualTo("1");
            assertThat(talk.ask("WATCH k")).isEqualTo("OK");
            assertThat(talk.ask("SELECT 5")).startsWith("-ERR SELECT is not possible");
            assertThat(talk.ask("HELLO 3")).startsWith("-ERR HELLO cannot change");
            talk.say("MULTI", "SET k 2", "EXEC", "SELECT 5");
            assertThat(hear(talk, 4)).endsWith("[OK]", "OK");
        }
    }

    @Test
    void whatIsReadAfterAWatchIsReadAfterIt() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk one = world.client();
            Talk other = world.client();
            for (int i = 0; i < 300; i++) {
                String key = "n" + i;
                one.ask("SET " + key + " 10");
                one.say("WATCH " + key, "GET " + key);
                other.say("INCR " + key);
                String read = hear(one, 2).get(1);
                assertThat(other.hear()).isEqualTo("11");
                one.say("MULTI", "SET " + key + " x", "EXEC");
                boolean done = hear(one, 3).get(2).equals("[OK]");
                assertThat(done && read.equals("10")).as("key %s: a lost update", key).isFalse();
            }
        }
    }

    @Test
    void aTransactionOfOneNodeMayPublish_andIsNotDoneInHalves() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk talk = world.client();
            Talk listener = world.client();
            for (int i = 0; i < 10; i++) {
                listener.ask("SUBSCRIBE c" + i);
                talk.say("MULTI", "SET " + world.keyAt(0, "k") + " v", "PUBLISH c" + i + " x", "EXEC");
                assertThat(hear(talk, 4)).endsWith("[OK 1]");
                assertThat(listener.hear()).isEqualTo("[message c" + i + " x]");
            }
            talk.say("MULTI", "FLUSHALL", "EXEC");
            assertThat(hear(talk, 3).get(1)).isEqualTo("-ERR 'flushall' is not possible in a transaction");
        }
    }

    @Test
    void nothingOldIsReadAfterATransactionThatEmptiesTheNode() {
        try (RouterWithNodes world = RouterWithNodes.of(1, "near: {hot: 20}")) {
            Talk talk = world.client();
            for (int i = 0; i < 20; i++) {
                talk.ask("SET celebrity " + i);
                long hits = world.router().figures().nearHits();
                Await.until("it is hot", () -> talk.ask("GET celebrity") != null && world.router().figures().nearHits() > hits + 2);
                talk.say("MULTI", "FLUSHALL", "EXEC", "GET celebrity");
                assertThat(hear(talk, 4)).containsExactly("OK", "QUEUED", "[OK]", "(nil)");
            }
        }
    }

    @Test
    void noAnswersAreGivenToWhoWantsNone_howeverTheCommandGoes() {
        try (RouterWithNodes world = RouterWithNodes.of(2)) {
            Talk talk = world.client();
            byte[] large = new byte[1 << 20];
            Arrays.fill(large, (byte) 'x');
            talk.say("CLIENT REPLY OFF");
            talk.say("SET".getBytes(), "big".getBytes(), large);
            talk.say("MGET a b", "BLPOP q 0.01", "MULTI", "SET a 1", "EXEC", "KEYS none", "SELECT 99", "CLIENT REPLY WHAT", "NOSUCH", "WATCH a", "UNWATCH", "CLIENT REPLY ON", "STRLEN big");
            assertThat(hear(talk, 2)).containsExactly("OK", String.valueOf(1 << 20));
            for (String command : List.of("MGET a b", "BLPOP q 0.01", "SET a 2", "SCAN 0", "DBSIZE", "CLIENT ID", "CLIENT LIST", "PING", "EVAL x 0")) {
                talk.say("CLIENT REPLY SKIP", command, "ECHO " + command.length());
                assertThat(talk.hear()).as(command).isEqualTo(String.valueOf(command.length()));
            }
            talk.say("CLIENT REPLY SKIP", "SUBSCRIBE c", "PING", "UNSUBSCRIBE", "CLIENT REPLY OFF", "RESET", "PING");
            assertThat(hear(talk, 5)).containsExactly("[subscribe c 1]", "[pong ]", "[unsubscribe c 0]", "RESET", "PONG");
        }
    }

    @Test
    void whoSubscribesIsToldWhenAllNodesKnow_alsoWhenTheFirstIsDown() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk publisher = world.client();
            for (int i = 0; i < 100; i++) {
                Talk listener = world.client();
                assertThat(listener.ask("SUBSCRIBE c" + i + " x")).isEqualTo("[subscribe c" + i + " 1]");
                assertThat(listener.hear()).isEqualTo("[subscribe x 2]");
                assertThat(publisher.ask("PUBLISH c" + i + " m")).isEqualTo("1");
                listener.close();
            }
            world.redis(0).kill();
            Talk listener = world.client();
            assertThat(listener.ask("PSUBSCRIBE d*")).isEqualTo("[psubscribe d* 1]");
            assertThat(listener.ask("SUBSCRIBE e e")).isEqualTo("[subscribe e 2]");
            assertThat(listener.hear()).isEqualTo("[subscribe e 2]");
            world.restart(0);
            Await.until("it has subscribed there too", () -> world.at(0).ask("PUBSUB NUMPAT").equals("1") && world.at(0).ask("PUBSUB CHANNELS").equals("[e]"));
            listener.say("UNSUBSCRIBE", "PUNSUBSCRIBE", "UNSUBSCRIBE", "PING");
            assertThat(hear(listener, 4)).containsExactly("[unsubscribe e 1]", "[punsubscribe d* 0]", "[unsubscribe (nil) 0]", "PONG");
        }
    }

    @Test
    void whoWaitsAtANodeThatHangsIsToldInTheEnd() throws Exception {
        try (RouterWithNodes world = RouterWithNodes.of(2, "timeouts: {answer: 300ms}")) {
            Talk talk = world.client();
            talk.say("BLPOP " + world.keyAt(0, "q") + " 0");
            Talk other = world.client();
            Await.until("it waits", () -> other.ask("CLIENT LIST").contains("owed=1"));
            new ProcessBuilder("kill", "-STOP", String.valueOf(world.redis(0).pid())).start().waitFor();
            try {
                assertThat(talk.hear()).startsWith("-NODEDOWN cache node cache-1");
            } finally {
                new ProcessBuilder("kill", "-CONT", String.valueOf(world.redis(0).pid())).start().waitFor();
            }
        }
    }

    @Test
    void whatAClientHasSentBeforeItLeftIsDone() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk other = world.client();
            for (int round = 0; round < 10; round++) {
                Talk talk = world.client();
                int last = round;
                talk.say(IntStream.range(0, 1_000).mapToObj(i -> "SET k" + i + " r" + last).toArray(String[]::new));
                talk.close();
                Await.until("all is done", () -> other.ask("GET k999").equals("r" + last));
            }
            Await.until("it is forgotten", () -> world.router().figures().clients() == 1);
            assertThat(world.faults).isEmpty();
        }
    }

    @Test
    void whoLeavesWithAnswersUntakenIsForgotten() {
        try (RouterWithNodes world = RouterWithNodes.of(2)) {
            Talk other = world.client();
            byte[] large = new byte[1 << 20];
            Arrays.fill(large, (byte) 'x');
            other.say("SET".getBytes(), "big".getBytes(), large);
            assertThat(other.hear()).isEqualTo("OK");
            for (int i = 0; i < 20; i++) {
                Talk talk = world.client();
                talk.say(IntStream.range(0, 40).mapToObj(_ -> "GET big").toArray(String[]::new));
                talk.say("SET last " + i);
                Await.until("it has begun", () -> other.ask("CLIENT LIST").lines().count() == 2);
                talk.close();
                Await.until("it is forgotten", () -> world.router().figures().clients() == 1);
            }
        }
    }

    @Test
    void readsOfATrackedClientAreTracked_alsoThoseInParts() {
        try (RouterWithNodes world = RouterWithNodes.of(2)) {
            Talk talk = world.client();
            String a = world.keyAt(0, "a");
            String b = world.keyAt(1, "b");
            assertThat(talk.ask("HELLO 3")).startsWith("{server");
            assertThat(talk.ask("CLIENT TRACKING ON")).isEqualTo("OK");
            assertThat(talk.ask("MGET " + a + " " + b)).isEqualTo("[(nil) (nil)]");
            world.client().ask("SET " + b + " x");
            Reply told = talk.reply();
            assertThat(Talk.text(told)).isEqualTo(">[invalidate [" + b + "]]");
        }
    }
}
