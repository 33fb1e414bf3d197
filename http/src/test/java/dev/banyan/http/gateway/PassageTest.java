package dev.banyan.http.gateway;

import static dev.banyan.http.gateway.Gateways.REQUEST_ID;
import static dev.banyan.http.gateway.Gateways.call;
import static dev.banyan.http.gateway.Gateways.get;
import static dev.banyan.http.gateway.Gateways.head;
import static dev.banyan.http.gateway.Gateways.pass;
import static dev.banyan.http.gateway.Gateways.table;
import static dev.banyan.http.gateway.Gateways.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.gateway.Gateways.Went;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.net.Loops;
import dev.banyan.topology.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a request at the gateway: answered at once, or sent on, changed as the route says. */
class PassageTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /old            | 308 https://example.com/new/
            /old/           | 308 https://example.com/new/
            /old/a/b?x=1    | 308 https://example.com/new/a/b?x=1
            /old/%2e%2e/old/a | 308 https://example.com/new/a
            /old//evil.example | 308 https://example.com/new/evil.example
            /item/7         | 302 /items/7?from=item
            /item/a%20b?x   | 302 /items/a%20b?from=item
            /item/a@b       | 302 /items/a@b?from=item
            /plain          | 301 https://example.com/plain
            //plain         | 301 https://example.com/plain
            /q?a=b          | 307 http://other.example/?a=b&more
            """)
    void sendsElsewhere(String path, String where) {
        RouteTable table = table("""
                routes:
                  - { name: old, path: /old, redirect: "https://{host}/new/{rest}" }
                  - { name: item, path: "/item/{id}", redirect: { to: "/items/{id}?from=item", status: 302 } }
                  - { name: plain, path: /plain, redirect: { to: "{scheme}://{host}{path}", status: 301 } }
                  - { name: query, path: /q, redirect: { to: "http://other.example/?{query}&more", status: 307 } }
                """);
        assertThat(where(table, path)).isEqualTo(where);
    }

    @Test
    void answersAtOnce() {
        RouteTable table = table("routes: [{ name: tea, path: /tea, respond: { status: 418, body: short, type: text/tea }, response-headers: { set: { X-Pot: '{path}' } } }]");
        Went went = pass(table, get("/tea"));
        assertThat(went.answer().status()).isEqualTo(418);
        assertThat(new String(went.answer().message(false, false), StandardCharsets.ISO_8859_1)).contains("Content-Type: text/tea\r\n").endsWith("\r\n\r\nshort");
        assertThat(went.inAnswer()).containsExactly("X-Pot: /tea");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/users?x=1   | blue /users?x=1
            /api             | blue /
            /api/            | blue /
            /api/a/          | blue /a/
            /v1              | green /v2
            /v1/             | green /v2/
            /v1/a%20b/c?d    | green /v2/a%20b/c?d
            /u/j%C3%BCrgen/x | blue /people/j%C3%BCrgen/pages/x
            /u/a;v=1/x;w=2   | blue /people/a/pages/x;w=2
            /u/a/            | blue /people/a/pages/
            /w/a             | green /all/w/a
            """)
    void rewritesPaths(String path, String where) {
        RouteTable table = table("""
                routes:
                  - { name: strip, path: /api, service: blue, rewrite: { prefix: / } }
                  - { name: replace, path: /v1, service: green, rewrite: { prefix: /v2 } }
                  - { name: pattern, path: "/u/{user}", service: blue, rewrite: { path: "/people/{user}/pages/{rest}" } }
                  - { name: whole, path: /w, service: green, rewrite: { path: "/all{path}" } }
                """);
        assertThat(where(table, path)).isEqualTo(where);
    }

    @Test
    void changesHeaders() {
        RouteTable table = table("""
                routes:
                  - name: all
                    path: "/t/{tenant}"
                    request-headers: { set: { X-Tenant: "{tenant}", X-From: "{client} at {host} for {path}" }, add: { X-Id: "{request-id}" }, remove: [X-Debug] }
                    response-headers: { set: { X-Served: "yes" }, remove: [Server] }
                """);
        RequestHead head = head("GET /t/a%2Cb/c HTTP/1.1", "Host: Shop.example:81", "x-debug: 1", "X_Debug: 1", "x-tenant: evil", "X_Tenant: evil", "X-Ten: fine");
        Went went = pass(table, head);
        assertThat(went.inRequest()).containsExactly("X-From: 203.0.113.7 at Shop.example for /t/a%2Cb/c", "X-Tenant: a,b", "X-Id: 0123456789abcdef0123456789abcdef");
        assertThat(left(went, head)).containsExactly("Host", "X-Ten");
        assertThat(went.inAnswer()).containsExactly("X-Served: yes");
        assertThat(went.call().response().removed()).contains("server", "x-served");
    }

    /** The names of the client's fields that reach the service. */
    private static List<String> left(Went went, RequestHead head) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < head.fields().count(); i++) {
            if (!went.call().request().removes(head.fields(), i)) {
                names.add(new String(head.bytes(), head.fields().nameStart(i), head.fields().nameEnd(i) - head.fields().nameStart(i), StandardCharsets.US_ASCII));
            }
        }
        return names;
    }

    @Test
    void whatAClientSaysOfWhoItIsNeverReachesAService() {
        for (String gateway : List.of("maintenance: {}", "routes: [{ name: a, service: blue }]")) {
            RequestHead head = head("GET / HTTP/1.1", "Host: a", "x-authenticated-user: root", "X_Authenticated_User: root", "X-Authenticated_User: root", "X-Authenticated-Users: fine");
            Went went = pass(table(gateway), head);
            assertThat(left(went, head)).containsExactly("Host", "X-Authenticated-Users");
            assertThat(went.inRequest()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"alice, alice", "a b, a%20b", "jürgen, j%C3%BCrgen", "50%, 50%25", "'a\r\nX: y', a%0D%0AX:%20y"})
    void servicesAreToldWhoCalls(String name, String value) {
        Checks checks = checks((call, _) -> {
            call.identify(new Identity(name, Map.of()));
            return null;
        });
        RouteTable table = table("{ identity-header: X-Who, routes: [{ name: a, service: blue, request-headers: { set: { X-For: '{identity}' } } }] }", checks);
        assertThat(pass(table, get("/")).inRequest()).containsExactly("X-Who: " + value, "X-For: " + value);
    }

    @Test
    void asksChecksInOrderAndTellsThoseThatPassedHowItEnded() {
        List<String> log = new ArrayList<>();
        RouteTable table = table("routes: [{ name: a, service: blue }]", logging(log, ""));
        Went went = pass(table, get("/"));
        assertThat(went.answer()).isNull();
        went.passage().ended(200, 5, 9);
        went.passage().ended(200, 5, 9);
        assertThat(log).containsExactly("a asked", "b asked", "blue asked", "a 200", "b 200", "blue 200");
    }

    @Test
    void aRefusalIsTheAnswerAndOnlyThoseBeforeItAreTold() {
        List<String> log = new ArrayList<>();
        RouteTable table = table("routes: [{ name: a, service: blue, response-headers: { set: { X-Here: 'yes' } } }]", logging(log, "b"));
        Went went = pass(table, get("/"));
        assertThat(went.answer().status()).isEqualTo(429);
        assertThat(went.inAnswer()).containsExactly("X-Here: yes");
        went.passage().ended(429, 5, 9);
        assertThat(log).containsExactly("a asked", "b asked", "a 429");
    }

    @Test
    void waitsForACheckAndGoesOnInItsPlace() {
        List<String> log = new ArrayList<>();
        CompletableFuture<Check> rest = new CompletableFuture<>();
        Check waiting = (call, _) -> {
            log.add("waits");
            call.await(rest);
            return null;
        };
        Checks after = logging(log, "");
        RouteTable table = table("routes: [{ name: a, service: blue }]", new Checks() {
            @Override
            public List<Check> ofRoute(Optional<Route> route) {
                List<Check> all = new ArrayList<>(List.of(waiting));
                all.addAll(after.ofRoute(route));
                return all;
            }

            @Override
            public List<Check> ofService(Optional<Route> route, String service) {
                return after.ofService(route, service);
            }
        });
        Went went = pass(table, get("/"));
        assertThat(went.answer()).isNull();
        assertThat(went.passage().awaited()).isSameAs(rest);
        assertThat(went.passage().awaited()).isNull();
        assertThat(log).containsExactly("waits");
        assertThat(went.passage().resume((call, _) -> {
            call.identify(new Identity("bob", Map.of()));
            return null;
        }, 3)).isNull();
        assertThat(went.inRequest()).containsExactly("X-Authenticated-User: bob");
        assertThat(went.passage().service()).isEqualTo("blue");
        assertThat(log).containsExactly("waits", "a asked", "b asked", "blue asked");
    }

    @Test
    void aHeadMayLieElsewhereAfterAWait() {
        RouteTable table = table("routes: [{ name: a, path: '/u/{user}', service: blue, rewrite: { path: '/x/{user}/{rest}' }, request-headers: { set: { X-Of: '{user} {path} {host}' } } }]", checks((call, _) -> {
            call.await(new CompletableFuture<>());
            return null;
        }));
        RequestHead head = new RequestHead();
        byte[] bytes = "GET /u/alice/a%20b HTTP/1.1\r\nHost: example.com\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        head.read(bytes, 0, bytes.length, 10);
        Went went = pass(table, head);
        byte[] elsewhere = new byte[bytes.length + 5];
        System.arraycopy(bytes, 0, elsewhere, 5, bytes.length);
        Arrays.fill(bytes, (byte) 'x');
        head.read(elsewhere, 5, elsewhere.length, 10);
        assertThat(went.passage().awaited()).isNotNull();
        assertThat(went.passage().resume((_, _) -> null, 0)).isNull();
        assertThat(went.where()).isEqualTo("blue /x/alice/a%20b");
        assertThat(went.inRequest()).containsExactly("X-Of: alice /u/alice/a%20b example.com");
    }

    private static Checks logging(List<String> log, String refusing) {
        return new Checks() {
            @Override
            public List<Check> ofRoute(Optional<Route> route) {
                return List.of(check("a"), check("b"));
            }

            @Override
            public List<Check> ofService(Optional<Route> route, String service) {
                return List.of(check(service));
            }

            private Check check(String name) {
                return new Check() {
                    @Override
                    public LocalAnswer check(Call call, long nowNanos) {
                        log.add(name + " asked");
                        return name.equals(refusing) ? new LocalAnswer(429, "too many", 1) : null;
                    }

                    @Override
                    public void ended(Call call, int status, long nanos, long nowNanos) {
                        log.add(name + " " + status);
                    }
                };
            }
        };
    }

    private static Checks checks(Check ofRoute) {
        return new Checks() {
            @Override
            public List<Check> ofRoute(Optional<Route> route) {
                return List.of(ofRoute);
            }

            @Override
            public List<Check> ofService(Optional<Route> route, String service) {
                return List.of();
            }
        };
    }

    @Test
    void sharesRequestsByWeight() {
        RouteTable table = table("routes: [{ name: a, split: [{ service: blue, weight: 90 }, { service: green, weight: 10 }, { service: application, weight: 0 }], mirror: { service: green, share: 25% } }]");
        Passage passage = new Passage(Loops.random(7));
        Map<String, Integer> got = new HashMap<>();
        int copies = 0;
        for (int i = 0; i < 10_000; i++) {
            assertThat(passage.pass(table, call(get("/")), REQUEST_ID, 0)).isNull();
            got.merge(passage.service(), 1, Integer::sum);
            copies += passage.mirror().equals("green") ? 1 : 0;
        }
        assertThat(got).containsOnlyKeys("blue", "green");
        assertThat(got.get("green")).isBetween(900, 1100);
        assertThat(copies).isBetween(2300, 2700);
    }

    @Test
    void routesHaveTheirOwnTimesAndTries() {
        RouteTable table = table("routes: [{ name: a, path: /a, service: blue, timeouts: { response: 2s, tunnel: 1m }, retries: 0, compress: false }]");
        Passage own = pass(table, get("/a")).passage();
        assertThat(List.of(own.responseNanos(1), own.bodyNanos(1), own.tunnelNanos(1), (long) own.retries(2))).containsExactly(2_000_000_000L, 1L, 60_000_000_000L, 0L);
        assertThat(own.compresses()).isFalse();
        Passage usual = pass(table, get("/b")).passage();
        assertThat(List.of(usual.responseNanos(1), usual.retries(2))).containsExactly(1L, 2);
        assertThat(usual.compresses()).isTrue();
    }

    @Test
    void answersOfRoutesThatAskWhoCallsAreNotForEdges() {
        RouteTable table = table("""
                callers: { keys: { known: { a: { sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b } } } }
                routes: [{ name: a, path: /a, callers: {} }]
                """);
        Went went = pass(table, get("/a"));
        went.passage().answered(response("200 OK", "Cache-Control: max-age=60"));
        assertThat(went.inAnswer()).containsExactly("CDN-Cache-Control: no-store");
        Went own = pass(table, get("/a"));
        own.passage().answered(response("200 OK", "cdn-cache-control: max-age=60"));
        assertThat(own.inAnswer()).as("whatever the service says").containsExactly("CDN-Cache-Control: no-store");
        Went open = pass(table, get("/b"));
        open.passage().answered(response("200 OK"));
        assertThat(open.inAnswer()).isEmpty();
    }

    @Test
    void filesOfRoutesThatAskWhoCallsAreNotForEdges() {
        RouteTable table = table("""
                callers: { keys: { known: { a: { sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b } } } }
                routes: [{ name: a, path: /a, callers: {}, files: public }, { name: b, path: /b, files: public }]
                """);
        assertThat(pass(table, get("/a/x")).inAnswer()).containsExactly("CDN-Cache-Control: no-store");
        assertThat(pass(table, get("/b/x")).inAnswer()).isEmpty();
    }

    static ResponseHead response(String status, String... lines) {
        byte[] bytes = ("HTTP/1.1 " + status + "\r\n" + (lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n") + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        ResponseHead head = new ResponseHead();
        head.read(bytes, 0, bytes.length, 100);
        return head;
    }
}
