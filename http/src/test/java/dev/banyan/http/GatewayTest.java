package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.ServerGroup;
import dev.banyan.http.gateway.Call;
import dev.banyan.http.gateway.Check;
import dev.banyan.http.gateway.Checks;
import dev.banyan.http.gateway.Identity;
import dev.banyan.http.gateway.RouteTable;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.net.Clock;
import dev.banyan.topology.Route;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The front door as a gateway, over real sockets: where requests go, and what is changed on the way. */
class GatewayTest {
    @TempDir
    private Path folder;

    /** Routes requests by these keys below {@code gateway}, indented by two blanks, to these services. */
    private void route(Site site, String yaml, Checks checks, Map<String, Origin> services) {
        StringBuilder text = new StringBuilder("site: test\napplication: {command: [x]}\nservices:\n");
        services.keySet().forEach(name -> text.append("  ").append(name).append(": {command: [x]}\n"));
        Topology topology = SiteFile.read(text + (services.isEmpty() ? "  {}\n" : "") + "gateway:\n" + yaml, _ -> Optional.empty()).orThrow("test");
        services.forEach((name, origin) -> {
            ServerGroup group = new ServerGroup(topology.frontDoor().balance(), topology.frontDoor().health(), 100, 7, _ -> {});
            group.add(name + "-1", origin.address(), 1, true, Clock.system().nanos());
            site.door.service(name, group, "/health");
        });
        site.door.routing(RouteTable.of(topology.gateway(), folder, checks));
    }

    /** The same check on every route. */
    private static Checks asking(Check check) {
        return new Checks() {
            @Override
            public List<Check> ofRoute(Optional<Route> route) {
                return List.of(check);
            }

            @Override
            public List<Check> ofService(Optional<Route> route, String service) {
                return List.of();
            }
        };
    }

    @Test
    void aRouteLeadsToItsService_withAnotherPath() throws Exception {
        try (Origin application = Origin.saying("app"); Origin api = Origin.saying("api"); Site site = Site.of("", application)) {
            route(site, "  routes:\n    - {name: api, path: /api, service: api, rewrite: {prefix: /v1}}\n", Checks.NONE, Map.of("api", api));
            assertThat(Client.get(site, "/api/users?x=1")).endsWith("\r\n\r\napi");
            assertThat(api.heads.getFirst()).startsWith("GET /v1/users?x=1 HTTP/1.1\r\n");
            assertThat(Client.get(site, "/other")).endsWith("\r\n\r\napp");
        }
    }

    @Test
    void headersAreChangedBothWays() throws Exception {
        try (Origin application = Origin.saying("app"); Site site = Site.of("", application)) {
            route(site, "  routes:\n    - {name: all, request-headers: {set: {X-Site: a}, remove: [X-Secret]}, response-headers: {set: {X-Frame-Options: DENY}}}\n", Checks.NONE, Map.of());
            assertThat(Client.ask(site, "GET / HTTP/1.1\r\nHost: h\r\nX-Secret: s\r\nX-Site: forged\r\n\r\n")).contains("X-Frame-Options: DENY\r\n").endsWith("app");
            assertThat(application.heads.getFirst()).contains("X-Site: a\r\n").doesNotContain("X-Secret", "forged");
        }
    }

    @Test
    void aRedirectAnswersAtOnce() throws Exception {
        try (Origin application = Origin.saying("app"); Site site = Site.of("", application)) {
            route(site, "  routes:\n    - {name: old, path: /old, redirect: '/new/{rest}'}\n", Checks.NONE, Map.of());
            assertThat(Client.get(site, "/old/a?b=c")).startsWith("HTTP/1.1 308").contains("Location: /new/a?b=c\r\n");
            assertThat(application.heads).isEmpty();
        }
    }

    @Test
    void aPageOfTheSitesOwnStandsInForAnError_andTheConnectionGoesOn() throws Exception {
        Files.writeString(folder.resolve("sorry.html"), "<p>sorry");
        Origin.Script fails = (_, out) -> Origin.write(out, "HTTP/1.1 500 Broken\r\nContent-Length: 6\r\n\r\nsecret");
        try (Origin application = new Origin(fails); Site site = Site.of("", application); Client client = new Client(site)) {
            route(site, "  error-pages: {5xx: {file: sorry.html, intercept: true}}\n", Checks.NONE, Map.of());
            for (int i = 0; i < 3; i++) {
                assertThat(client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer()).startsWith("HTTP/1.1 500").endsWith("\r\n\r\n<p>sorry").doesNotContain("secret");
            }
            Site.await("the service's own answers to end", () -> site.inFlight() == 0);
        }
    }

    @Test
    void aCheckThatTakesItsTimeHoldsTheRequest_bodyAndAll() throws Exception {
        CompletableFuture<Check> told = new CompletableFuture<>();
        AtomicInteger ended = new AtomicInteger();
        Check slow = new Check() {
            @Override
            public LocalAnswer check(Call call, long now) {
                call.await(told);
                return null;
            }

            @Override
            public void ended(Call call, int status, long nanos, long now) {
                ended.addAndGet(status);
            }
        };
        Origin.Script echo = (request, out) -> {
            String body = new String(request.body().readNBytes(11));
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + body);
        };
        try (Origin application = new Origin(echo); Site site = Site.of("", application); Client client = new Client(site)) {
            route(site, "  routes:\n    - {name: all}\n", asking(slow), Map.of());
            client.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello");
            Site.pass(java.time.Duration.ofMillis(50));
            client.say(" world");
            Site.pass(java.time.Duration.ofMillis(50));
            assertThat(application.heads).isEmpty();
            told.complete((call, _) -> {
                call.identify(new Identity("ann", Map.of()));
                return null;
            });
            assertThat(client.answer()).endsWith("hello world");
            Site.await("it has ended", () -> ended.get() == 200);
        }
    }

    @Test
    void aCheckThatRefusesIsTheAnswer_inItsWords() throws Exception {
        Check refuses = (call, _) -> {
            call.response().add(new FieldLine("X-Limit", "0"));
            return new LocalAnswer(429, "too many", 7);
        };
        try (Origin application = Origin.saying("app"); Site site = Site.of("", application); Client client = new Client(site)) {
            route(site, "  routes:\n    - {name: all}\n", asking(refuses), Map.of());
            for (int i = 0; i < 2; i++) {
                assertThat(client.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer()).startsWith("HTTP/1.1 429").contains("Retry-After: 7\r\n", "X-Limit: 0\r\n");
            }
            assertThat(application.heads).isEmpty();
        }
    }

    @Test
    void aMirrorGetsTheSame_andIsNotHeard() throws Exception {
        try (Origin application = Origin.saying("app"); Origin copy = Origin.saying("copy"); Site site = Site.of("", application)) {
            route(site, "  routes:\n    - {name: all, mirror: copy}\n", Checks.NONE, Map.of("copy", copy));
            assertThat(Client.get(site, "/a")).endsWith("\r\n\r\napp");
            Site.await("the mirror got it", () -> copy.heads.size() == 1);
            assertThat(copy.heads.getFirst()).startsWith("GET /a HTTP/1.1\r\n");
        }
    }
}
