package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.net.Transport;
import io.netty.channel.ChannelException;
import java.net.SocketException;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The less usual ways in which a request and its answer may go. */
class ExchangesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    /** The server closes with unread bytes, so its system resets the connection: the answer must have been read before. */
    @RepeatedTest(10)
    void anAnswerBeforeTheRequestsEndReachesTheClient() throws Exception {
        Origin.Script early = (_, out) -> {
            Origin.write(out, "HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large");
            out.close();
        };
        try (Origin origin = new Origin(early); Site site = Site.of("", origin); Client client = new Client(site)) {
            client.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 500; i++) {
                        client.socket.getOutputStream().write(new byte[100_000]);
                    }
                } catch (java.io.IOException refused) {
                    // as it should be
                }
            });
            assertThat(client.answer()).startsWith("HTTP/1.1 413 ").contains("Connection: close\r\n").endsWith("too large");
            assertThat(site.servers.getFirst().failures()).isZero();
        }
    }

    @Test
    void expectingContinue_theServerSaysWhenToSend() throws Exception {
        Origin.Script expecting = (request, out) -> {
            assertThat(request.header("expect")).isEqualTo("100-continue");
            Origin.write(out, "HTTP/1.1 100 Continue\r\n\r\n");
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + new String(request.body().readNBytes(5)));
        };
        try (Origin origin = new Origin(expecting); Site site = Site.of("", origin); Client client = new Client(site)) {
            for (int i = 0; i < 3; i++) {
                client.say("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
                assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                assertThat(client.say("hello").answer()).endsWith("hello");
            }
        }
    }

    @Test
    void expectingContinue_theServerRefuses_andNoBodyIsSent() throws Exception {
        Origin.Script refusing = (_, out) -> {
            Origin.write(out, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
            out.close();
        };
        try (Origin origin = new Origin(refusing); Site site = Site.of("", origin); Client client = new Client(site)) {
            client.say("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 401 ").contains("Connection: close\r\n");
        }
    }

    @Test
    void interimAnswersPass_toOneWhoKnowsThem() throws Exception {
        Origin.Script hints = (_, out) -> Origin.write(out, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        try (Origin origin = new Origin(hints); Site site = Site.of("", origin)) {
            try (Client client = new Client(site)) {
                client.say(GET);
                assertThat(client.head()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                assertThat(client.head()).isEqualTo("HTTP/1.1 103 Early Hints\r\n\r\n");
                assertThat(client.answer()).endsWith("x");
            }
            assertThat(Client.ask(site, "GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    static Stream<Arguments> withoutABody() {
        return Stream.of(
                arguments("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
                arguments("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                arguments("HEAD", "HTTP/1.1 200 OK\r\n\r\n"),
                arguments("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
                arguments("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\nETag: \"a\"\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource
    void withoutABody(String method, String answer) throws Exception {
        try (Origin origin = new Origin((_, out) -> Origin.write(out, answer)); Site site = Site.of("", origin); Client client = new Client(site)) {
            for (int i = 0; i < 3; i++) {
                client.say(method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.head()).isEqualTo(answer);
            }
        }
    }

    @Test
    void aServerOfHttp10_isSpokenToAndItsAnswerEndsWithItsConnection() throws Exception {
        Origin.Script old = (_, out) -> {
            Origin.write(out, "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nuntil the end");
            out.close();
        };
        try (Origin origin = new Origin(old); Site site = Site.of("", origin); Client client = new Client(site)) {
            assertThat(client.say(GET).rest()).isEqualTo("HTTP/1.1 200 OK\r\nServer: old\r\nConnection: close\r\n\r\nuntil the end");
            assertThat(site.servers.getFirst().failures()).isZero();
        }
    }

    @ParameterizedTest(name = "keep-alive {0}")
    @ValueSource(booleans = {true, false})
    void aServerOfHttp10_isKeptOnlyWhenItSaysSo(boolean keeps) throws Exception {
        String head = "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n" + (keeps ? "Connection: keep-alive\r\n" : "") + "\r\nx";
        var sockets = java.util.concurrent.ConcurrentHashMap.newKeySet();
        Origin.Script old = (request, out) -> {
            sockets.add(request.socket());
            Origin.write(out, head);
        };
        try (Origin origin = new Origin(old); Site site = Site.of("", origin); Client client = new Client(site)) {
            assertThat(client.say(GET).answer()).doesNotContain("keep-alive").endsWith("x");
            assertThat(client.say(GET).answer()).endsWith("x");
            assertThat(sockets).hasSize(keeps ? 1 : 2);
        }
    }

    @Test
    void anAnswerThatIsReset_isResetForTheClient_whenNothingElseTellsItsEnd() throws Exception {
        Origin.Script reset = (request, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\n\r\nhalf");
            request.body().read();
            request.reset();
        };
        try (Origin origin = new Origin(reset); Site site = Site.of("", origin); Client client = new Client(site)) {
            client.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
            assertThat(client.head() + client.take(4)).endsWith("\r\n\r\nhalf");
            client.say("x");
            assertThatThrownBy(client::rest).isInstanceOf(SocketException.class);
            Site.await("the failure", () -> site.servers.getFirst().failures() == 1);
        }
    }

    /** Its client gets no chunks, so a proper close would pass for the end. */
    @Test
    void aCutAnswerInChunks_isResetForAClientOfHttp10() throws Exception {
        Origin.Script cut = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            out.close();
        };
        try (Origin origin = new Origin(cut); Site site = Site.of("", origin); Client client = new Client(site)) {
            client.say("GET / HTTP/1.0\r\n\r\n");
            assertThatThrownBy(client::rest).isInstanceOf(SocketException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "Transfer-Encoding: chunked\r\n\r\nzz\r\n"})
    void aCutAnswerIsCutForTheClient_andItsConnectionEnds(String answer) throws Exception {
        Origin.Script cut = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\n" + answer);
            out.close();
        };
        try (Origin origin = new Origin(cut); Site site = Site.of("", origin); Client client = new Client(site)) {
            client.say(GET + GET);
            String all = client.rest();
            assertThat(all).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("\r\n0\r\n\r\n");
            assertThat(all.split("HTTP/1.1 ", -1)).hasSize(2);
            assertThat(origin.heads).hasSize(1);
        }
    }

    @Test
    void bytesPastAnAnswerEndTheConnectionToTheServer_andReachNobody() throws Exception {
        Origin.Script tooMuch = (_, out) -> Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
        try (Origin origin = new Origin(tooMuch); Site site = Site.of("", origin); Client client = new Client(site)) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.say(GET).answer()).doesNotContain("forged").endsWith("x");
            }
        }
    }

    /** As when there are no file descriptors left: no channel can be made at all. */
    @Test
    void answers502_whenNoConnectionCanEvenBeMade() throws Exception {
        try (Loops loops = Loops.open(IoKind.best(), 1)) {
            Transport sockets = loops.transport();
            Transport exhausted = new Transport(sockets.loops(), sockets.listener(), () -> {
                throw new ChannelException("too many open files");
            }, sockets.resolver(), sockets.address(), true);
            var settings = Site.frontDoor("  health: {interval: 20ms, fall: 2}\n");
            var group = new dev.banyan.balance.ServerGroup(settings.balance(), settings.health(), 10, 7, _ -> {});
            var server = group.add("web-1", new dev.banyan.topology.HostPort("127.0.0.1", 1), 1, true, Clock.system().nanos());
            try (FrontDoor door = FrontDoor.of(settings, "/", group, exhausted, Clock.system(), new java.util.SplittableRandom(1),
                            new dev.banyan.telemetry.Registry(Clock.system()), java.util.Optional.empty()).open();
                    java.net.Socket client = new java.net.Socket("127.0.0.1", door.addresses().getFirst().port())) {
                client.setSoTimeout(10_000);
                Origin.write(client.getOutputStream(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                assertThat(new String(client.getInputStream().readAllBytes())).startsWith("HTTP/1.1 502 ");
                Site.await("checks that go on", () -> server.state() == dev.banyan.balance.ServerState.SICK);
                assertThat(server.lastCheckFailure()).contains("too many open files");
                assertThat(server.inFlight()).isZero();
            }
        }
    }
}
