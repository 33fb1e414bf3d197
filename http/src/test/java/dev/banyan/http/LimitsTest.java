package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each of {@code front-door.limits}, hit exactly and by one more. */
class LimitsTest {
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";

    private static Origin reader() throws Exception {
        return new Origin((request, out) -> {
            if (request.header("transfer-encoding").equals("chunked")) {
                new Chunked(request.body()).readAll();
            } else if (!request.header("content-length").isEmpty()) {
                request.body().readNBytes(Integer.parseInt(request.header("content-length")));
            }
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("a length at the limit", POST + "Content-Length: 20000\r\n\r\n" + "x".repeat(20_000), 200),
                arguments("a length over it", POST + "Content-Length: 20001\r\n\r\n", 413),
                arguments("chunks at the limit", POST + "Transfer-Encoding: chunked\r\n\r\n" + "2710\r\n" + "x".repeat(10_000) + "\r\n2710\r\n" + "x".repeat(10_000) + "\r\n0\r\n\r\n", 200),
                arguments("chunks over it", POST + "Transfer-Encoding: chunked\r\n\r\n" + "2710\r\n" + "x".repeat(10_000) + "\r\n2711\r\n" + "x".repeat(10_001) + "\r\n0\r\n\r\n", 413),
                arguments("small chunks over it", POST + "Transfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(20_001), 413),
                arguments("a head at the limit", head(1024), 200),
                arguments("a head over it", head(1025), 431),
                arguments("headers at the limit", "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(9) + "\r\n", 200),
                arguments("headers over it", "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(10) + "\r\n", 431));
    }

    private static String head(int length) {
        String frame = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
        return frame.replace("X: ", "X: " + "y".repeat(length - frame.length()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void isKeptToTheByte(String name, String request, int status) throws Exception {
        try (Origin origin = reader(); Site site = Site.of("  limits: {body: 20000B, head: 1KiB, headers: 10}\n", origin)) {
            assertThat(Client.ask(site, request)).startsWith("HTTP/1.1 " + status + " ");
            Site.await("every place to be free", () -> site.inFlight() == 0);
        }
    }

    @Test
    void moreConnectionsWaitInTheSystemsQueue_untilOneEnds() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("  limits: {connections: 3}\n", origin)) {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                clients.add(new Client(site).say("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
            }
            for (Client client : clients.subList(0, 3)) {
                assertThat(client.answer()).endsWith("x");
            }
            clients.get(3).socket.setSoTimeout(150);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> clients.get(3).in.read()).isInstanceOf(java.net.SocketTimeoutException.class);
            assertThat(site.door.connections()).isEqualTo(3);
            clients.get(3).socket.setSoTimeout(5_000);
            for (int i = 0; i < 6; i++) {
                if (i >= 3) {
                    assertThat(clients.get(i).answer()).as("client " + i).endsWith("x");
                }
                clients.get(i).close();
            }
        }
    }

    @Test
    void aServerGetsNoMoreThanItsShareAtATime() throws Exception {
        var most = new java.util.concurrent.atomic.AtomicInteger();
        var now = new java.util.concurrent.atomic.AtomicInteger();
        Origin.Script counting = (_, out) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.yield();
            now.decrementAndGet();
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        };
        try (Origin origin = new Origin(counting); Site site = Site.of("  limits: {per-server: 4}\n", origin)) {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                clients.add(new Client(site).say("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(10)));
            }
            for (Client client : clients) {
                for (int i = 0; i < 10; i++) {
                    assertThat(client.answer()).endsWith("x");
                }
                client.close();
            }
            assertThat(most.get()).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void body_isRefusedWithAnAnswer_evenAfterTheServerSaidContinue() throws Exception {
        Origin.Script goOn = (request, out) -> {
            Origin.write(out, "HTTP/1.1 100 Continue\r\n\r\n");
            request.body().transferTo(java.io.OutputStream.nullOutputStream());
        };
        try (Origin origin = new Origin(goOn); Site site = Site.of("  limits: {body: 10B}\n", origin); Client client = new Client(site)) {
            client.say("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 100 ");
            assertThat(client.say("b\r\nhello world\r\n").answer()).startsWith("HTTP/1.1 413 ").contains("front-door.limits.body");
        }
    }

    @Test
    void connections_areTakenAgainAtOnce_whenTheLimitIsRaised() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("  limits: {connections: 1}\n", origin); Client one = new Client(site); Client two = new Client(site)) {
            assertThat(one.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer()).endsWith("x");
            two.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            site.door.reconfigure(Site.frontDoor("  limits: {connections: 10}\n"));
            assertThat(two.answer()).endsWith("x");
        }
    }
}
