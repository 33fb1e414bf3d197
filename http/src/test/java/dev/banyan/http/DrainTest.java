package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** A server, or the whole front door, leaves without a request being lost. */
class DrainTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void aDrainingServerEndsWhatItHas_andGetsNothingNew() throws Exception {
        Semaphore gate = new Semaphore(0);
        Origin.Script gated = (_, out) -> {
            gate.acquireUninterruptibly();
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
        };
        try (Origin one = new Origin(gated); Site site = Site.of("  health: {interval: 1h}\n", one); Client inFlight = new Client(site)) {
            inFlight.say(GET);
            Site.await("the request", () -> site.inFlight() == 1);
            try (Origin two = Origin.saying("2")) {
                site.add(two.address());
                site.group.drain(site.servers.getFirst());
                for (int i = 0; i < 5; i++) {
                    assertThat(Client.get(site, "/")).endsWith("2");
                }
                gate.release();
                assertThat(inFlight.answer()).endsWith("1");
                assertThat(inFlight.say(GET).answer()).endsWith("2");
                Site.await("no connection kept to it", () -> one.connections() == 0);
                assertThat(one.heads).hasSize(1);
            }
        }
    }

    @Test
    void closingLetsRequestsInFlightEnd() throws Exception {
        Semaphore gate = new Semaphore(0);
        Origin.Script gated = (_, out) -> {
            gate.acquireUninterruptibly();
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        };
        try (Origin origin = new Origin(gated); Site site = Site.of("", origin); Client busy = new Client(site); Client idle = new Client(site)) {
            busy.say(GET);
            Site.await("the request", () -> site.inFlight() == 1 && site.door.connections() == 2);
            CompletableFuture<Integer> closed = CompletableFuture.supplyAsync(() -> site.door.close(Duration.ofSeconds(10)));
            assertThat(idle.rest()).isEmpty();
            gate.release();
            assertThat(busy.rest()).contains("Connection: close\r\n").endsWith("\r\n\r\nx");
            assertThat(closed.get()).isZero();
        }
    }

    @Test
    void closingCountsWhatItCuts() throws Exception {
        Origin.Script never = (request, _) -> request.body().read();
        try (Origin origin = new Origin(never); Site site = Site.of("", origin); Client one = new Client(site); Client two = new Client(site)) {
            one.say(GET);
            two.say(GET);
            Site.await("the requests", () -> site.inFlight() == 2);
            assertThat(site.door.close(Duration.ofMillis(100))).isEqualTo(2);
            assertThat(one.rest()).isEmpty();
            assertThat(two.rest()).isEmpty();
            Site.await("every place to be free", () -> site.inFlight() == 0);
        }
    }

    @Test
    void closingLetsAnAnswerOut_whoseClientReadsSlowly() throws Exception {
        int length = 30_000_000;
        Origin.Script large = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            out.write(new byte[length]);
        };
        try (Origin origin = new Origin(large); Site site = Site.of("", origin); Client slow = new Client(site)) {
            slow.say(GET);
            assertThat(slow.head()).startsWith("HTTP/1.1 200 ");
            byte[] most = slow.in.readNBytes(length - 6_500_000);
            Site.await("the server's part to end", () -> site.inFlight() == 0 || site.servers.getFirst().inFlight() == 1);
            CompletableFuture<Integer> closed = CompletableFuture.supplyAsync(() -> site.door.close(Duration.ofSeconds(10)));
            assertThat(most.length + slow.in.readAllBytes().length).isEqualTo(length);
            assertThat(closed.get()).isZero();
        }
    }

    @Test
    void settingsChangeWhileRequestsRun() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of("  limits: {body: 10B}\n", origin); Client client = new Client(site)) {
            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
            for (int i = 0; i < 200; i++) {
                if (i % 10 == 0) {
                    site.door.reconfigure(Site.frontDoor("  limits: {per-server: " + (1 + i) + "}\n  balance: {algorithm: " + (i % 20 == 0 ? "least-connections" : "round-robin") + "}\n"));
                }
                assertThat(client.say(post).answer()).endsWith("x");
            }
            site.door.reconfigure(Site.frontDoor("  limits: {body: 3B}\n"));
            assertThat(client.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n").rest()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void aRemovedServerKeepsNoConnection_ofTheRequestThatItEnds() throws Exception {
        Semaphore gate = new Semaphore(0);
        Origin.Script gated = (_, out) -> {
            gate.acquireUninterruptibly();
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
        };
        try (Origin origin = new Origin(gated); Site site = Site.of("  timeouts: {server-idle: 1h}\n  health: {interval: 1h}\n", origin); Client client = new Client(site)) {
            client.say(GET);
            Site.await("the request", () -> site.inFlight() == 1);
            site.group.remove(site.servers.getFirst());
            gate.release();
            assertThat(client.answer()).endsWith("1");
            Site.await("no connection kept to it", () -> origin.connections() == 0);
        }
    }
}
