package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AskingTest {
    private static final NodeLogin LOGIN = new NodeLogin(Optional.of("app"), Optional.of(new Secret("hunter2")), Optional.empty());
    private static final Function<String, Reply> USUAL = words -> words.startsWith("HELLO") ? new Reply.Pairs(List.of(Reply.bulk("proto"), new Reply.Number(3))) : Reply.bulk(words);

    private final Loops loops = Loops.open(IoKind.best(), 1);

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void greetsAndAsks_andTheAnswersComeInOrder() {
        try (FakeNode node = new FakeNode(loops, USUAL); Asking asking = way(LOGIN).open(node.address())) {
            List<CompletableFuture<Reply>> answers = IntStream.range(0, 100).mapToObj(i -> asking.ask("ECHO", "" + i)).toList();
            IntStream.range(0, 100).forEach(i -> assertThat(text(answers.get(i))).isEqualTo("ECHO " + i));
            assertThat(node.heard.getFirst()).isEqualTo("HELLO 3 AUTH app hunter2");
        }
    }

    @Test
    void aNodeBeforeVersion6IsAskedInVersion2() {
        Function<String, Reply> old = words -> words.startsWith("HELLO") ? Reply.failure("ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `app`, `hunter2`, ")
                : words.startsWith("AUTH") ? Reply.OK : Reply.bulk(words);
        try (FakeNode node = new FakeNode(loops, old); Asking asking = way(LOGIN).open(node.address())) {
            assertThat(text(asking.ask("PING"))).isEqualTo("PING");
            assertThat(node.heard).containsExactly("HELLO 3 AUTH app hunter2", "AUTH app hunter2", "PING");
        }
    }

    @Test
    void whenItIsNotLetIn_theReasonIsTold_andNoPassword() {
        try (FakeNode node = new FakeNode(loops, _ -> Reply.failure("WRONGPASS invalid username-password pair")); Asking asking = way(LOGIN).open(node.address())) {
            assertThatThrownBy(() -> asking.ask("PING").join()).isInstanceOf(CompletionException.class).hasCauseInstanceOf(NodeDown.class)
                    .hasMessageContaining(node.address() + ": it does not let the router in: WRONGPASS");
        }
        try (FakeNode node = new FakeNode(loops, words -> Reply.failure("ERR what is " + words)); Asking asking = way(LOGIN).open(node.address())) {
            assertThatThrownBy(() -> asking.ask("PING").join()).hasMessageNotContaining("hunter2").hasMessageContaining("repeats the password");
        }
    }

    @Test
    void aQuestionThatIsNotAnsweredInTimeEndsTheConnection() {
        try (FakeNode node = new FakeNode(loops, words -> words.startsWith("HELLO") ? USUAL.apply(words) : null);
                Asking asking = new Asking.Way(loops.transport(), loops.transport().loops().next(), NodeLogin.NONE, Duration.ofSeconds(5), Duration.ofMillis(200)).open(node.address())) {
            CompletableFuture<Reply> first = asking.ask("DEBUG", "SLEEP");
            CompletableFuture<Reply> behind = asking.ask("PING");
            assertThatThrownBy(first::join).hasMessageContaining("it has not answered for 200 ms");
            behind.handle((_, _) -> true).join();
            assertThat(asking.isOpen()).isFalse();
            assertThatThrownBy(() -> asking.ask("PING").join()).hasMessageContaining("it has not answered for 200 ms");
        }
    }

    @Test
    void aNodeThatDiesOrIsNotThereIsTold() {
        try (FakeNode node = new FakeNode(loops, USUAL); Asking asking = way(NodeLogin.NONE).open(node.address())) {
            asking.ask("PING").join();
            node.die();
            assertThat(asking.ended().orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(node.address() + ": it has closed the connection");
            Asking again = way(NodeLogin.NONE).open(node.address());
            assertThatThrownBy(() -> again.ask("PING").join()).hasMessageContaining("refused");
        }
    }

    @Test
    void whatIsNoAnswerEndsIt() {
        try (FakeNode node = new FakeNode(loops, USUAL); Asking asking = way(NodeLogin.NONE).open(node.address())) {
            asking.ask("PING").join();
            node.push(Reply.OK);
            assertThat(asking.ended().orTimeout(60, TimeUnit.SECONDS).join()).contains("an answer that nobody asked for");
        }
    }

    @Test
    void pushesComeBetweenAnswers() {
        List<List<Reply>> pushes = new CopyOnWriteArrayList<>();
        Function<String, Reply> answers = words -> words.startsWith("SUBSCRIBE") ? new Reply.Push(List.of(Reply.bulk("subscribe"), Reply.bulk("news"), new Reply.Number(1))) : USUAL.apply(words);
        try (FakeNode node = new FakeNode(loops, answers); Asking asking = way(NodeLogin.NONE).open(node.address(), pushes::add)) {
            asking.subscribe("news");
            Await.until("subscribed", () -> pushes.size() == 1);
            node.push(new Reply.Push(List.of(Reply.bulk("message"), Reply.bulk("news"), Reply.bulk("hello"))));
            assertThat(text(asking.ask("PING"))).isEqualTo("PING");
            Await.until("the message", () -> pushes.size() == 2);
            assertThat(((Reply.Bulk) pushes.get(1).get(2)).text()).isEqualTo("hello");
        }
    }

    @Test
    void closingEndsWhatIsUnderWay() {
        try (FakeNode node = new FakeNode(loops, words -> words.startsWith("HELLO") ? USUAL.apply(words) : null)) {
            Asking asking = way(NodeLogin.NONE).open(node.address());
            CompletableFuture<Reply> answer = asking.ask("BLPOP");
            asking.close();
            assertThatThrownBy(answer::join).hasMessageContaining("needed no more");
        }
    }

    private Asking.Way way(NodeLogin login) {
        return new Asking.Way(loops.transport(), loops.transport().loops().next(), login, Duration.ofSeconds(5), Duration.ofSeconds(5));
    }

    private static String text(CompletableFuture<Reply> answer) {
        return ((Reply.Bulk) answer.orTimeout(60, TimeUnit.SECONDS).join()).text();
    }
}
