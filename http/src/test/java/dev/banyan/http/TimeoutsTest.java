package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Each of {@code front-door.timeouts} ends what it is for, with the right status or close, and frees its place. */
class TimeoutsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";

    /** Takes a request's head and says nothing. */
    private static Origin silent() throws IOException {
        return new Origin((request, _) -> request.body().transferTo(java.io.OutputStream.nullOutputStream()));
    }

    private static void free(Site site) {
        Site.await("every place to be free", () -> site.inFlight() == 0);
    }

    @Test
    void head_refusesAHeadThatDoesNotEnd() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("  timeouts: {head: 150ms}\n", origin); Client client = new Client(site)) {
            assertThat(client.say("GET / HTTP/1.1\r\nHo").rest()).startsWith("HTTP/1.1 408 ").contains("Connection: close\r\n").contains("head");
            client.close();
            Site.await("the connection's end", () -> site.door.connections() == 0);
        }
    }

    @Test
    void head_isCountedFromTheHeadsFirstByte_notItsLast() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("  timeouts: {head: 400ms}\n", origin); Client client = new Client(site)) {
            client.say("GET / HTTP/1.1\r\nX: ").socket.setSoTimeout(20);
            assertThat((char) firstByteWhileSaying(client, "y")).isEqualTo('H');
            client.socket.setSoTimeout(5_000);
            assertThat(client.head()).startsWith("TTP/1.1 408 ");
        }
    }

    /** Says one thing each 20 ms until the first byte of an answer is there. */
    private static int firstByteWhileSaying(Client client, String more) throws IOException {
        long until = System.nanoTime() + 5_000_000_000L;
        while (System.nanoTime() < until) {
            try {
                return client.say(more).in.read();
            } catch (SocketTimeoutException nothingYet) {
                // once more
            }
        }
        throw new AssertionError("no answer in 5 s");
    }

    @Test
    void idle_closesAConnectionBetweenTwoRequests_withoutAWord() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("  timeouts: {idle: 150ms}\n", origin); Client client = new Client(site)) {
            assertThat(client.say(GET).answer()).endsWith("x");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void body_refusesARequestWhoseBodyStops() throws Exception {
        try (Origin origin = silent(); Site site = Site.of("  timeouts: {body: 150ms}\n", origin); Client client = new Client(site)) {
            assertThat(client.say(POST + "10\r\n\r\nabc").rest()).startsWith("HTTP/1.1 408 ").contains("body");
            free(site);
            assertThat(site.servers.getFirst().failures()).isZero();
        }
    }

    @Test
    void body_isTheServersFault_whenItTakesNothingOfARequest() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Origin origin = new Origin((_, _) -> await(end)); Site site = Site.of("  timeouts: {body: 300ms}\n", origin); Client client = new Client(site)) {
            client.say(POST + "1000000000\r\n\r\n");
            Thread.ofVirtual().start(() -> pour(client));
            assertThat(client.head()).startsWith("HTTP/1.1 504 ");
            free(site);
            assertThat(site.servers.getFirst().failures()).isEqualTo(1);
        } finally {
            end.countDown();
        }
    }

    @Test
    void body_cutsAnAnswerThatStops() throws Exception {
        Origin.Script half = (request, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            request.body().read();
        };
        try (Origin origin = new Origin(half); Site site = Site.of("  timeouts: {body: 150ms}\n", origin); Client client = new Client(site)) {
            assertThat(client.say(GET).rest()).endsWith("\r\n\r\nabc");
            free(site);
            assertThat(site.servers.getFirst().failures()).isEqualTo(1);
        }
    }

    @Test
    void body_resetsTheClient_whenAnAnswerStopsThatOnlyAnEndCouldEnd() throws Exception {
        Origin.Script half = (request, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\n\r\nabc");
            request.body().read();
        };
        try (Origin origin = new Origin(half); Site site = Site.of("  timeouts: {body: 150ms}\n", origin); Client client = new Client(site)) {
            client.say(GET);
            assertThatThrownBy(client::rest).isInstanceOf(java.net.SocketException.class).hasMessageContaining("reset");
            free(site);
        }
    }

    @Test
    void body_isNoFaultOfTheServers_whenItsClientTakesNothing() throws Exception {
        Origin.Script endless = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            byte[] piece = new byte[64 * 1024];
            while (true) {
                out.write(piece);
            }
        };
        try (Origin origin = new Origin(endless); Site site = Site.of("  timeouts: {body: 300ms}\n", origin); Client client = new Client(site)) {
            client.say(GET);
            Site.await("the request's arrival", () -> site.inFlight() == 1);
            free(site);
            assertThat(site.servers.getFirst().failures()).isZero();
            Site.await("the connection's end", () -> site.door.connections() == 0);
        }
    }

    @Test
    void response_answers504_whenAServerDoesNotBeginToAnswer() throws Exception {
        try (Origin origin = silent(); Site site = Site.of("  timeouts: {response: 150ms}\n", origin); Client client = new Client(site)) {
            assertThat(client.say(POST + "1\r\n\r\nx").answer()).startsWith("HTTP/1.1 504 ").contains("did not answer in time");
            free(site);
            assertThat(site.servers.getFirst().failures()).isEqualTo(1);
            assertThat(client.say(POST + "1\r\n\r\nx").answer()).as("the client's connection goes on").startsWith("HTTP/1.1 504 ");
        }
    }

    @Test
    void serverIdle_closesAnUnusedConnectionToAServer() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("  timeouts: {server-idle: 150ms}\n  health: {interval: 1h}\n", origin)) {
            assertThat(Client.get(site, "/")).endsWith("x");
            Site.await("the end of the connection to the server", () -> origin.connections() == 0);
        }
    }

    @Test
    void tunnel_endsOneThatIsSilentBothWays() throws Exception {
        Origin.Script upgrade = (request, out) -> {
            Origin.write(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
            request.body().transferTo(out);
        };
        try (Origin origin = new Origin(upgrade); Site site = Site.of("  timeouts: {tunnel: 200ms}\n", origin); Client client = new Client(site)) {
            assertThat(client.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n").head()).startsWith("HTTP/1.1 101 ");
            assertThat(client.rest()).isEmpty();
            Site.await("the tunnel's end", () -> site.servers.getFirst().tunnels() == 0);
        }
    }

    @Test
    void connect_answers502_whenAServersQueueOfConnectionsIsFull() throws Exception {
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(deaf, fillers);
            try (Site site = Site.at("  timeouts: {connect: 150ms}\n", new HostPort("127.0.0.1", deaf.getLocalPort()))) {
                assertThat(Client.ask(site, POST + "1\r\n\r\nx")).startsWith("HTTP/1.1 502 ").contains("could be reached").contains("Retry-After: 1\r\n");
                free(site);
            }
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    private static void fill(ServerSocket deaf, List<Socket> fillers) throws IOException {
        try {
            for (int i = 0; i < 100; i++) {
                Socket filler = new Socket();
                fillers.add(filler);
                filler.connect(new InetSocketAddress("127.0.0.1", deaf.getLocalPort()), 200);
            }
        } catch (SocketTimeoutException full) {
            assertThat(fillers).hasSizeGreaterThan(1);
        }
    }

    @Test
    void queueTimeout_answers503_whenAllServersStayBusy() throws Exception {
        try (Origin origin = silent(); Site site = Site.of("  limits: {per-server: 1, queue-timeout: 150ms}\n", origin); Client first = new Client(site)) {
            first.say(GET);
            Site.await("the first request", () -> site.inFlight() == 1);
            assertThat(Client.get(site, "/")).startsWith("HTTP/1.1 503 ").contains("stayed busy").contains("Retry-After: 1\r\n");
            assertThat(site.door.waiting()).isZero();
            assertThat(site.inFlight()).isEqualTo(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pour(Client client) {
        try {
            byte[] piece = new byte[64 * 1024];
            while (true) {
                client.socket.getOutputStream().write(piece);
            }
        } catch (IOException refused) {
            // as it should be
        }
    }
}
