package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers that keep to the protocol most of the time, and clients that know where they do not: what one of these says too much is never the answer to the
 * next client's request, however late it comes.
 */
class DesyncTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String STRAY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Path: /stray\r\n\r\n";

    /** A server that answers by path, and has something more to say when the next client has asked. */
    private static final class Habit implements Origin.Script {
        private final CountDownLatch nextAsked = new CountDownLatch(1);
        private final String first;
        private final String then;

        /**
         * @param first the answer to {@code /first}, after which its body is not read
         * @param then said on that connection when the next has asked; may be empty
         */
        Habit(String first, String then) {
            this.first = first;
            this.then = then;
        }

        @Override
        public void serve(Origin.Request request, OutputStream out) throws IOException {
            String path = request.line().split(" ")[1];
            if (path.equals("/first")) {
                Origin.write(out, first);
                if (!then.isEmpty()) {
                    awaitNext();
                    Origin.write(out, then);
                }
                return;
            }
            if (path.equals("/smuggled")) {
                awaitNext();
            }
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Path: " + path + "\r\n\r\n");
        }

        private void awaitNext() throws IOException {
            try {
                if (!nextAsked.await(30, TimeUnit.SECONDS)) {
                    throw new IOException("nobody asked after 30 s");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        /** Has one client ask for {@code /first}, another then for {@code /next}: the other gets its own answer; what the first got. */
        String meets(String request) throws Exception {
            try (Origin origin = new Origin(this); Site site = Site.of("", origin); Client attacker = new Client(site); Client next = new Client(site)) {
                String answer = attacker.say(request).head();
                next.say("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
                Site.await("the next request at a server", () -> site.inFlight() == 1 || there(next.in));
                nextAsked.countDown();
                assertThat(next.head()).contains("X-Path: /next\r\n");
                return answer;
            }
        }
    }

    private static boolean there(InputStream in) {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String with(String body, String start, String... fields) {
        return start + " HTTP/1.1\r\nHost: a\r\n" + String.join("", fields) + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** What a server leaves unread it takes for the next request of the connection. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "DELETE", "OPTIONS"})
    void aBodyThatAServerOverlooksIsNoRequest(String method) throws Exception {
        new Habit("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "").meets(with(SMUGGLED, method + " /first"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"301 Moved Permanently", "308 Permanent Redirect", "401 Unauthorized", "403 Forbidden", "404 Not Found", "405 Method Not Allowed", "413 Content Too Large", "500 Oops"})
    void theBodyOfARequestThatAServerTurnsAwayIsNoRequest(String status) throws Exception {
        String answer = new Habit("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n", "").meets(with(SMUGGLED, "POST /first"));
        assertThat(answer).startsWith("HTTP/1.1 " + status.substring(0, 3));
    }

    /** Post, redirect, get: what every form does costs no connection. */
    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "201 Created", "302 Found", "303 See Other"})
    void aServerThatHasTakenABodyKeepsItsConnection(String status) throws Exception {
        Set<Socket> connections = ConcurrentHashMap.newKeySet();
        Origin.Script taking = (request, out) -> {
            connections.add(request.socket());
            request.body().readNBytes(Integer.parseInt(request.header("Content-Length")));
            Origin.write(out, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
        };
        try (Origin origin = new Origin(taking); Site site = Site.of("", origin); Client client = new Client(site)) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.say(with("a=b", "POST /form")).answer()).startsWith("HTTP/1.1 " + status);
            }
            assertThat(connections).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "417 Expectation Failed"})
    void aBodyThatAServerDidNotAskForIsNoRequest(String status) throws Exception {
        new Habit("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n", "").meets(with(SMUGGLED, "POST /first", "Expect: 100-continue\r\n"));
    }

    static Stream<Arguments> contentWhereNoneMayBe() {
        return Stream.of(
                arguments("HEAD", "200 OK\r\nContent-Length: " + STRAY.length()),
                arguments("HEAD", "200 OK\r\nTransfer-Encoding: chunked"),
                arguments("HEAD", "200 OK\r\nX-Length: unknown"),
                arguments("GET", "204 No Content\r\nContent-Length: " + STRAY.length()),
                arguments("GET", "204 No Content\r\nTransfer-Encoding: chunked"),
                arguments("GET", "304 Not Modified\r\nContent-Length: " + STRAY.length()),
                arguments("GET", "304 Not Modified\r\nTransfer-Encoding: chunked"));
    }

    @ParameterizedTest
    @MethodSource("contentWhereNoneMayBe")
    void contentWhereNoneMayBeIsNoAnswer(String method, String status) throws Exception {
        String answer = new Habit("HTTP/1.1 " + status + "\r\n\r\n", STRAY).meets(method + " /first HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status.substring(0, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "400 Bad Request", "426 Upgrade Required"})
    void whatAServerSaysAfterItHasRefusedAnUpgradeIsNoAnswer(String status) throws Exception {
        new Habit("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n", STRAY)
                .meets("GET /first HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 777\r\n\r\n");
    }

    static Stream<Arguments> answersWithMoreBehind() {
        return Stream.of(
                arguments("a second answer", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + STRAY, "200"),
                arguments("a late interim answer", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n", "200"),
                arguments("content past its length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + STRAY, "200"),
                arguments("content past its last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + STRAY, "200"),
                arguments("both lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + STRAY, "502"),
                arguments("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n" + STRAY, "502"),
                arguments("a tunnel that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n" + STRAY, "502"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersWithMoreBehind")
    void whatComesWithAnAnswerIsNoOtherAnswer(String name, String answers, String status) throws Exception {
        assertThat(new Habit(answers, "").meets("GET /first HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 " + status);
    }

    /** The answer is whole before the request is: what is left of the request is nobody's, at either side. */
    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "404 Not Found"})
    void theRestOfARequestThatIsAnsweredEarlyIsNoRequest(String status) throws Exception {
        Habit habit = new Habit("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n", "");
        try (Origin origin = new Origin(habit); Site site = Site.of("", origin); Client client = new Client(site)) {
            assertThat(client.say("POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n").head()).contains("Connection: close\r\n");
            assertThat(client.say(SMUGGLED).rest()).isEmpty();
            assertThat(Client.get(site, "/next")).contains("X-Path: /next\r\n");
            assertThat(origin.heads).noneMatch(head -> head.contains("smuggled"));
        }
    }

    /** The same where the front door answers itself: no server is there. */
    @Test
    void theRestOfARequestThatTheFrontDoorRefusesIsNoRequest() throws Exception {
        try (Site site = Site.at(""); Client client = new Client(site)) {
            assertThat(client.say("POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n").answer()).startsWith("HTTP/1.1 503 ").contains("Connection: close\r\n");
            assertThat(client.say(SMUGGLED).rest()).isEmpty();
        }
    }

    /** A server that closes an unused connection may say 408 first: that is no answer to a request that was on its way just then. */
    @Test
    void aFarewellToAnUnusedConnectionIsNoAnswer() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Origin.Script farewell = (request, out) -> {
            seen.add(request.line());
            if (seen.size() == 2) {
                Origin.write(out, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                request.socket().close();
            } else {
                Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Path: " + request.line().split(" ")[1] + "\r\n\r\n");
            }
        };
        try (Origin origin = new Origin(farewell); Site site = Site.of("", origin); Client client = new Client(site)) {
            client.say("GET /first HTTP/1.1\r\nHost: a\r\n\r\n").head();
            assertThat(client.say("GET /next HTTP/1.1\r\nHost: a\r\n\r\n").head()).startsWith("HTTP/1.1 200 ").contains("X-Path: /next\r\n");
            assertThat(seen).hasSize(3);
        }
    }
}
