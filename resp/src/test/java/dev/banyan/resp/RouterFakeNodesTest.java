package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Loops;
import dev.banyan.resp.wire.Reply;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that do not behave as Redis does: the client gets an error or is disconnected, and never waits for ever. */
@Timeout(60)
class RouterFakeNodesTest {
    private static Reply answer(String command, Function<String, Reply> others) {
        String verb = command.split(" ")[0];
        return switch (verb) {
            case "HELLO" -> new Reply.Pairs(List.of());
            case "SELECT", "CLIENT" -> Reply.OK;
            case "PING" -> new Reply.Simple("PONG");
            case "COMMAND", "INFO" -> Reply.failure("ERR unknown command");
            default -> others.apply(command);
        };
    }

    @Test
    void aNodeThatRefusesTheRouterIsNotAskedAgainAndAgain_andItsReasonIsTold() {
        try (RouterWithNodes world = RouterWithNodes.of(1); Loops loops = Loops.open(); FakeNode fake = new FakeNode(loops, _ -> Reply.failure("WRONGPASS invalid username-password pair"))) {
            world.router().use(new Layout.Ring(List.of(fake.node("cache-9"))));
            Talk talk = world.client();
            Await.until("it is refused", () -> talk.ask("SET k v").contains("it refuses the router: WRONGPASS"));
            int before = fake.heard.size();
            for (int i = 0; i < 300; i++) {
                assertThat(talk.ask("SET k v")).startsWith("-NODEDOWN cache node cache-9");
            }
            assertThat(fake.heard.size() - before).as("questions to the node").isLessThan(100);
            Await.until("it is told", () -> world.decisions.stream().anyMatch(each -> each.what().equals("answer without cache node cache-9") && each.why().contains("WRONGPASS")));
            assertThat(world.faults).isEmpty();
        }
    }

    @Test
    void nonsenseEndsWhatAskedForIt_andNothingElse() {
        Function<String, Reply> nonsense = command -> switch (command.split(" ")[0]) {
            case "MGET" -> new Reply.Number(5);
            case "SCAN" -> new Reply.Array(List.of(Reply.bulk("no cursor"), new Reply.Array(List.of())));
            case "SCRIPT" -> new Reply.Array(List.of());
            case "KEYS", "DBSIZE", "RANDOMKEY" -> Reply.bulk("what?");
            default -> Reply.bulk("fine");
        };
        try (RouterWithNodes world = RouterWithNodes.of(1); Loops loops = Loops.open();
                FakeNode one = new FakeNode(loops, command -> answer(command, nonsense)); FakeNode two = new FakeNode(loops, command -> answer(command, nonsense))) {
            world.router().use(new Layout.Ring(List.of(one.node("cache-8"), two.node("cache-9"))));
            Talk other = world.client();
            Await.until("the nodes are there", () -> other.ask("GET k").equals("fine"));
            for (String command : List.of("MGET a b c d e f g h", "SCAN 0", "SCRIPT EXISTS a b", "KEYS *", "DBSIZE", "RANDOMKEY", "SELECT 3", "WATCH a", "BLPOP a 0", "EXEC")) {
                Talk talk = world.client();
                talk.say(command, "QUIT");
                assertThat(talk.isClosed()).as(command).isTrue();
                assertThat(other.ask("GET k")).isEqualTo("fine");
            }
            Await.until("all but one have gone", () -> world.router().figures().clients() == 1);
        }
    }
}
