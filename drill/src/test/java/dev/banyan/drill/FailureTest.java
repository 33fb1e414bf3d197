package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Origins that misbehave by hand: each kind of failure is counted as itself, exactly as often as it happened. */
class FailureTest {
    private static final int ARRIVALS = 20;

    private final Loops loops = Loops.open();

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void nobodyListens() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertThat(load(URI.create("http://127.0.0.1:" + port + "/"), edit -> edit).byKind()).isEqualTo(Map.of("connect_refused", 20L));
    }

    @Test
    void itNeverAnswers() {
        assertFailures(Origin.of(loops, Origin.Conversation::hang), edit -> edit.timeout(Duration.ofMillis(200)), "timeout");
    }

    @Test
    void itStopsWithinTheAnswer_andHangs() {
        assertFailures(Origin.of(loops, with -> {
            with.next();
            with.raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
            with.hang();
        }), edit -> edit.timeout(Duration.ofMillis(200)), "timeout");
    }

    @Test
    void itResetsTheConnection() {
        assertFailures(Origin.of(loops, with -> {
            with.next();
            with.reset();
        }), edit -> edit, "reset");
    }

    @Test
    void itClosesInsteadOfAnswering() {
        assertFailures(Origin.of(loops, Origin.Conversation::next), edit -> edit, "closed_before_answer");
    }

    @Test
    void itClosesWithinTheHead() {
        assertFailures(saying("HTTP/1.1 200 OK\r\nContent-Le"), edit -> edit, "half_answer");
        assertFailures(saying("HTT"), edit -> edit, "half_answer");
    }

    @Test
    void itClosesWithinTheBody() {
        assertFailures(saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"), edit -> edit, "half_answer");
    }

    @Test
    void itClosesBeforeTheLastChunk() {
        assertFailures(saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"), edit -> edit, "half_answer");
    }

    @Test
    void itSpeaksAnotherProtocol() {
        assertFailures(saying("220 mail.example ESMTP\r\n\r\n"), edit -> edit, "not_http");
        assertFailures(saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), edit -> edit, "not_http");
    }

    @Test
    void itAnswersWithAnErrorStatus() {
        AtomicInteger turn = new AtomicInteger();
        try (Origin origin = Origin.pages(loops, asked -> Origin.Reply.of(turn.getAndIncrement() % 2 == 0 ? 503 : 404, "sorry"))) {
            assertThat(load(origin.url("/"), edit -> edit).byKind()).isEqualTo(Map.of("status_503", 10L, "status_404", 10L));
        }
    }

    @Test
    void theFirstOfEachKindAreToldOf_withoutTheQuery() {
        AtomicInteger turn = new AtomicInteger();
        Instant before = Clock.system().now().minusMillis(1);
        try (Origin origin = Origin.pages(loops, asked -> Origin.Reply.of(turn.getAndIncrement() % 10 == 7 ? 404 : 503, "sorry").with("X-Served-By", "web-2"))) {
            LoadReport report = load(origin.url("/a/page?key=secret"), edit -> edit);
            assertThat(report.firstFailures()).hasSize(5).extracting(LoadReport.FailedRequest::kind)
                    .containsOnly("status_503", "status_404").contains("status_404", "status_404").startsWith("status_503");
            assertThat(report.firstFailures()).allSatisfy(failed -> {
                assertThat(failed.request()).isEqualTo("GET /a/page");
                assertThat(failed.step()).isEqualTo("url");
                assertThat(failed.kind()).isEqualTo("status_" + failed.status());
                assertThat(failed.instance()).isEqualTo("web-2");
                assertThat(failed.at()).isBetween(before, Clock.system().now());
                assertThat(failed.tookMs()).isPositive();
            });
        }
        try (Origin silent = Origin.of(loops, Origin.Conversation::next)) {
            assertThat(load(silent.url("/"), edit -> edit).firstFailures()).hasSize(FirstFailures.MOST_OF_A_KIND).allSatisfy(failed -> {
                assertThat(failed.kind()).isEqualTo("closed_before_answer");
                assertThat(failed.status()).isZero();
                assertThat(failed.instance()).isEmpty();
            });
        }
    }

    @Test
    void theBodyIsAnother() {
        assertFailures(Origin.pages(loops, asked -> Origin.Reply.of(200, "hello, stranger")), edit -> edit.expectText("hello, friend"), "wrong_body");
        assertFailures(Origin.pages(loops, asked -> Origin.Reply.of(200, "12345")), edit -> edit.expectSha256("00".repeat(32)), "wrong_body");
    }

    @Test
    void theBodyHasAnotherLength() {
        assertFailures(Origin.pages(loops, asked -> Origin.Reply.of(200, "12345")), edit -> edit.expectBytes(6), "wrong_length");
    }

    @Test
    void moreComesThanWasAnnounced() {
        Origin origin = Origin.of(loops, with -> {
            with.next();
            with.raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
            with.hang();
        });
        try (origin) {
            LoadReport report = load(origin.url("/"), edit -> edit);
            assertThat(report.byKind()).isEqualTo(Map.of("unsolicited_answer", 20L));
            assertThat(report.requests()).isEqualTo(ARRIVALS);
        }
    }

    @Test
    void noPlaceIsFree_soTheGeneratorDropsAndSaysSo() {
        Origin origin = Origin.of(loops, Origin.Conversation::hang);
        try (origin) {
            LoadReport report = load(origin.url("/"), edit -> edit.connections(1).timeout(Duration.ofMillis(200)).rate(Rate.constant(1000)));
            assertThat(report.byKind()).containsOnlyKeys("timeout", "dropped_by_generator");
            assertThat(report.byKind().get("timeout")).isLessThanOrEqualTo(3);
            assertThat(report.failed()).isEqualTo(ARRIVALS);
            assertThat(report.late()).isGreaterThanOrEqualTo(17);
        }
    }

    @Test
    void aRightBodyIsNoFailure() {
        Origin origin = Origin.pages(loops, asked -> Origin.Reply.of(200, "hello"));
        try (origin) {
            String sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
            assertThat(load(origin.url("/"), edit -> edit.expectSha256(sha256).expectBytes(5)).failed()).isZero();
            assertThat(load(origin.url("/"), edit -> edit.expectText("ell")).failed()).isZero();
        }
    }

    @Test
    void closingAfterEachAnswer_announcedOrByTheEndOfTheBody_isNoFailure() {
        try (Origin origin = saying("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")) {
            assertThat(load(origin.url("/"), edit -> edit.expectText("ok")).failed()).isZero();
        }
        try (Origin origin = saying("HTTP/1.1 200 OK\r\n\r\nok")) {
            assertThat(load(origin.url("/"), edit -> edit.expectText("ok")).failed()).isZero();
        }
        try (Origin origin = saying("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")) {
            assertThat(load(origin.url("/"), edit -> edit.expectText("ok")).failed()).isZero();
        }
    }

    @Test
    void aConnectionThatClosesBetweenTwoRequests_isRetriedOnceAndCounted() {
        AtomicInteger connections = new AtomicInteger();
        Origin origin = Origin.of(loops, with -> {
            connections.incrementAndGet();
            with.next();
            with.reply(Origin.Reply.of(200, "ok"));
            with.next();
        });
        try (origin) {
            LoadReport report = load(origin.url("/"), edit -> edit.connections(1).rate(Rate.constant(100)));
            assertThat(report.failed()).isZero();
            assertThat(report.staleRetried()).isEqualTo(ARRIVALS - 1);
            assertThat(connections).hasValue(ARRIVALS);
        }
    }

    private Origin saying(String raw) {
        return Origin.of(loops, with -> {
            with.next();
            with.raw(raw);
        });
    }

    private void assertFailures(Origin origin, UnaryOperator<LoadOptionsEdit> edit, String kind) {
        try (origin) {
            LoadReport report = load(origin.url("/"), edit);
            assertThat(report.byKind()).isEqualTo(Map.of(kind, (long) ARRIVALS));
            assertThat(report.requests()).isEqualTo(ARRIVALS);
            assertThat(report.failed()).isEqualTo(ARRIVALS);
            assertThat(report.exitCode()).isEqualTo(1);
        }
    }

    private LoadReport load(URI url, UnaryOperator<LoadOptionsEdit> edit) {
        LoadOptionsEdit options = LoadOptions.at(url, LoadOptions.Script.URL).edit().arrivals(Arrivals.Kind.CONSTANT).rate(Rate.constant(200)).requests(ARRIVALS)
                .connections(ARRIVALS);
        return Load.run(edit.apply(options).done(), loops, Clock.system(), Loops.random(1), second -> {});
    }
}
