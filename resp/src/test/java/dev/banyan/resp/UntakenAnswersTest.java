package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Transport;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not take what they asked for, and those beside them. */
@Timeout(120)
class UntakenAnswersTest {
    private static final int WRITES = 8;
    private static final int SOME = 60_000;
    private static final int TRANSACTIONS = 400;
    private static final String BIG = "x".repeat(1 << 20);

    /** A listener that says when it is about to write to a client, so that a client can leave at any of the writes. */
    private static final class Watched extends NioServerSocketChannel {
        private final AtomicReference<Runnable> beforeWrite;

        private Watched(AtomicReference<Runnable> beforeWrite) {
            this.beforeWrite = beforeWrite;
        }

        @Override
        protected int doReadMessages(List<Object> accepted) throws IOException {
            SocketChannel socket = javaChannel().accept();
            if (socket == null) {
                return 0;
            }
            accepted.add(new NioSocketChannel(this, socket) {
                @Override
                protected void doWrite(ChannelOutboundBuffer out) throws Exception {
                    beforeWrite.get().run();
                    super.doWrite(out);
                }
            });
            return 1;
        }

        static Transport in(Transport sockets, AtomicReference<Runnable> beforeWrite) {
            return new Transport(sockets.loops(), () -> new Watched(beforeWrite), sockets.connection(), sockets.resolver(), sockets.address(), true);
        }
    }

    /**
     * @param gets with 16 the router has read all that the client sent before the first answer, with 40 it has not
     * @param shared whether another client asks over the same connection to the node meanwhile
     */
    @ParameterizedTest
    @CsvSource({"16, true", "40, true", "16, false", "40, false"})
    void whoLeavesWhileItIsWrittenToIsForgotten_andHoldsUpNobody(int gets, boolean shared) {
        AtomicReference<Runnable> beforeWrite = new AtomicReference<>(() -> {});
        try (RouterWithNodes world = RouterWithNodes.onOneLoop(1, "limits: {unread: 1MiB}", sockets -> Watched.in(sockets, beforeWrite))) {
            Talk other = world.client();
            assertThat(other.ask("SET big " + BIG)).isEqualTo("OK");
            for (int write = 0; write < WRITES; write++) {
                Talk talk = world.client();
                assertThat(talk.ask("PING")).isEqualTo("PONG");
                CountDownLatch left = new CountDownLatch(1);
                int[] before = {write};
                beforeWrite.set(() -> {
                    if (before[0]-- == 0) {
                        talk.reset();
                        left.countDown();
                    }
                });
                talk.say(IntStream.range(0, gets).mapToObj(_ -> "GET big").toArray(String[]::new));
                if (shared) {
                    other.say("SET small " + write);
                }
                Await.until("it leaves at write " + write, () -> {
                    talk.takeSome();
                    return left.getCount() == 0;
                });
                if (shared) {
                    assertThat(other.hear()).as("asked beside one who left at write %d", write).isEqualTo("OK");
                }
                Await.until("it is forgotten, though it left at write " + write, () -> world.router().figures().clients() == 1);
                Await.until("nobody waits for its answers, though it left at write " + write, () -> world.router().owed().join() == 0);
                beforeWrite.set(() -> {});
            }
            assertThat(world.faults).isEmpty();
        }
    }

    /** The last piece of its answer is what is too much for it: nothing more comes on that connection. */
    @Test
    void aConnectionThatWasLentToASlowReaderHoldsUpNobodyElse() {
        try (RouterWithNodes world = RouterWithNodes.onOneLoop(1, "limits: {unread: 64KiB}", sockets -> sockets)) {
            Talk other = world.client();
            assertThat(other.ask("SET some " + BIG.substring(0, SOME))).isEqualTo("OK");
            Talk slow = world.client();
            slow.say(IntStream.range(0, TRANSACTIONS).boxed().flatMap(_ -> Stream.of("MULTI", "GET some", "EXEC")).toArray(String[]::new));
            Await.until("nothing more is read for it", new Unchanged(world.router()));
            List<Talk> others = IntStream.range(0, 4).mapToObj(_ -> world.client()).toList();
            for (String command : List.of("MULTI", "SET small x", "EXEC")) { // all at once, so that no idle connection is left out
                others.forEach(one -> one.say(command));
                assertThat(others.stream().map(Talk::hear)).as(command).noneMatch(answer -> answer.startsWith("-"));
            }
            for (int i = 0; i < TRANSACTIONS; i++) {
                assertThat(IntStream.range(0, 3).map(_ -> slow.hear().length()).toArray()).as("the slow one's transaction %d", i).endsWith(SOME + 2);
            }
        }
    }

    /** Where reading stops behind so much, the JDK's sockets tell of no close. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoLeavesInAWaitIsCalledOff_howeverMuchItSentBehindIt(boolean reset) {
        try (RouterWithNodes world = RouterWithNodes.onOneLoop(1, "limits: {unread: 1MiB}", sockets -> sockets)) {
            Talk other = world.client();
            Talk talk = world.client();
            talk.say("BLPOP q 0");
            talk.say("SET k " + BIG, "SET l " + BIG);
            Await.until("it waits", () -> other.ask("CLIENT LIST").contains("owed=1"));
            if (reset) {
                talk.reset();
            } else {
                talk.close();
            }
            Await.until("it is forgotten", () -> world.router().figures().clients() == 1);
            Await.until("the node knows", () -> world.at(0).ask("INFO clients").contains("blocked_clients:0"));
            assertThat(other.ask("RPUSH q x")).isEqualTo("1");
            assertThat(other.ask("LLEN q")).isEqualTo("1");
        }
    }

    @Test
    void whoSendsWithoutEndBehindAWaitIsDisconnected() {
        try (RouterWithNodes world = RouterWithNodes.onOneLoop(1, "limits: {unread: 1MiB}", sockets -> sockets)) {
            Talk talk = world.client();
            talk.say("BLPOP q 0");
            assertThatThrownBy(() -> IntStream.range(0, 80).forEach(_ -> talk.say("SET k " + BIG))).isInstanceOf(UncheckedIOException.class);
            Await.until("it is forgotten", () -> world.router().figures().clients() == 0);
            assertThat(world.faults).isEmpty();
        }
    }

    /** Whether no client's command has been read for a while. */
    private static final class Unchanged implements BooleanSupplier {
        private final RespRouter router;
        private long commands = -1;
        private int looks;

        private Unchanged(RespRouter router) {
            this.router = router;
        }

        @Override
        public boolean getAsBoolean() {
            long now = router.figures().commands();
            looks = now == commands ? looks + 1 : 0;
            commands = now;
            return looks == 200;
        }
    }
}
