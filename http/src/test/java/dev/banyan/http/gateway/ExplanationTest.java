package dev.banyan.http.gateway;

import static dev.banyan.http.gateway.Gateways.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.net.Loops;
import dev.banyan.topology.Route;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of a request is what becomes of it, and no check is asked for it. */
class ExplanationTest {
    private static final Checks UNASKED = new Checks() {
        @Override
        public List<Check> ofRoute(Optional<Route> route) {
            return List.of(check("ten a second by address"));
        }

        @Override
        public List<Check> ofService(Optional<Route> route, String service) {
            return List.of(check(service + " may have 20 at a time"));
        }

        private Check check(String what) {
            return new Check() {
                @Override
                public LocalAnswer check(Call call, long nowNanos) {
                    throw new AssertionError("asked");
                }

                @Override
                public String explain(Call call, long nowNanos) {
                    return what;
                }
            };
        }
    };

    private static final RouteTable TABLE = Gateways.table("""
            routes:
              - { name: shop, hosts: [shop.example.com], service: blue }
              - { name: writes, path: /api, methods: [POST], service: blue }
              - { name: beta, path: /api, headers: [{ name: X-Beta, equals: "1" }], service: blue }
              - { name: debug, path: /api, query: [debug], service: blue }
              - { name: exact, path: /api, exact: true, service: blue }
              - { name: api, path: /api, service: green, rewrite: { prefix: / }, request-headers: { set: { X-A: b }, remove: [X-Gone] }, mirror: blue }
              - { name: old, path: /old, redirect: /new }
              - { name: never, path: /never, respond: {} }
            """, UNASKED);

    private static List<String> explain(String... lines) {
        RequestHead head = head(lines);
        return TABLE.explain(Gateways.call(head), Loops.random(1), 0).lines();
    }

    @Test
    void saysWhyEachRouteDoesOrDoesNot() {
        assertThat(explain("GET /api/x/../y?z=1 HTTP/1.1", "Host: example.com", "X_Authenticated_User: root")).containsExactly(
                "not shop: its hosts are shop.example.com",
                "not writes: its methods are POST",
                "not beta: it wants the header X-Beta = '1'",
                "not debug: it wants the parameter debug",
                "not exact: its path is /api and nothing else",
                "route api: the first that takes it",
                "check: ten a second by address",
                "check: green may have 20 at a time",
                "service green gets /y?z=1",
                "service blue gets a copy",
                "request header - x_authenticated_user",
                "request header - x-gone",
                "request header - x-a",
                "request header + X-A: b",
                "answer header + Vary: X-Beta");
    }

    @Test
    void saysWhatIsAnsweredHere() {
        assertThat(explain("GET /old?a HTTP/1.1", "Host: example.com")).endsWith("route old: the first that takes it", "answered here: 308 /new?a");
        assertThat(explain("GET /a%2fb HTTP/1.1", "Host: example.com")).containsExactly("answered here: 400 the path could be read in more than one way: write slashes, dots and percent signs plainly");
    }

    @Test
    void saysThatTheApplicationAnswersWhatNoRouteTakes() {
        assertThat(explain("GET /other HTTP/1.1", "Host: example.com")).contains("no route takes it", "check: application may have 20 at a time", "service application gets /other");
    }
}
