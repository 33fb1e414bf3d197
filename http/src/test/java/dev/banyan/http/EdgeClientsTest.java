package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** What one client may have at an edge, hit exactly and by one more. */
class EdgeClientsTest {
    private static final String GET = "GET %s HTTP/1.1\r\nHost: a\r\n\r\n";

    private static Site edge(String clients, Origin origin) {
        return Site.edge("", "  clients: {" + clients + "}\n", 1, origin);
    }

    @Test
    void aConnectionTooManyIsClosed_andTheNextIsLetInWhenOneHasEnded() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = edge("connections: 2", origin); Client one = new Client(site); Client two = new Client(site)) {
            assertThat(one.say(GET.formatted("/")).answer()).endsWith("x");
            assertThat(two.say(GET.formatted("/")).answer()).endsWith("x");
            try (Client three = new Client(site)) {
                assertThat(three.say(GET.formatted("/")).head()).isEmpty();
            }
            assertThat(site.count("banyan_http_arrivals_total", "over one client's share")).isEqualTo(1);
            one.close();
            Site.await("the first to be gone", () -> site.door.connections() == 1);
            assertThat(Client.get(site, "/")).endsWith("x");
        }
    }

    @Test
    void aRequestTooManyInASecondIsTold() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = edge("requests: 2", origin); Client client = new Client(site)) {
            assertThat(client.say(GET.formatted("/")).answer()).startsWith("HTTP/1.1 200 ");
            assertThat(client.say(GET.formatted("/")).answer()).startsWith("HTTP/1.1 200 ");
            assertThat(client.say(GET.formatted("/")).answer()).startsWith("HTTP/1.1 429 ").contains("Retry-After: 1\r\n");
        }
    }

    @Test
    void aFloodOfNewUrlsWaitsForTheOriginNoMoreOftenThanItMay_andWhatIsStoredIsServed() throws Exception {
        Semaphore gate = new Semaphore(1);
        Origin.Script gated = (_, out) -> {
            gate.acquireUninterruptibly();
            Origin.write(out, "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 1\r\n\r\nx");
        };
        try (Origin origin = new Origin(gated); Site site = edge("misses: 1", origin); Client waiting = new Client(site)) {
            assertThat(Client.get(site, "/stored")).endsWith("x");
            waiting.say(GET.formatted("/?1"));
            Site.await("the miss at the origin", () -> site.inFlight() == 1);
            assertThat(Client.get(site, "/?2")).startsWith("HTTP/1.1 429 ");
            assertThat(Client.ask(site, "POST /?3 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")).startsWith("HTTP/1.1 429 ");
            assertThat(Client.get(site, "/stored")).startsWith("HTTP/1.1 200 ");
            gate.release(2);
            assertThat(waiting.answer()).endsWith("x");
            assertThat(Client.get(site, "/?4")).endsWith("x");
        }
    }

    @Test
    void clientsAreToldApartPastAProxyThatIsTrusted() throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.edge("  trusted-proxies: [127.0.0.0/8]\n", "  clients: {requests: 1, connections: 1}\n", 1, origin)) {
            String from = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.%s\r\n\r\n";
            try (Client one = new Client(site); Client two = new Client(site)) {
                assertThat(one.say(from.formatted("1")).answer()).startsWith("HTTP/1.1 200 ");
                assertThat(two.say(from.formatted("2")).answer()).startsWith("HTTP/1.1 200 ");
                assertThat(two.say(from.formatted("1")).answer()).startsWith("HTTP/1.1 429 ");
            }
        }
    }

    @Test
    void whatIsLeftOfOneCallersLimitIsNotToldToOthers() throws Exception {
        String limited = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nRateLimit: \"all\";r=3;t=1\r\nRateLimit-Policy: \"all\";q=4;w=1\r\nContent-Length: 1\r\n\r\nx";
        try (Origin origin = new Origin((_, out) -> Origin.write(out, limited)); Site site = edge("requests: 0", origin)) {
            assertThat(Client.get(site, "/")).endsWith("x");
            assertThat(Client.get(site, "/")).contains("\r\nCache-Status: ").doesNotContainIgnoringCase("RateLimit").endsWith("x");
            assertThat(origin.heads).hasSize(1);
        }
    }
}
