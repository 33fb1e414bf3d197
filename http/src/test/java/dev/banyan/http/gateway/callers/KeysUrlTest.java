package dev.banyan.http.gateway.callers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An issuer's keys from a real server: rotation, and whatever servers do wrong. */
class KeysUrlTest {
    private static final Signer FIRST = Signer.of("RSA", "r1");
    private static final Signer SECOND = Signer.of("RSA", "r2");

    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile String mode = "good";
    private volatile String cacheControl = "max-age=3600";
    private volatile Signer[] keys = {FIRST};
    private HttpServer server;
    private Gate gate;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            byte[] body = switch (mode) {
                case "good" -> Signer.jwks(keys).getBytes(StandardCharsets.UTF_8);
                case "huge" -> ("{\"keys\":[" + " ".repeat(KeySetReader.LARGEST) + FIRST.jwk() + "]}").getBytes(StandardCharsets.UTF_8);
                case "empty" -> "{\"keys\":[]}".getBytes(StandardCharsets.UTF_8);
                case "unfit" -> ("{\"keys\":[" + Signer.of("RSA-1024", "r1").jwk() + "," + FIRST.jwk("\"use\":\"enc\"") + ",{\"kty\":\"oct\",\"k\":\"AAAA\"}]}").getBytes(StandardCharsets.UTF_8);
                default -> "<html>".getBytes(StandardCharsets.UTF_8);
            };
            if (mode.startsWith("slow")) {
                boolean headFirst = mode.equals("slow body");
                if (headFirst) {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('{');
                    exchange.getResponseBody().flush();
                }
                await(closed);
                exchange.close();
                return;
            }
            exchange.getResponseHeaders().add("Cache-Control", cacheControl);
            if (mode.equals("redirect")) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(mode.equals("redirect") ? 302 : mode.equals("error") ? 500 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/elsewhere", exchange -> {
            byte[] body = Signer.jwks(keys).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        closed.countDown();
        if (gate != null) {
            gate.close();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private void begin() {
        gate = Gate.of("{failures: 100000, tokens: {issuers: [{issuer: login, keys-url: 'http://127.0.0.1:" + server.getAddress().getPort() + "/keys', refresh: 10m, timeout: 500ms}]}}", "{}");
    }

    private int status(Signer by) {
        return gate.ask("Authorization: Bearer " + by.token("RS256", "{\"iss\":\"login\",\"sub\":\"alice\",\"exp\":" + (Gate.NOW.getEpochSecond() + 86_400) + "}")).status();
    }

    @Test
    void theFirstTokenWaitsForTheKeys() {
        begin();
        assertThat(status(FIRST)).isEqualTo(200);
        assertThat(status(FIRST)).isEqualTo(200);
        assertThat(asked).hasValue(1);
    }

    @Test
    void anUnknownKeyIsAskedForOnceInAWhile() {
        begin();
        assertThat(status(FIRST)).isEqualTo(200);
        assertThat(status(SECOND)).as("it was asked a moment ago").isEqualTo(401);
        gate.pass(Duration.ofSeconds(KeysUrl.BETWEEN_SECONDS));
        keys = new Signer[] {FIRST, SECOND};
        assertThat(status(SECOND)).as("rotated").isEqualTo(200);
        assertThat(asked).hasValue(2);
        for (int i = 0; i < 20; i++) {
            assertThat(status(Signer.of("RSA", "stranger"))).isEqualTo(401);
        }
        assertThat(asked).hasValue(2);
        assertThat(status(FIRST)).isEqualTo(200);
    }

    @Test
    void aKeyThatIsGoneCountsNoMore_notEvenForTokensThatWereVerified() {
        begin();
        assertThat(status(FIRST)).isEqualTo(200);
        keys = new Signer[] {SECOND};
        gate.pass(Duration.ofMinutes(10));
        Gate.await(() -> status(FIRST) == 401);
        assertThat(status(SECOND)).isEqualTo(200);
    }

    @Test
    void aShortMaxAgeCounts_butNoLessThanAMinute() {
        cacheControl = "public, max-age=1, must-revalidate";
        begin();
        assertThat(status(FIRST)).isEqualTo(200);
        gate.pass(Duration.ofSeconds(59));
        assertThat(status(FIRST)).isEqualTo(200);
        assertThat(asked).hasValue(1);
        gate.pass(Duration.ofSeconds(1));
        Gate.await(() -> asked.get() == 2);
    }

    @ParameterizedTest
    @CsvSource({"redirect,a redirect", "error,it answers 500", "huge,larger than 262144 bytes", "empty,no public key", "unfit,no public key", "html,neither a JWK set", "slow,did not answer whole within 500 ms|timed out", "slow body,did not answer whole within 500 ms"})
    void whileTheFirstKeysCannotBeHadCallersGet503_untilTheyCan(String wrong, String why) {
        mode = wrong;
        begin();
        Gate.await(() -> !gate.decisions.isEmpty());
        Gate.Answer answer = gate.ask("Authorization: Bearer " + FIRST.token("RS256", "{\"iss\":\"login\",\"sub\":\"alice\",\"exp\":" + (Gate.NOW.getEpochSecond() + 86_400) + "}"));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.field("Retry-After")).isEqualTo("1");
        assertThat(gate.decisions.getFirst().why()).containsPattern(why);
        mode = "good";
        closed.countDown();
        gate.pass(Duration.ofSeconds(1));
        Gate.await(() -> status(FIRST) == 200);
        Gate.await(() -> gate.decisions.size() == 2);
        assertThat(gate.decisions.getLast().what()).isEqualTo("use keys");
    }

    @Test
    void theLastGoodKeysGoOnWhileTheServerIsDown_andItIsSaidOnce() {
        begin();
        assertThat(status(FIRST)).isEqualTo(200);
        mode = "error";
        for (int minutes = 0; minutes < 60; minutes += 10) {
            int before = asked.get();
            gate.pass(Duration.ofMinutes(10));
            Gate.await(() -> asked.get() > before);
        }
        assertThat(status(FIRST)).isEqualTo(200);
        Gate.await(() -> !gate.decisions.isEmpty());
        assertThat(gate.decisions).hasSize(1);
        assertThat(gate.decisions.getFirst().seen()).endsWith("the keys that were good go on");
    }

    @Test
    void aNewSiteKeepsTheKeysOfTheSamePlace() {
        begin();
        assertThat(status(FIRST)).isEqualTo(200);
        gate.use("{failures: 7, tokens: {cookie: c, issuers: [{issuer: login, audiences: [shop], keys-url: 'http://127.0.0.1:" + server.getAddress().getPort() + "/keys', refresh: 10m, timeout: 500ms}]}}", "{}");
        assertThat(status(FIRST)).as("another audience").isEqualTo(401);
        assertThat(asked).hasValue(1);
    }
}
