package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.resp.wire.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are larger than what is read or sent at once: each byte comes to its place, and nobody waits for ever. */
@Timeout(60)
class RouterBytesTest {
    private static byte[] value(int bytes, int seed) {
        byte[] value = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            value[i] = (byte) ('a' + (i + seed) % 26);
        }
        return value;
    }

    private static void set(Talk talk, String key, byte[] value) {
        talk.say("SET".getBytes(), key.getBytes(), value);
    }

    private static byte[] bulk(Talk talk) {
        return talk.reply() instanceof Reply.Bulk(byte[] bytes) ? bytes : new byte[0];
    }

    @Test
    void valuesThatArePassedOnAsTheyLieKeepTheirBytes_whenMoreComesBehindThem() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk talk = world.client();
            for (int round = 0; round < 20; round++) {
                int length = 17_000 + round * 1_111;
                for (int i = 0; i < 100; i++) {
                    set(talk, "k" + i, value(length, i));
                }
                for (int i = 0; i < 100; i++) {
                    assertThat(talk.hear()).isEqualTo("OK");
                }
                talk.say(IntStream.range(0, 100).mapToObj(i -> "GET k" + i).toArray(String[]::new));
                for (int i = 0; i < 100; i++) {
                    assertThat(Arrays.equals(bulk(talk), value(length, i))).as("round %d, value %d", round, i).isTrue();
                }
            }
        }
    }

    @Test
    void theAnswerOfATransactionGoesOn_whenItsClientReadsLate() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk talk = world.client();
            byte[] value = value(12 << 20, 1);
            set(talk, "big", value);
            talk.hear();
            talk.say("MULTI", "GET big", "GET big", "EXEC", "PING");
            Talk other = world.client();
            Await.until("the transaction is under way", () -> other.ask("CLIENT LIST").contains("owed=1"));
            assertThat(List.of(talk.hear(), talk.hear(), talk.hear())).containsExactly("OK", "QUEUED", "QUEUED");
            Reply.Array both = (Reply.Array) talk.reply();
            both.items().forEach(item -> assertThat(Arrays.equals(((Reply.Bulk) item).bytes(), value)).isTrue());
            assertThat(talk.hear()).isEqualTo("PONG");
        }
    }

    @Test
    void largeAnswersOfSeveralNodesDoNotWaitForEachOther() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk talk = world.client();
            List<String> keys = IntStream.range(0, 9).mapToObj(i -> world.keyAt(i % 3, "big" + i)).toList();
            for (int i = 0; i < keys.size(); i++) {
                set(talk, keys.get(i), value(5 << 20, i));
                talk.hear();
            }
            for (int round = 0; round < 4; round++) {
                talk.say(keys.stream().map(key -> "GET " + key).toArray(String[]::new));
                for (int i = 0; i < keys.size(); i++) {
                    assertThat(Arrays.equals(bulk(talk), value(5 << 20, i))).as("round %d, value %d", round, i).isTrue();
                }
            }
        }
    }

    @Test
    void aClientThatHasJustComeMayTakeItsTime() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk talk = world.client();
            byte[] value = value(30 << 20, 1);
            set(talk, "big", value);
            talk.hear();
            for (int i = 0; i < 5; i++) {
                Talk fresh = world.client();
                fresh.say("GET big");
                long until = System.nanoTime() + 150_000_000;
                Await.until("the router has looked after it", () -> System.nanoTime() > until);
                assertThat(Arrays.equals(bulk(fresh), value)).isTrue();
                fresh.close();
            }
        }
    }

    @Test
    void aMessageNeverComesInTheMiddleOfAnAnswer() {
        try (RouterWithNodes world = RouterWithNodes.of(2)) {
            Talk talk = world.client();
            Talk publisher = world.client();
            set(talk, "big", value(3 << 20, 1));
            assertThat(List.of(talk.hear(), talk.ask("HELLO 3").substring(0, 7), talk.ask("SUBSCRIBE news"))).containsExactly("OK", "{server", ">[subscribe news 1]");
            int messages = 0;
            for (int round = 0; round < 10; round++) {
                talk.say("GET big", "PING " + round);
                for (int i = 0; i < 50; i++) {
                    publisher.ask("PUBLISH news hello");
                }
                for (boolean answered = false; !answered;) {
                    Reply next = talk.reply();
                    switch (next) {
                        case Reply.Push push -> {
                            assertThat(Talk.text(push)).isEqualTo(">[message news hello]");
                            messages++;
                        }
                        case Reply.Bulk(byte[] bytes) when bytes.length > 100 -> assertThat(Arrays.equals(bytes, value(3 << 20, 1))).isTrue();
                        default -> {
                            assertThat(Talk.text(next)).isEqualTo(String.valueOf(round));
                            answered = true;
                        }
                    }
                }
            }
            for (; messages < 500; messages++) {
                assertThat(talk.hear()).isEqualTo(">[message news hello]");
            }
        }
    }
}
