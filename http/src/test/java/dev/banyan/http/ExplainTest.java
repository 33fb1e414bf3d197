package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.gateway.Checks;
import dev.banyan.http.gateway.RouteTable;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said of a request before it is sent is what becomes of it, at an edge and at a front door with a real server behind. */
class ExplainTest {
    private static Inquiry ask(String path, FieldLine... fields) {
        return Inquiry.of("GET", path, List.of(fields), "127.0.0.1", "h", Set.of());
    }

    @Test
    void anEdgeSaysWhatItThenDoes() throws Exception {
        Origin.Script script = (_, out) -> Origin.write(out, "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nETag: \"1\"\r\nContent-Length: 2\r\n\r\nhi");
        try (Origin origin = new Origin(script); Site site = Site.edge("", origin)) {
            EdgeExplanation before = site.door.explainCache(ask("/a")).orElseThrow();
            assertThat(before.key()).isEqualTo("http://h/a");
            assertThat(before.does()).isEqualTo("asks for it, for all who wait");
            assertThat(origin.heads).isEmpty();
            assertThat(Client.ask(site, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n")).contains("fwd=uri-miss");
            EdgeExplanation after = site.door.explainCache(ask("/a")).orElseThrow();
            assertThat(after.does()).isEqualTo("answers 200 from what is stored");
            assertThat(after.stored()).singleElement().satisfies(one -> assertThat(one.etag()).isEqualTo("\"1\""));
            assertThat(Client.ask(site, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n")).contains("; hit");
            EdgeExplanation reload = site.door.explainCache(ask("/a", new FieldLine("Cache-Control", "no-cache"))).orElseThrow();
            assertThat(reload.sends()).containsExactly("If-None-Match: \"1\"");
            Client.ask(site, "GET /a HTTP/1.1\r\nHost: h\r\nCache-Control: no-cache\r\n\r\n");
            assertThat(origin.heads).hasSize(2).last().asString().contains("If-None-Match: \"1\"");
        }
    }

    @Test
    void aFetchThatIsUnderWayIsSaid() throws Exception {
        java.util.concurrent.CountDownLatch go = new java.util.concurrent.CountDownLatch(1);
        Origin.Script slow = (_, out) -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new java.io.InterruptedIOException();
            }
            Origin.write(out, "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nhi");
        };
        try (Origin origin = new Origin(slow); Site site = Site.edge("", origin); Client client = new Client(site)) {
            client.say("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
            Site.await("it is asked for", () -> origin.heads.size() == 1);
            assertThat(site.door.explainCache(ask("/a")).orElseThrow().does()).startsWith("waits for the fetch");
            go.countDown();
            client.answer();
        }
    }

    @Test
    void aFrontDoorSaysWhichRouteWhichServiceAndWhichServer_andTakesNoPlace() throws Exception {
        try (Origin first = Origin.saying("1"); Origin second = Origin.saying("2"); Site site = Site.of("  balance: {algorithm: round-robin}\n", first, second)) {
            assertThat(site.door.explain(ask("/a")).gateway()).isEmpty();
            Topology topology = SiteFile.read("site: test\napplication: {command: [x]}\ngateway:\n  routes:\n    - {name: api, path: /api, rewrite: {prefix: /v1}, request-headers: {set: {X-Scheme: '{scheme}'}}}\n", _ -> Optional.empty()).orThrow("test");
            site.door.routing(RouteTable.of(topology.gateway(), Path.of("."), Checks.NONE));
            for (int i = 0; i < 4; i++) {
                DoorExplanation said = site.door.explain(ask("/api/x?token=sesame", new FieldLine("Host", "h")));
                assertThat(said.gateway().orElseThrow().route()).isEqualTo("api");
                assertThat(said.gateway().orElseThrow().target()).isEqualTo("/v1/x?token=***");
                assertThat(said.gateway().orElseThrow().request()).contains("+ X-Scheme: http");
                String server = said.forecast().orElseThrow().server().orElseThrow();
                String answer = Client.ask(site, "GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
                assertThat("web-" + answer.charAt(answer.length() - 1)).isEqualTo(server);
            }
            assertThat(site.inFlight()).isZero();
        }
    }

    /** Behind an edge the client's own address and scheme count, for what is said as for what is done. */
    @Test
    void behindAnEdgeTheClientIsTheEdgesClient() throws Exception {
        try (Origin origin = Origin.saying("1"); Site site = Site.of("", origin)) {
            Inquiry asked = Inquiry.of("GET", "https://h/a", List.of(new FieldLine("X-Forwarded-For", "198.51.100.1")), "203.0.113.7", "h", Set.of());
            assertThat(site.door.explain(asked.behind(site.door)).client()).isEqualTo("203.0.113.7");
            Topology topology = SiteFile.read("site: test\napplication: {command: [x]}\ngateway:\n  routes:\n    - {name: all, request-headers: {set: {X-Scheme: '{scheme}'}}}\n", _ -> Optional.empty()).orThrow("test");
            site.door.routing(RouteTable.of(topology.gateway(), Path.of("."), Checks.NONE));
            assertThat(site.door.explain(asked.behind(site.door)).gateway().orElseThrow().request()).contains("+ X-Scheme: https");
        }
    }
}
