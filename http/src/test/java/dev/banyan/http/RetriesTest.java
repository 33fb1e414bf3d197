package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.banyan.balance.ServerState;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again on another server, what never is, and how much of it. */
class RetriesTest {
    private static final String TURNS = "  balance: {algorithm: round-robin, slow-start: 0s}\n  health: {consecutive-failures: 0, failure-share: 0%}\n";
    private static final Origin.Script CLOSE = (_, out) -> out.close();

    private static String request(String method) {
        return method + " / HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static int heads(Origin... origins) {
        return Stream.of(origins).mapToInt(origin -> origin.heads.size()).sum();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments("closes", CLOSE),
                arguments("resets", (Origin.Script) (request, _) -> request.reset()),
                arguments("hangs", (Origin.Script) (request, _) -> request.body().transferTo(OutputStream.nullOutputStream())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void triesAnotherServer_whenOneFailsAnIdempotentRequest(String name, Origin.Script failing) throws Exception {
        try (Origin sick = new Origin(failing); Origin well = Origin.saying("well"); Site site = Site.of(TURNS + "  timeouts: {response: 150ms}\n", sick, well)) {
            for (String method : List.of("GET", "GET", "PUT", "DELETE", "OPTIONS", "QUERY")) {
                assertThat(Client.ask(site, request(method))).as(method).endsWith("well");
            }
            assertThat(sick.heads).isNotEmpty();
            assertThat(site.inFlight()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "BREW", "get"})
    void neverTriesAgainWhatIsNotIdempotent(String method) throws Exception {
        try (Origin one = new Origin(CLOSE); Origin two = new Origin(CLOSE); Site site = Site.of(TURNS, one, two)) {
            assertThat(Client.ask(site, request(method))).startsWith("HTTP/1.1 502 ");
            assertThat(heads(one, two)).isEqualTo(1);
        }
    }

    @Test
    void triesAsOftenAsAttemptsSays() throws Exception {
        try (Origin one = new Origin(CLOSE); Origin two = new Origin(CLOSE); Origin three = new Origin(CLOSE);
                Site site = Site.of(TURNS + "  retries: {attempts: 1}\n", one, two, three)) {
            assertThat(Client.ask(site, request("GET"))).startsWith("HTTP/1.1 502 ");
            assertThat(heads(one, two, three)).isEqualTo(2);
        }
    }

    @Test
    void triesNothing_whenAttemptsIsZero() throws Exception {
        try (Origin one = new Origin(CLOSE); Origin two = new Origin(CLOSE); Site site = Site.of(TURNS + "  retries: {attempts: 0}\n", one, two)) {
            assertThat(Client.ask(site, request("GET"))).startsWith("HTTP/1.1 502 ");
            assertThat(heads(one, two)).isEqualTo(1);
        }
    }

    @Test
    void triesNothing_whenTheBudgetIsSpent() throws Exception {
        try (Origin one = new Origin(CLOSE); Origin two = new Origin(CLOSE); Site site = Site.of(TURNS + "  retries: {budget: 0%, minimum-per-second: 0}\n", one, two)) {
            assertThat(Client.ask(site, request("GET"))).startsWith("HTTP/1.1 502 ");
            assertThat(heads(one, two)).isEqualTo(1);
        }
    }

    /** A body that comes with the head, and one that comes later; each of exactly the limit and of one more. */
    @ParameterizedTest(name = "limit {0}, body {1}, later {2}: {3} tries")
    @MethodSource
    void sendsABodyAgainUpToTheLimit(int limit, int length, boolean later, int tries) throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        Origin.Script readAndClose = (request, out) -> {
            bodies.add(new String(request.body().readNBytes(length), StandardCharsets.ISO_8859_1));
            out.close();
        };
        try (Origin one = new Origin(readAndClose); Origin two = new Origin(readAndClose);
                Site site = Site.of(TURNS + "  retries: {attempts: 1, body: " + limit + "B}\n", one, two); Client client = new Client(site)) {
            String body = "abcdefghij".repeat(length / 10 + 1).substring(0, length);
            String head = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
            if (later) {
                client.say(head);
                Site.await("the head's arrival", () -> site.inFlight() == 1);
                client.say(body);
            } else {
                client.say(head + body);
            }
            assertThat(client.answer()).startsWith("HTTP/1.1 502 ");
            assertThat(bodies).hasSize(tries).allMatch(body::equals);
        }
    }

    static Stream<Arguments> sendsABodyAgainUpToTheLimit() {
        return Stream.of(
                arguments(100, 100, false, 2),
                arguments(100, 101, false, 1),
                arguments(100, 100, true, 2),
                arguments(100, 101, true, 1),
                arguments(0, 1, false, 1),
                arguments(50_000, 50_000, false, 2),
                arguments(50_000, 50_001, false, 1),
                arguments(65_536, 65_536, true, 2),
                arguments(65_536, 65_537, true, 1));
    }

    /** Where the pieces of a body lie in the buffers they were read into must not show: behind frames, or behind an earlier request. */
    @Test
    void sendsTheSameBytesAgain_whenTheyCameBehindOthers() throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        String body = "abcdefghij".repeat(1_000);
        Origin.Script readAndClose = (request, out) -> {
            if (request.line().startsWith("GET")) {
                Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            bodies.add(new String(request.body().readNBytes(body.length()), StandardCharsets.ISO_8859_1));
            out.close();
        };
        try (Origin one = new Origin(readAndClose); Origin two = new Origin(readAndClose);
                Site site = Site.of(TURNS + "  retries: {attempts: 1}\n", one, two); FrameClient frames = FrameClient.of(site); Client client = new Client(site)) {
            frames.headers(1, false, FrameClient.head("PUT", "/", "content-length", "" + body.length())).flush();
            Site.await("the head's arrival", () -> site.inFlight() == 1);
            assertThat(frames.data(1, true, body).answer(1)).startsWith("502 ");
            String head = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n";
            for (int i = 0; i < 20; i++) {
                client.say(request("GET") + head + body);
                assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
                assertThat(client.answer()).startsWith("HTTP/1.1 502 ");
            }
            assertThat(bodies).hasSizeGreaterThan(20).allMatch(body::equals);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 200 O", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "nonsense\r\n\r\n"})
    void triesNothing_onceAnAnswerHasBegun(String beginning) throws Exception {
        Origin.Script begin = (_, out) -> {
            Origin.write(out, beginning);
            out.close();
        };
        try (Origin one = new Origin(begin); Origin two = new Origin(begin); Site site = Site.of(TURNS, one, two)) {
            assertThat(Client.ask(site, request("GET"))).startsWith("HTTP/1.1 502 ").contains("malformed");
            assertThat(heads(one, two)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 103})
    void triesNothing_afterAnInterimAnswer(int status) throws Exception {
        Origin.Script begin = (_, out) -> {
            Origin.write(out, "HTTP/1.1 " + status + " Wait\r\n\r\n");
            out.close();
        };
        try (Origin one = new Origin(begin); Origin two = new Origin(begin); Site site = Site.of(TURNS, one, two); Client client = new Client(site)) {
            client.say(request("GET"));
            assertThat(client.head()).startsWith("HTTP/1.1 " + status);
            assertThat(client.head()).startsWith("HTTP/1.1 502 ");
            assertThat(heads(one, two)).isEqualTo(1);
        }
    }

    /** A server that answers once on a connection and closes it when it is asked again. */
    private static Origin once(AtomicInteger closed) throws Exception {
        var asked = java.util.concurrent.ConcurrentHashMap.newKeySet();
        return new Origin((request, out) -> {
            if (asked.add(request.socket())) {
                Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
            } else {
                closed.incrementAndGet();
                out.close();
            }
        });
    }

    @Test
    void takesANewConnection_whenAKeptOneTurnsOutClosed() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        try (Origin origin = once(closed); Site site = Site.of("  retries: {attempts: 1}\n", origin)) {
            for (int i = 0; i < 5; i++) {
                assertThat(Client.ask(site, request("GET"))).endsWith("x");
            }
            assertThat(closed).hasValueGreaterThan(0);
            assertThat(site.servers.getFirst().failures()).as("a closed connection is no failure").isZero();
        }
    }

    @Test
    void sendsARequestThatMustNotBeSentTwice_onANewConnection_whenTheKeptOneHasRested() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        try (Origin origin = once(closed); Site site = Site.of("", origin)) {
            assertThat(Client.ask(site, request("GET"))).endsWith("x");
            Site.pass(Duration.ofMillis(1_050));
            assertThat(Client.ask(site, request("POST"))).endsWith("x");
            assertThat(closed).hasValue(0);
        }
    }

    @Test
    void asksAnother_whenTheServerThatOwesTheWholeAnswerTurnsOutSick() throws Exception {
        Origin.Script hanging = (request, _) -> request.body().transferTo(OutputStream.nullOutputStream());
        try (Origin frozen = new Origin(hanging); Origin well = Origin.saying("well");
                Site site = Site.of("  balance: {algorithm: round-robin, slow-start: 0s}\n  health: {interval: 20ms, fall: 1, consecutive-failures: 0, failure-share: 0%}\n  timeouts: {response: 4s}\n", frozen, well)) {
            try (Client writer = new Client(site); Client putter = new Client(site); Client reader = new Client(site)) {
                writer.say(request("POST"));
                Site.await("the first hangs", () -> site.inFlight() == 1);
                assertThat(Client.ask(site, request("GET"))).endsWith("well");
                putter.say(request("PUT"));
                Site.await("the second hangs", () -> site.inFlight() == 2);
                assertThat(Client.ask(site, request("GET"))).endsWith("well");
                reader.say(request("GET"));
                Site.await("the third hangs", () -> site.inFlight() == 3);
                frozen.health = 500;
                assertThat(reader.answer()).endsWith("well");
                assertThat(well.heads).as("a frozen server may still carry it out").noneMatch(head -> head.startsWith("PUT"));
                assertThat(writer.answer()).as("what may have been done is not done again").startsWith("HTTP/1.1 504 ");
                assertThat(frozen.heads).hasSize(3);
            }
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedIOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException(e.toString());
        }
    }

    @Test
    void waitsForASickServer_whenThereIsNoOther() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Origin.Script slow = (_, out) -> {
            await(goOn);
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
        };
        try (Origin one = new Origin(slow); Site site = Site.of("  health: {interval: 20ms, fall: 1}\n", one); Client client = new Client(site)) {
            client.say(request("GET"));
            Site.await("it is asked", () -> site.inFlight() == 1);
            one.health = 500;
            site.awaitState(0, ServerState.SICK);
            int checks = one.checks.get();
            Site.await("it was looked at meanwhile, as each second", () -> one.checks.get() > checks + 80);
            goOn.countDown();
            assertThat(client.answer()).endsWith("late");
        }
    }

    @Test
    void goesBackToTheSameServer_whenThereIsNoOther() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Origin.Script second = (_, out) -> {
            if (tries.incrementAndGet() == 1) {
                out.close();
            } else {
                Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
            }
        };
        try (Origin origin = new Origin(second); Site site = Site.of(TURNS, origin)) {
            assertThat(Client.ask(site, request("GET"))).endsWith("x");
        }
    }
}
