package dev.banyan.http.gateway;

import static dev.banyan.http.gateway.Gateways.get;
import static dev.banyan.http.gateway.Gateways.head;
import static dev.banyan.http.gateway.Gateways.pass;
import static dev.banyan.http.gateway.Gateways.table;
import static dev.banyan.http.gateway.Gateways.where;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which route takes a request. */
class RouteTableTest {
    private static final RouteTable HOSTS = table("""
            routes:
              - { name: exact, hosts: [shop.example.com], service: blue }
              - { name: below, hosts: ["*.example.com"], path: /api, service: green }
              - { name: deep, hosts: ["*.eu.example.com"], service: blue }
            """);

    private static final RouteTable PATHS = table("""
            routes:
              - { name: one, path: /admin/health, exact: true, service: green }
              - { name: all, path: /admin, service: blue }
              - { name: named, path: "/users/{id}/photos", service: green }
              - { name: literal, path: /users/me, service: blue }
              - { name: named-exact, path: "/things/{thing}", exact: true, service: blue }
            """);

    @ParameterizedTest
    @CsvSource({
            "shop.example.com, /x, exact", "SHOP.Example.COM, /x, exact", "shop.example.com:8443, /x, exact", "shop.example.com., /x, exact", "shop.example.com, /api, exact",
            "www.example.com, /api/x, below", "www.example.com, /x, ''", "example.com, /api, ''", "a.b.example.com, /api, below", "xexample.com, /api, ''",
            "a.eu.example.com, /api, below", "a.eu.example.com, /x, deep", "[::1]:80, /api, ''", "10.0.0.1, /, ''"})
    void findsByHost(String host, String path, String route) {
        assertThat(pass(HOSTS, head("GET " + path + " HTTP/1.1", "Host: " + host)).passage().route()).isEqualTo(route);
    }

    @ParameterizedTest
    @CsvSource({
            "/admin, all", "/admin/, all", "/admin/x/y, all", "/admins, ''", "/Admin, ''", "/admin/health, one", "/admin/health/, one", "/admin/health/x, all", "/, ''",
            "/users/7/photos, named", "/users/7/photos/9, named", "/users/7, ''", "/users//photos, ''", "/users/me/photos, named", "/users/me, literal", "/users/me/x, literal",
            "/things/a%20b, named-exact", "/things/a/b, ''", "/things, ''", "/x?/admin, ''", "/admin?x=/y, all"})
    void findsByPath(String path, String route) {
        assertThat(pass(PATHS, get(path)).passage().route()).isEqualTo(route);
    }

    @Test
    void theFirstInFileOrderCounts() {
        RouteTable table = table("""
                routes:
                  - { name: wide, path: "/{any}/b", methods: [GET], service: blue }
                  - { name: narrow, path: /a/b/c, service: green }
                """);
        assertThat(where(table, "/a/b/c")).isEqualTo("blue /a/b/c");
        assertThat(where(table, "/a/c")).isEqualTo("application /a/c");
        assertThat(pass(table, head("PUT /a/b/c HTTP/1.1", "Host: a")).where()).isEqualTo("green /a/b/c");
    }

    @Test
    void findsByMethodAndGetStandsForHead() {
        RouteTable table = table("""
                routes:
                  - { name: reads, path: /x, methods: [GET], service: blue }
                  - { name: purges, path: /x, methods: [PURGE, DELETE], service: green }
                """);
        assertThat(method(table, "GET")).isEqualTo("reads");
        assertThat(method(table, "HEAD")).isEqualTo("reads");
        assertThat(method(table, "PURGE")).isEqualTo("purges");
        assertThat(method(table, "DELETE")).isEqualTo("purges");
        assertThat(method(table, "purge")).isEmpty();
        assertThat(method(table, "POST")).isEmpty();
    }

    private static String method(RouteTable table, String method) {
        return pass(table, head(method + " /x HTTP/1.1", "Host: a")).passage().route();
    }

