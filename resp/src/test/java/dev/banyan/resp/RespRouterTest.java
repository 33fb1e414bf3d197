package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.resp.wire.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The router before real nodes, and a client that says exactly what a test wants. */
@Timeout(180)
class RespRouterTest {
    private static void await(BooleanSupplier is) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!is.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 60 s").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    // ---- Where commands go, and the order of answers ----

    @Test
    void answersComeInTheOrderOfTheCommands_howeverManyNodesAnswerThem() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk talk = world.client();
            String[] commands = IntStream.range(0, 5_000).mapToObj(i -> i % 3 == 0 ? "SET k" + i + " v" + i : i % 3 == 1 ? "GET k" + (i - 1) : "PING " + i).toArray(String[]::new);
            talk.say(commands);
            for (int i = 0; i < commands.length; i++) {
                assertThat(talk.hear()).isEqualTo(i % 3 == 0 ? "OK" : i % 3 == 1 ? "v" + (i - 1) : String.valueOf(i));
            }
            assertThat(IntStream.range(0, 3).mapToObj(i -> world.at(i).ask("DBSIZE")).map(Integer::parseInt).filter(size -> size > 300)).hasSize(3);
        }
    }

    @Test
    void aCommandThatComesByteByByteIsAnswered() throws IOException {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk talk = world.client();
            for (char letter : "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\nPING\r\n".toCharArray()) {
                talk.sayBytes(String.valueOf(letter));
            }
            assertThat(List.of(talk.hear(), talk.hear(), talk.hear())).containsExactly("OK", "value", "PONG");
        }
    }

    @Test
    void keysOfSeveralNodesAreAskedInParts_orRefusedWhereThatWouldBeHalfDone() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk talk = world.client();
            List<String> keys = List.of(world.keyAt(2, "a"), world.keyAt(0, "b"), world.keyAt(1, "c"));
            keys.forEach(key -> talk.ask("SET " + key + " of-" + key));
            assertThat(talk.ask("MGET " + keys.get(0) + " none " + keys.get(1) + " " + keys.get(2))).isEqualTo("[of-%s (nil) of-%s of-%s]".formatted(keys.toArray()));
            assertThat(talk.ask("EXISTS " + String.join(" ", keys) + " " + keys.get(0))).isEqualTo("4");
            assertThat(talk.ask("MSET " + keys.get(0) + " x " + keys.get(1) + " y")).isEqualTo("-" + Texts.CROSSSLOT);
            assertThat(talk.ask("RENAME " + keys.get(0) + " " + keys.get(1))).isEqualTo("-" + Texts.CROSSSLOT);
            assertThat(talk.ask("GET " + keys.get(0))).as("nothing of it was done").isEqualTo("of-" + keys.get(0));
            assertThat(talk.ask("MSET {t}1 x {t}2 y")).isEqualTo("OK");
            assertThat(talk.ask("DEL " + String.join(" ", keys) + " none")).isEqualTo("3");
        }
    }

    @Test
    void allNodesAreScanned_eachKeyOnce() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk talk = world.client();
            Set<String> keys = IntStream.range(0, 500).mapToObj(i -> "key:" + i).collect(Collectors.toSet());
            keys.forEach(key -> talk.ask("SET " + key + " x"));
            List<String> seen = new ArrayList<>();
            String cursor = "0";
            do {
                talk.say("SCAN " + cursor + " COUNT 50");
                Reply.Array page = (Reply.Array) talk.reply();
                cursor = Talk.text(page.items().getFirst());
                ((Reply.Array) page.items().get(1)).items().forEach(key -> seen.add(Talk.text(key)));
            } while (!cursor.equals("0"));
            assertThat(new HashSet<>(seen)).isEqualTo(keys);
            assertThat(talk.ask("DBSIZE")).isEqualTo("500");
            assertThat(talk.ask("FLUSHALL")).isEqualTo("OK");
            assertThat(IntStream.range(0, 3).mapToObj(i -> world.at(i).ask("DBSIZE"))).containsOnly("0");
            assertThat(talk.ask("SCAN 99999999999999999999")).isEqualTo("-ERR invalid cursor");
        }
    }

    @Test
    void aValueOf40MegabytesPassesWithoutBeingInMemory() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk talk = world.client();
            byte[] value = new byte[40 << 20];
            Arrays.fill(value, (byte) 'x');
            talk.say("SET".getBytes(), "big".getBytes(), value);
            assertThat(talk.hear()).isEqualTo("OK");
            talk.say("GET big", "STRLEN big");
            assertThat(((Reply.Bulk) talk.reply()).bytes()).isEqualTo(value);
            assertThat(talk.hear()).isEqualTo(String.valueOf(40 << 20));
        }
    }

    // ---- Sessions ----

    @Test
    void aTransactionIsDoneAtOneNode_orNotAtAll() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk talk = world.client();
            String here = world.keyAt(0, "a");
            String there = world.keyAt(1, "b");
            talk.say("MULTI", "SET " + here + " 1", "INCR " + here, "EXEC", "GET " + here);
            assertThat(List.of(talk.hear(), talk.hear(), talk.hear(), talk.hear(), talk.hear())).containsExactly("OK", "QUEUED", "QUEUED", "[OK 2]", "2");
            talk.say("MULTI", "SET " + here + " 9", "SET " + there + " 9", "EXEC", "MGET " + here + " " + there);
            assertThat(List.of(talk.hear(), talk.hear(), talk.hear(), talk.hear(), talk.hear())).containsExactly("OK", "QUEUED", "-" + Texts.CROSSSLOT,
                    "-EXECABORT Transaction discarded because of: " + Texts.CROSSSLOT, "[2 (nil)]");
            talk.say("MULTI", "NOSUCH", "EXEC", "MULTI", "EXEC", "EXEC", "DISCARD");
            assertThat(List.of(talk.hear(), talk.hear(), talk.hear(), talk.hear(), talk.hear(), talk.hear(), talk.hear())).containsExactly("OK",
                    "-ERR unknown command 'NOSUCH', with args beginning with: ", "-EXECABORT Transaction discarded because of previous errors.", "OK", "[]", "-ERR EXEC without MULTI",
                    "-ERR DISCARD without MULTI");
        }
    }

    @Test
    void whatIsWatchedStopsATransaction_whenAnotherHasChangedIt() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk one = world.client();
            Talk other = world.client();
            assertThat(one.ask("WATCH k")).isEqualTo("OK");
            assertThat(other.ask("SET k theirs")).isEqualTo("OK");
            one.say("MULTI", "SET k mine", "EXEC", "GET k", "WATCH k", "UNWATCH", "MULTI", "SET k mine", "EXEC");
            assertThat(IntStream.range(0, 9).mapToObj(_ -> one.hear())).containsExactly("OK", "QUEUED", "(nil)", "theirs", "OK", "OK", "OK", "QUEUED", "[OK]");
        }
    }

    @Test
    void aMessageComesOnce_whereverItWasPublished() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk listener = world.client();
            Talk other = world.client();
            assertThat(listener.ask("SUBSCRIBE news other")).isEqualTo("[subscribe news 1]");
            assertThat(listener.hear()).isEqualTo("[subscribe other 2]");
            assertThat(listener.ask("PSUBSCRIBE n*")).isEqualTo("[psubscribe n* 3]");
            assertThat(other.ask("PUBLISH news hello")).isEqualTo("2");
            assertThat(List.of(listener.hear(), listener.hear())).containsExactly("[message news hello]", "[pmessage n* news hello]");
            for (int node = 0; node < 3; node++) {
                other.say("EVAL".getBytes(), "return redis.call('PUBLISH','other','x')".getBytes(), "1".getBytes(), world.keyAt(node, "k").getBytes());
                assertThat(other.hear()).isEqualTo("1");
                assertThat(listener.hear()).isEqualTo("[message other x]");
            }
            assertThat(listener.ask("GET k")).startsWith("-ERR Can't execute 'get'");
            assertThat(listener.ask("PING")).isEqualTo("[pong ]");
            listener.say("UNSUBSCRIBE news other", "PUNSUBSCRIBE", "GET k");
            assertThat(List.of(listener.hear(), listener.hear(), listener.hear(), listener.hear())).containsExactly("[unsubscribe news 2]", "[unsubscribe other 1]", "[punsubscribe n* 0]", "(nil)");
        }
    }

    @Test
    void whoWaitsIsServed_andWhoHasLeftIsNot() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk one = world.client();
            Talk gone = world.client();
            Talk other = world.client();
            gone.say("BLPOP q 0");
            await(() -> other.ask("INFO clients").contains("blocked_clients:1"));
            gone.close();
            await(() -> other.ask("INFO clients").contains("blocked_clients:0"));
            one.say("BLPOP q 0", "GET k");
            await(() -> other.ask("INFO clients").contains("blocked_clients:1"));
            assertThat(other.ask("RPUSH q first second")).isEqualTo("2");
            assertThat(List.of(one.hear(), one.hear())).containsExactly("[q first]", "(nil)");
            String id = one.ask("CLIENT ID");
            one.say("BLPOP empty 0");
            await(() -> other.ask("INFO clients").contains("blocked_clients:1"));
            assertThat(other.ask("CLIENT UNBLOCK " + id)).isEqualTo("1");
            assertThat(one.hear()).isEqualTo("(nil)");
            assertThat(other.ask("CLIENT KILL ID " + id)).isEqualTo("1");
            assertThat(one.isClosed()).isTrue();
        }
    }

    @Test
    void aClientMaySayWhichVersionAndDatabaseItWants() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk talk = world.client();
            talk.ask("HSET h f v");
            assertThat(talk.ask("HGETALL h")).isEqualTo("[f v]");
            assertThat(talk.ask("HELLO 3")).startsWith("{server redis version 7.0.15 proto 3 id ");
            assertThat(talk.ask("HGETALL h")).isEqualTo("{f v}");
            assertThat(talk.ask("SELECT 5")).isEqualTo("OK");
            assertThat(talk.ask("EXISTS h")).isEqualTo("0");
            assertThat(talk.ask("SELECT 16")).isEqualTo("-ERR DB index is out of range");
            assertThat(talk.ask("RESET")).isEqualTo("RESET");
            assertThat(talk.ask("HGETALL h")).isEqualTo("[f v]");
            assertThat(talk.ask("HELLO 4")).isEqualTo("-NOPROTO unsupported protocol version");
            talk.say("CLIENT REPLY OFF", "SET a 1", "CLIENT REPLY ON", "CLIENT REPLY SKIP", "SET a 2", "GET a");
            assertThat(List.of(talk.hear(), talk.hear())).containsExactly("OK", "2");
        }
    }

    @Test
    void nobodyGetsInWithoutThePassword() {
        try (RouterWithNodes world = RouterWithNodes.withPassword("open sesame")) {
            Talk talk = world.client();
            assertThat(talk.ask("GET k")).isEqualTo("-NOAUTH Authentication required.");
            assertThat(talk.ask("CLIENT LIST")).isEqualTo("-NOAUTH Authentication required.");
            assertThat(talk.ask("AUTH wrong")).startsWith("-WRONGPASS");
            assertThat(talk.ask("HELLO 3")).startsWith("-NOAUTH");
            assertThat(talk.ask("HELLO 3 AUTH default wrong")).startsWith("-WRONGPASS");
            talk.say("AUTH".getBytes(), "someone".getBytes(), "open sesame".getBytes());
            assertThat(talk.hear()).startsWith("-WRONGPASS");
            talk.say("HELLO".getBytes(), "3".getBytes(), "AUTH".getBytes(), "default".getBytes(), "open sesame".getBytes());
            assertThat(talk.hear()).startsWith("{server");
            assertThat(talk.ask("GET k")).isEqualTo("(nil)");
            assertThat(talk.ask("RESET")).isEqualTo("RESET");
            assertThat(talk.ask("GET k")).isEqualTo("-NOAUTH Authentication required.");
            talk.sayBytes("*2\r\n$3\r\nGET\r\n$500000000\r\n");
            assertThat(talk.hear()).isEqualTo("-ERR Protocol error: unauthenticated bulk length");
            assertThat(talk.isClosed()).isTrue();
        }
    }

    @Test
    void whatIsNoCommandIsAnswered_andEndsTheConnection() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk talk = world.client();
            talk.say("SET k v");
            talk.sayBytes("*1\r\n:1\r\n");
            assertThat(List.of(talk.hear(), talk.hear())).containsExactly("OK", "-ERR Protocol error: expected '$', got ':'");
            assertThat(talk.isClosed()).isTrue();
            assertThat(world.client().ask("GET k")).isEqualTo("v");
            assertThat(world.faults).isEmpty();
        }
    }

    @Test
    void aFormThatABrowserWasMadeToSendDoesNothing() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk browser = world.client();
            browser.sayBytes("POST / HTTP/1.1\r\nHost: 127.0.0.1:6380\r\n\r\nSET k evil\r\n");
            assertThat(browser.isClosed()).isTrue();
            assertThat(world.client().ask("GET k")).isEqualTo("(nil)");
        }
    }

    @Test
    void aScriptThatRunsForEverIsKilled_thoughOthersWaitBehindIt() {
        try (RouterWithNodes world = RouterWithNodes.of(2)) {
            world.at(0).ask("CONFIG SET busy-reply-threshold 50");
            Talk stuck = world.client();
            stuck.say("EVAL".getBytes(), "while true do end".getBytes(), "1".getBytes(), world.keyAt(0, "k").getBytes());
            Talk other = world.client();
            await(() -> other.ask("SCRIPT KILL").equals("OK"));
            assertThat(stuck.hear()).contains("Script killed by user");
            assertThat(other.ask("SCRIPT KILL")).startsWith("-NOTBUSY");
            assertThat(other.ask("PING 1 2")).isEqualTo("-ERR wrong number of arguments for 'ping' command");
        }
    }

    @Test
    void anAnswerAsDeepAsAScriptCanMakeItDisturbsNobody() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            Talk talk = world.client();
            talk.say("EVAL".getBytes(), "local t = {} for i = 1, 2000 do t = {t} end return t".getBytes(), "0".getBytes());
            talk.say("GET k");
            StringBuilder heard = new StringBuilder();
            await(() -> heard.append(talk.some()).toString().endsWith("$-1\r\n"));
            assertThat(world.faults).isEmpty();
        }
    }

    // ---- Nodes that go and come ----

    @Test
    void theKeysOfANodeThatIsDownAreMissing_thoseOfOthersAreThere_andItComesBack() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk talk = world.client();
            String lost = world.keyAt(1, "lost");
            String kept = world.keyAt(0, "kept");
            talk.ask("SET " + lost + " x");
            talk.ask("SET " + kept + " y");
            world.redis(1).kill();
            await(() -> talk.ask("GET " + lost).equals("(nil)"));
            talk.say("GET " + kept, "SET " + lost + " z", "MGET " + lost + " " + kept, "HGETALL " + lost, "GET " + kept);
            assertThat(talk.hear()).isEqualTo("y");
            assertThat(talk.hear()).startsWith("-NODEDOWN cache node cache-2 (127.0.0.1:");
            assertThat(List.of(talk.hear(), talk.hear(), talk.hear())).containsExactly("[(nil) y]", "[]", "y");
            world.restart(1);
            await(() -> talk.ask("SET " + lost + " back").equals("OK"));
            assertThat(talk.ask("GET " + lost)).isEqualTo("back");
            await(() -> world.decisions.size() >= 2); // they are told on another loop
            assertThat(world.decisions.stream().map(decision -> decision.what())).containsExactly("answer without cache node cache-2", "ask cache node cache-2 again");
        }
    }

    @Test
    void aNodeThatHangsIsLeftAloneAfterItsTime_andHoldsUpNoOther() throws Exception {
        try (RouterWithNodes world = RouterWithNodes.of(2, "timeouts: {answer: 300ms}")) {
            Talk talk = world.client();
            String hung = world.keyAt(0, "hung");
            String fine = world.keyAt(1, "fine");
            talk.ask("SET " + hung + " x");
            talk.ask("SET " + fine + " y");
            new ProcessBuilder("kill", "-STOP", String.valueOf(world.redis(0).pid())).start().waitFor();
            try {
                Talk other = world.client();
                talk.say("GET " + hung);
                for (int i = 0; i < 100; i++) {
                    assertThat(other.ask("GET " + fine)).isEqualTo("y");
                }
                assertThat(talk.hear()).isEqualTo("(nil)");
                assertThat(talk.ask("SET " + hung + " z")).startsWith("-NODEDOWN");
            } finally {
                new ProcessBuilder("kill", "-CONT", String.valueOf(world.redis(0).pid())).start().waitFor();
            }
            await(() -> Set.of("x", "z").contains(talk.ask("GET " + hung))); // what was not answered may have been done
        }
    }

    @Test
    void nodesComeAndGoUnderRunningClients() {
        try (RouterWithNodes world = RouterWithNodes.of(2)) {
            Talk talk = world.client();
            Talk listener = world.client();
            listener.ask("SUBSCRIBE news");
            for (int i = 0; i < 300; i++) {
                talk.ask("SET k" + i + " v");
            }
            List<Node> two = world.nodes();
            world.another();
            world.router().use(new Layout.Ring(world.nodes()));
            await(() -> talk.ask("DBSIZE").equals("300") && world.at(2).ask("PUBSUB CHANNELS").equals("[news]"));
            long there = IntStream.range(0, 300).filter(i -> talk.ask("GET k" + i).equals("v")).count();
            assertThat(there).as("a third of the keys have moved, and miss").isBetween(150L, 250L);
            assertThat(talk.ask("PUBLISH news one")).isEqualTo("1");
            assertThat(listener.hear()).isEqualTo("[message news one]");
            world.router().use(new Layout.Ring(two));
            await(() -> IntStream.range(0, 300).allMatch(i -> talk.ask("GET k" + i).equals("v")));
            assertThat(talk.ask("PUBLISH news two")).isEqualTo("1");
            assertThat(listener.hear()).isEqualTo("[message news two]");
        }
    }

    @Test
    void withoutANodeEverythingIsRefused_andNothingHangs() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            world.router().use(Layout.EMPTY);
            Talk talk = world.client();
            await(() -> talk.ask("GET k").equals("-" + Texts.NO_NODES));
            for (String command : List.of("SUBSCRIBE a", "BLPOP q 0", "MULTI", "GET k", "EXEC", "SELECT 1", "MONITOR", "SCAN 0", "EVAL x 0", "PUBLISH a b", "DBSIZE")) {
                talk.say(command);
                if (!command.equals("MULTI") && !command.equals("EXEC")) {
                    assertThat(talk.hear()).as(command).contains("no node");
                } else {
                    talk.hear();
                }
            }
            assertThat(talk.ask("PING")).isEqualTo("PONG");
        }
    }

    // ---- Near copies ----

    @Test
    void aHotKeyIsAnsweredWithoutItsNode_andNeverOldAfterAWrite() {
        try (RouterWithNodes world = RouterWithNodes.of(1, "near: {hot: 20}")) {
            Talk talk = world.client();
            Talk other = world.client();
            talk.ask("SET celebrity 0");
            await(() -> {
                talk.ask("GET celebrity");
                return world.router().figures().nearHits() > 100;
            });
            for (int i = 1; i <= 2_000; i++) {
                Talk writer = i % 2 == 0 ? talk : other;
                Talk reader = i % 3 == 0 ? talk : other;
                assertThat(writer.ask(i % 5 == 0 ? "MSET celebrity " + i + " {celebrity}2 x" : "SET celebrity " + i)).isEqualTo("OK");
                assertThat(reader.ask("GET celebrity")).isEqualTo(String.valueOf(i));
                assertThat(reader.ask("GET celebrity")).isEqualTo(String.valueOf(i));
            }
            talk.say("SET celebrity a", "GET celebrity", "SET celebrity b", "GET celebrity", "MULTI", "SET celebrity c", "EXEC", "GET celebrity");
            assertThat(IntStream.range(0, 8).mapToObj(_ -> talk.hear())).containsExactly("OK", "a", "OK", "b", "OK", "QUEUED", "[OK]", "c");
            Talk past = world.at(0);
            talk.ask("GET celebrity");
            past.ask("SET celebrity past");
            await(() -> talk.ask("GET celebrity").equals("past"));
            past.ask("PEXPIRE celebrity 100");
            await(() -> talk.ask("GET celebrity").equals("(nil)"));
        }
    }

    @Test
    void whatCameFirstExpiresFirst_whereThatIsAskedFor() {
        try (RouterWithNodes world = RouterWithNodes.of(1)) {
            world.router().expireAfter(Duration.ofDays(30));
            Talk talk = world.client();
            talk.say("SET a 1", "SET b 1 EX 50", "MSET c 1 d 2", "HSET h f v", "INCR n", "EXPIRE n 100", "INCR n", "TTL a", "TTL b", "TTL c", "TTL d", "TTL h", "TTL n");
            List<String> answers = IntStream.range(0, 13).mapToObj(_ -> talk.hear()).toList();
            assertThat(answers.subList(7, 13).stream().map(Integer::parseInt).map(seconds -> seconds > 1000 ? 30 : seconds > 50 ? 100 : 50)).containsExactly(30, 50, 30, 30, 30, 100);
        }
    }

    // ---- Declared keys ----

    @Test
    void declaredKeysAreAnsweredByTheirStrategy_inTheClientsOrder() {
        try (RouterWithNodes world = RouterWithNodes.of(2)) {
            List<String> asked = new ArrayList<>();
            world.router().declare(new DeclaredKeys() {
                @Override
                public int rule(byte[] key, int length) {
                    return length > 5 && new String(key, 0, 5, StandardCharsets.US_ASCII).equals("user:") ? 7 : -1;
                }

                @Override
                public CompletionStage<Reply> answer(Request request) {
                    asked.add(request.name() + " " + new String(request.arguments()[1], StandardCharsets.UTF_8));
                    if (request.name().equals("SET")) {
                        throw new IllegalStateException("a fault");
                    }
                    return CompletableFuture.supplyAsync(() -> Reply.bulk("row of " + new String(request.arguments()[1], StandardCharsets.UTF_8)));
                }
            });
            Talk talk = world.client();
            talk.say("SET a 1", "GET user:1", "INCR a", "GET user:2", "GET a");
            assertThat(IntStream.range(0, 5).mapToObj(_ -> talk.hear())).containsExactly("OK", "row of user:1", "2", "row of user:2", "2");
            assertThat(talk.ask("MGET a user:3 none user:4")).isEqualTo("[2 row of user:3 (nil) row of user:4]");
            assertThat(talk.ask("SET user:1 x")).isEqualTo("-ERR the router failed: IllegalStateException");
            assertThat(talk.ask("GET user:1 x")).isEqualTo("-ERR wrong number of arguments for 'get' command");
            assertThat(talk.ask("RENAME a user:1")).startsWith("-ERR 'rename' is not possible on 'user:1': its prefix is declared");
            assertThat(talk.ask("EVAL x 1 user:1")).startsWith("-ERR 'eval' is not possible on 'user:1'");
            talk.say("MULTI", "GET user:1", "EXEC");
            assertThat(talk.hear()).isEqualTo("OK");
            assertThat(talk.hear()).startsWith("-ERR 'get' is not possible on 'user:1'");
            assertThat(talk.hear()).startsWith("-EXECABORT");
            assertThat(asked).contains("GET user:1", "GET user:2", "GET user:3", "GET user:4", "SET user:1");
            assertThat(world.faults).hasSize(1);
        }
    }

    @Test
    void theRoutersOwnUseOfTheNodesIsAnsweredToo() {
        try (RouterWithNodes world = RouterWithNodes.of(2)) {
            Store store = world.router().store();
            byte[] key = world.keyAt(1, "own").getBytes();
            assertThat(store.send(key, "SET".getBytes(), key, "x".getBytes()).toCompletableFuture().join()).isEqualTo(Reply.OK);
            assertThat(Talk.text(store.get(key).toCompletableFuture().join())).isEqualTo("x");
            world.redis(1).kill();
            await(() -> store.get(key).toCompletableFuture().handle((_, fault) -> fault instanceof NodeDown).join());
        }
    }

    // ---- Clients that do not behave ----

    @Test
    void whoTakesNoAnswersIsLeft_andOthersGoOn() {
        try (RouterWithNodes world = RouterWithNodes.of(1, "timeouts: {unread: 1s}")) {
            Talk good = world.client();
            byte[] value = new byte[1 << 20];
            good.say("SET".getBytes(), "big".getBytes(), value);
            good.hear();
            Talk bad = world.client();
            for (int i = 0; i < 300; i++) {
                bad.say("GET big");
            }
            for (int i = 0; i < 1_000; i++) {
                assertThat(good.ask("PING " + i)).isEqualTo(String.valueOf(i));
                assertThat(good.ask("STRLEN big")).isEqualTo(String.valueOf(1 << 20));
            }
            await(() -> world.router().figures().clients() == 1);
            assertThat(world.faults).isEmpty();
        }
    }
}
