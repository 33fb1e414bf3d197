package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser carries the database's position from the answer of a write to its next request. */
class FreshnessTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";

    /** A database whose position a test moves. */
    private static final class Log implements Freshness {
        final AtomicLong position = new AtomicLong();
        final List<Long> required = new CopyOnWriteArrayList<>();

        @Override
        public long position() {
            return position.get();
        }

        @Override
        public void require(long least) {
            required.add(least);
        }
    }

    private final Log log = new Log();

    /** A server that writes: each request that it gets moves the log by one. */
    private Origin writing() throws Exception {
        return new Origin((request, out) -> {
            if (!request.line().startsWith("GET /reads")) {
                log.position.incrementAndGet();
            }
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
    }

    private Site fresh(Site site) {
        site.door.keepFresh(log);
        return site;
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "PURGE"})
    void theAnswerOfAWriteSetsThePositionThatHasIt(String method) throws Exception {
        log.position.set(0x1A2B_3C4DL);
        try (Origin origin = writing(); Site site = fresh(Site.of("", origin))) {
            assertThat(Client.ask(site, method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"))
                    .contains("\r\nSet-Cookie: banyan-lsn=1A2B3C4E; Path=/; Max-Age=60; HttpOnly; SameSite=Lax\r\n").endsWith("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "QUERY"})
    void theAnswerOfAReadSetsNone(String method) throws Exception {
        log.position.set(1);
        try (Origin origin = writing(); Site site = fresh(Site.of("", origin))) {
            try (Client client = new Client(site)) {
                assertThat(client.say(method + " / HTTP/1.1\r\nHost: a\r\n\r\n").head()).doesNotContain("Set-Cookie");
            }
        }
    }

    @Test
    void noneIsSetWhileNobodyHasWritten_whileEveryReadSeesAll_andWithoutADatabase() throws Exception {
        try (Origin origin = Origin.saying("ok"); Site site = Site.of("", origin)) {
            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
            assertThat(Client.ask(site, post)).doesNotContain("Set-Cookie");
            fresh(site);
            assertThat(Client.ask(site, post)).as("position 0").doesNotContain("Set-Cookie");
            log.position.set(5);
            assertThat(Client.ask(site, post)).as("position unchanged").doesNotContain("Set-Cookie");
        }
    }

    @Test
    void whatARequestCarriesIsRequiredBeforeAServerGetsIt() throws Exception {
        try (Origin origin = new Origin((_, out) -> Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + log.required.size()));
                Site site = fresh(Site.of("", origin))) {
            assertThat(Client.ask(site, GET + "Cookie: session=x; banyan-lsn=1A2B3C4D\r\n\r\n")).endsWith("1");
            assertThat(log.required).containsExactly(0x1A2B_3C4DL);
            assertThat(Client.ask(site, GET + "Cookie: session=x\r\n\r\n")).as("without one").endsWith("1");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "banyan-lsn=A1 | ''",
        "banyan-lsn=A1; x=y | x=y",
        "x=y; banyan-lsn=A1 | x=y",
        "x=y; banyan-lsn=A1; z=\"1\" | x=y; z=\"1\"",
        "x=y;banyan-lsn=A1;z=1 | x=y;z=1",
        "not-banyan-lsn=A1; x=banyan-lsn=A1 | not-banyan-lsn=A1; x=banyan-lsn=A1",
        "banyan-lsn | banyan-lsn",
    })
    void serversNeverSeeIt_andTheOtherCookiesAsTheyCame(String sent, String seen) throws Exception {
        try (Origin origin = writing(); Site site = fresh(Site.of("", origin))) {
            Client.ask(site, GET + "Cookie: " + sent + "\r\nX-After: 1\r\n\r\n");
            String head = origin.heads.getFirst();
            assertThat(head).contains("\r\nX-After: 1\r\n");
            if (seen.isEmpty()) {
                assertThat(head).doesNotContainIgnoringCase("cookie");
            } else {
                assertThat(head).contains("\r\nCookie: " + seen + "\r\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "x", "-1", "1 2", "A1G", "11111111111111111", "FFFFFFFFFFFFFFFF", "\"A1\""})
    void whatIsNoPositionIsRequiredOfNobody(String forged) throws Exception {
        try (Origin origin = writing(); Site site = fresh(Site.of("", origin))) {
            assertThat(Client.ask(site, GET + "Cookie: a=b; banyan-lsn=" + forged + "\r\n\r\n")).endsWith("ok");
            assertThat(log.required).isEmpty();
            assertThat(origin.heads.getFirst()).contains("\r\nCookie: a=b\r\n");
        }
    }

    @Test
    void itIsSetBesideTheStickyCookie_andAnApplicationsOwn() throws Exception {
        try (Origin origin = new Origin((_, out) -> {
                    log.position.incrementAndGet();
                    Origin.write(out, "HTTP/1.1 201 Created\r\nSet-Cookie: session=1\r\nContent-Length: 0\r\n\r\n");
                });
                Site site = fresh(Site.of("  balance: {sticky-cookie: at}\n", origin))) {
            assertThat(Client.ask(site, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")).isEqualTo("HTTP/1.1 201 Created\r\nSet-Cookie: session=1\r\n"
                    + "Content-Length: 0\r\nSet-Cookie: at=web-1; Path=/; HttpOnly; SameSite=Lax\r\n"
                    + "Set-Cookie: banyan-lsn=1; Path=/; Max-Age=60; HttpOnly; SameSite=Lax\r\n\r\n");
        }
    }

    @Test
    void anHttp2ClientHasItToo() throws Exception {
        log.position.set(0xFE);
        try (Origin origin = writing(); Site site = fresh(Site.of("", origin)); FrameClient client = FrameClient.of(site)) {
            client.headers(1, true, FrameClient.head("POST", "/")).flush();
            assertThat(client.await(FrameClient.HEADERS).headers().get("set-cookie")).hasToString("banyan-lsn=FF; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
            client.answer(1);
            assertThat(client.get(3, "/reads", "cookie", "a=b", "cookie", "banyan-lsn=FF").answer(3)).isEqualTo("200 ok");
            assertThat(log.required).containsExactly(0xFFL);
            assertThat(origin.heads.getLast()).contains("cookie: a=b\r\n");
        }
    }

    @Test
    void byTlsItIsSecure() {
        assertThat(FreshnessCookie.value(0x1F, true)).isEqualTo("banyan-lsn=1F; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
    }
}