    @Test
    void findsByHeaders() {
        RouteTable table = table("""
                routes:
                  - { name: equal, headers: [{ name: X-Beta, equals: "1" }], service: blue }
                  - { name: there, headers: [X-Trace], service: green }
                  - { name: fits, headers: [{ name: User-Agent, matches: "(?i).*bot/[0-9]+.*" }], service: green }
                """);
        assertThat(header(table, "x-beta: 1")).isEqualTo("equal");
        assertThat(header(table, "X-Beta: 2")).isEmpty();
        assertThat(header(table, "X-Trace:")).isEqualTo("there");
        assertThat(header(table, "User-Agent: a Bot/12 b")).isEqualTo("fits");
        assertThat(header(table, "User-Agent: bot/12" + "x".repeat(FieldCondition.LONGEST))).isEmpty();
    }

    private static String header(RouteTable table, String line) {
        return pass(table, head("GET / HTTP/1.1", "Host: a", line)).passage().route();
    }

    @Test
    void anAnswerSaysWhichHeadersItHangsOn() {
        RouteTable table = table("""
                routes:
                  - { name: beta, path: /a, headers: [{ name: X-Beta, equals: "1" }], service: blue }
                  - { name: rest, path: /a, methods: [GET], service: green }
                  - { name: later, path: /a, headers: [X-Later], methods: [POST], service: blue }
                  - { name: other, path: /b, headers: [X-Other], service: blue }
                """);
        assertThat(pass(table, get("/a")).inAnswer()).containsExactly("Vary: X-Beta");
        assertThat(pass(table, head("GET /a HTTP/1.1", "Host: a", "X-Beta: 1")).inAnswer()).containsExactly("Vary: X-Beta");
        assertThat(pass(table, get("/b")).inAnswer()).containsExactly("Vary: X-Other");
        assertThat(pass(table, get("/c")).inAnswer()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            "/s?debug, there", "/s?x=1&debug=, there", "/s?de%62ug=1, there", "/s?debugger=1, ''", "/s, ''", "/s?mode=fast+one, equal", "/s?mode=fast%20one, equal", "/s?mode=slow&mode=fast%20one, equal",
            "/s?mode=slow, ''", "/s?n=42, fits", "/s?n=4x2, ''", "/s?n=%34%32, fits", "/s?=1&&, ''"})
    void findsByParameter(String path, String route) {
        RouteTable table = table("""
                routes:
                  - { name: there, path: /s, query: [debug], service: blue }
                  - { name: equal, path: /s, query: [{ name: mode, equals: fast one }], service: blue }
                  - { name: fits, path: /s, query: [{ name: n, matches: "[0-9]+" }], service: blue }
                """);
        assertThat(pass(table, get(path)).passage().route()).isEqualTo(route);
    }

    @Test
    void matchesWithoutRegardToCaseWhereTheSiteSaysSo() {
        RouteTable table = table("""
                ignore-case: true
                routes: [{ name: admin, path: "/Admin/{What}", service: blue }]
                """.replace("{What}", "{what}"));
        assertThat(where(table, "/aDMIN/Users")).isEqualTo("blue /aDMIN/Users");
        assertThat(where(table, "/%41dmin/Users")).isEqualTo("blue /Admin/Users");
    }

    @Test
    void withoutRoutesNothingIsReadOrChanged() {
        RouteTable table = table("maintenance: { active: false }");
        assertThat(where(table, "/a/%2e%2e//b%2Fc")).isEqualTo("application /a/%2e%2e//b%2Fc");
    }

    @Test
    void aPathThatCouldBeReadInTwoWaysIsRefused() {
        assertThat(where(PATHS, "/x%2f..%2fadmin")).isEqualTo("400");
    }

    @Test
    void theServiceGetsThePathThatWasMatched() {
        assertThat(where(PATHS, "/x/../admin//users?a=/../b")).isEqualTo("blue /admin/users?a=/../b");
        assertThat(where(PATHS, "/admin/../x")).isEqualTo("application /x");
    }

    @Test
    void asksForAllOfTheServer() {
        assertThat(pass(PATHS, head("OPTIONS * HTTP/1.1", "Host: a")).where()).isEqualTo("application *");
        assertThat(pass(PATHS, head("GET http://example.com HTTP/1.1", "Host: example.com")).where()).isEqualTo("application ");
        assertThat(pass(PATHS, head("GET http://example.com/admin?x HTTP/1.1", "Host: example.com")).where()).isEqualTo("blue /admin?x");
    }
}
