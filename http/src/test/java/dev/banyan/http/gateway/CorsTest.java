package dev.banyan.http.gateway;

import static dev.banyan.http.gateway.Gateways.head;
import static dev.banyan.http.gateway.Gateways.pass;
import static dev.banyan.http.gateway.Gateways.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.gateway.Gateways.Went;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of other origins: who may use a route, and what their browsers are told. */
class CorsTest {
    private static final RouteTable TABLE = table("""
            routes:
              - name: api
                path: /api
                methods: [GET, PUT]
                cors: { origins: ["https://app.example.com", "https://*.shop.example", "http://localhost:3000"], methods: [PUT], headers: [Content-Type, X-Key], expose: [X-Total], credentials: true, max-age: 1h }
              - { name: open, path: /open, cors: { origins: ["*"] } }
              - { name: none, path: /none }
            """);

    private static Went preflight(String path, String origin, String method) {
        return pass(TABLE, head("OPTIONS " + path + " HTTP/1.1", "Host: a", "Origin: " + origin, "Access-Control-Request-Method: " + method, "Access-Control-Request-Headers: x-key"));
    }

    @Test
    void answersPreflightsByItself() {
        Went went = preflight("/api/x", "https://app.example.com", "PUT");
        assertThat(went.answer().status()).isEqualTo(204);
        assertThat(went.answer().fields().stream().map(field -> field.name() + ": " + field.value())).containsExactly(
                "Cache-Control: no-store",
                "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
                "Access-Control-Allow-Origin: https://app.example.com",
                "Access-Control-Allow-Methods: GET, HEAD, POST, PUT",
                "Access-Control-Allow-Headers: Content-Type, X-Key",
                "Access-Control-Allow-Credentials: true",
                "Access-Control-Max-Age: 3600");
    }

    @ParameterizedTest
    @CsvSource({
            "https://app.example.com, 204", "https://APP.example.com, 204", "https://a.shop.example, 204", "https://a.b.shop.example, 204", "http://localhost:3000, 204",
            "https://shop.example, 403", "https://evilshop.example, 403", "https://app.example.com.evil, 403", "http://app.example.com, 403", "https://app.example.com:8443, 403",
            "http://localhost:3001, 403", "https://evil/.shop.example, 403", "https://evil:1.shop.example, 403", "https://x@evil.shop.example, 403", "https://.shop.example, 403", "null, 403"})
    void allowsOnlyTheOriginsThatItNames(String origin, int status) {
        assertThat(preflight("/api", origin, "GET").answer().status()).isEqualTo(status);
    }

    @Test
    void aPreflightThatNoRouteWithCorsWantsGoesToTheService() {
        assertThat(preflight("/none", "https://app.example.com", "PUT").where()).isEqualTo("application /none");
        assertThat(preflight("/none", "https://app.example.com", "PUT").passage().route()).isEqualTo("none");
        assertThat(preflight("/api", "https://app.example.com", "DELETE").passage().route()).isEmpty();
    }

    @Test
    void anAnswerSaysWhoMayReadIt() {
        Went went = pass(TABLE, head("GET /api HTTP/1.1", "Host: a", "Origin: https://app.example.com"));
        assertThat(went.inAnswer()).containsExactly(
                "Vary: Origin", "Access-Control-Allow-Origin: https://app.example.com", "Access-Control-Allow-Credentials: true", "Access-Control-Expose-Headers: X-Total");
        assertThat(went.call().response().removed()).contains("access-control-allow-origin", "access-control-allow-credentials", "access-control-expose-headers");
    }

    @Test
    void anAnswerDependsOnTheOriginEvenWithoutOne() {
        assertThat(pass(TABLE, head("GET /api HTTP/1.1", "Host: a")).inAnswer()).containsExactly("Vary: Origin");
        assertThat(pass(TABLE, head("GET /api HTTP/1.1", "Host: a", "Origin: https://evil.example")).inAnswer()).containsExactly("Vary: Origin");
    }

    @Test
    void anyOriginNeedsNoVary() {
        assertThat(pass(TABLE, head("GET /open HTTP/1.1", "Host: a", "Origin: https://evil.example")).inAnswer()).containsExactly("Access-Control-Allow-Origin: *");
        assertThat(pass(TABLE, head("GET /open HTTP/1.1", "Host: a")).inAnswer()).containsExactly("Access-Control-Allow-Origin: *");
    }

    @Test
    void optionsThatIsNoPreflightIsAnOrdinaryRequest() {
        assertThat(pass(TABLE, head("OPTIONS /open HTTP/1.1", "Host: a", "Origin: https://a.b")).where()).isEqualTo("application /open");
    }
}
