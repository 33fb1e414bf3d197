package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** What happens to requests when every server has as many as it may have. */
class QueueTest {
    /** Answers a request when the test lets it. */
    private static Origin gated(Semaphore gate) throws IOException {
        return new Origin((_, out) -> {
            gate.acquireUninterruptibly();
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        });
    }

    private static List<Client> queued(Site site, int count) throws IOException {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Client client = new Client(site);
            clients.add(client.say("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n"));
            int arrived = i + 1;
            Site.await("request " + i, () -> site.inFlight() + site.door.waiting() == arrived);
        }
        return clients;
    }

    private static void close(List<Client> clients) throws IOException {
        for (Client client : clients) {
            client.close();
        }
    }

    @Test
    void servesFirstWhoCameFirst() throws Exception {
        Semaphore gate = new Semaphore(0);
        try (Origin origin = gated(gate); Site site = Site.of("  limits: {per-server: 1}\n", origin)) {
            List<Client> clients = queued(site, 20);
            assertThat(site.door.waiting()).isEqualTo(19);
            gate.release(20);
            for (Client client : clients) {
                assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
            }
            assertThat(origin.heads).extracting(head -> head.substring(5, head.indexOf(' ', 5))).isEqualTo(numbers(20));
            assertThat(site.door.waiting()).isZero();
            close(clients);
        }
    }

    private static List<String> numbers(int count) {
        return java.util.stream.IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @Test
    void nobodyWhoComesLaterTakesThePlaceOfOneWhoWaits() throws Exception {
        Semaphore gate = new Semaphore(0);
        try (Origin origin = gated(gate); Site site = Site.of("  limits: {per-server: 1}\n", origin)) {
            List<Client> clients = queued(site, 10);
            // Each answer's client asks again at once, on the loop that has just freed the place.
            for (Client client : clients) {
                client.say("GET /again HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            gate.release(20);
            for (Client client : clients) {
                client.answer();
                client.answer();
            }
            assertThat(origin.heads.subList(0, 10)).extracting(head -> head.substring(5, head.indexOf(' ', 5))).isEqualTo(numbers(10));
            close(clients);
        }
    }

    @Test
    void refusesWithRetryAfter_whatTheQueueHasNoRoomFor() throws Exception {
        Semaphore gate = new Semaphore(0);
        try (Origin origin = gated(gate); Site site = Site.of("  limits: {per-server: 2, queue: 3}\n", origin)) {
            List<Client> clients = queued(site, 5);
            assertThat(Client.get(site, "/")).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1\r\n").contains("queue is full");
            gate.release(5);
            for (Client client : clients) {
                assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
            }
            close(clients);
        }
    }

    @Test
    void hasNoQueue_whenTheLimitIsZero() throws Exception {
        Semaphore gate = new Semaphore(0);
        try (Origin origin = gated(gate); Site site = Site.of("  limits: {per-server: 1, queue: 0}\n", origin)) {
            List<Client> clients = queued(site, 1);
            assertThat(Client.get(site, "/")).startsWith("HTTP/1.1 503 ");
            gate.release();
            assertThat(clients.getFirst().answer()).startsWith("HTTP/1.1 200 ");
            close(clients);
        }
    }

    @Test
    void allWhoWaitGoOn_whenServersJoin() throws Exception {
        Semaphore gate = new Semaphore(0);
        try (Origin origin = gated(gate); Origin joining = Origin.saying("joined"); Site site = Site.of("  limits: {per-server: 1}\n  balance: {slow-start: 0s}\n", origin)) {
            List<Client> clients = queued(site, 60);
            site.add(joining.address());
            for (Client client : clients.subList(1, 60)) {
                assertThat(client.answer()).endsWith("joined");
            }
            gate.release();
            close(clients);
        }
    }

    @Test
    void oneWhoLeavesGivesTheirTurnAway() throws Exception {
        Semaphore gate = new Semaphore(0);
        try (Origin origin = gated(gate); Site site = Site.of("  limits: {per-server: 1}\n", origin)) {
            List<Client> clients = queued(site, 4);
            clients.get(1).close();
            clients.get(2).close();
            Site.await("two to leave", () -> site.door.waiting() == 1);
            gate.release(2);
            assertThat(clients.getLast().answer()).startsWith("HTTP/1.1 200 ");
            assertThat(origin.heads).hasSize(2);
            close(clients);
        }
    }

    @Test
    void keepsABodyThatComesMeanwhile_andSendsItWhole() throws Exception {
        Semaphore gate = new Semaphore(0);
        Origin.Script echo = (request, out) -> {
            gate.acquireUninterruptibly();
            int length = request.header("content-length").isEmpty() ? 0 : Integer.parseInt(request.header("content-length"));
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + new String(request.body().readNBytes(length)));
        };
        try (Origin origin = new Origin(echo); Site site = Site.of("  limits: {per-server: 1}\n", origin)) {
            List<Client> clients = queued(site, 1);
            try (Client late = new Client(site)) {
                late.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n");
                Site.await("it to wait", () -> site.door.waiting() == 1);
                String body = "0123456789".repeat(30_000);
                Thread.ofVirtual().start(() -> sayAll(late, body));
                gate.release(2);
                assertThat(late.answer()).endsWith("\r\n\r\n" + body);
            }
            close(clients);
        }
    }

    private static void sayAll(Client client, String body) {
        try {
            client.say(body);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
