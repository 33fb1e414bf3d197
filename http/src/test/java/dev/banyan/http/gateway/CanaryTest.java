package dev.banyan.http.gateway;

import static dev.banyan.http.gateway.Gateways.REQUEST_ID;
import static dev.banyan.http.gateway.Gateways.head;
import static dev.banyan.http.gateway.Gateways.pass;
import static dev.banyan.http.gateway.Gateways.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.gateway.Gateways.Went;
import dev.banyan.net.Loops;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A canary gets the requests and the clients that it should, always the same ones. */
class CanaryTest {
    private static final int CLIENTS = 4000;

    @ParameterizedTest
    @CsvSource({
            "X-Canary: 1, green", "X-Canary: 2, blue", "Cookie: a=b; try=yes, green", "Cookie: try=yes, green", "Cookie: try=no, blue", "Cookie: atry=yes, blue", "Cookie: try, blue", "X-Else: 1, blue"})
    void getsRequestsWithAHeaderOrACookie(String line, String service) {
        RouteTable table = table("routes: [{ name: a, service: blue, canary: { service: green, header: { name: X-Canary, equals: '1' }, cookie: { name: try, equals: 'yes' } } }]");
        Went went = pass(table, head("GET / HTTP/1.1", "Host: a", line));
        assertThat(went.passage().service()).isEqualTo(service);
        assertThat(went.inAnswer()).containsExactly("Vary: X-Canary", "Vary: Cookie");
    }

    @Test
    void getsAShareOfTheClientsAndThoseStayWhenItGrows() {
        Set<String> few = canaries("green", "5%");
        Set<String> more = canaries("green", "20%");
        assertThat(few.size()).isBetween(CLIENTS / 20 - 60, CLIENTS / 20 + 60);
        assertThat(more.size()).isBetween(CLIENTS / 5 - 120, CLIENTS / 5 + 120);
        assertThat(more).containsAll(few);
        assertThat(canaries("green", "5%")).isEqualTo(few);
        assertThat(canaries("green", "100%")).hasSize(CLIENTS);
    }

    @Test
    void twoCanariesTryTwoSetsOfClients() {
        Set<String> both = canaries("green", "20%");
        both.retainAll(canaries("blue", "20%"));
        assertThat(both.size()).isBetween(CLIENTS / 25 - 70, CLIENTS / 25 + 70);
    }

    /** Clients, by address, that a canary gets. */
    private static Set<String> canaries(String service, String share) {
        RouteTable table = table("routes: [{ name: a, canary: { service: " + service + ", share: " + share + " } }]");
        Passage passage = new Passage(Loops.random(3));
        Set<String> got = new HashSet<>();
        for (int i = 0; i < CLIENTS; i++) {
            String client = "10.0." + i / 250 + "." + i % 250;
            Call call = new Call();
            call.begin(Gateways.get("/"), client, false);
            passage.pass(table, call, REQUEST_ID, 0);
            if (passage.service().equals(service)) {
                got.add(client);
            }
        }
        return got;
    }

    @Test
    void aShareIsNotForEdgesToKeep() {
        RouteTable table = table("routes: [{ name: a, canary: { service: green, share: 50% } }]");
        assertThat(pass(table, Gateways.get("/")).inAnswer()).containsExactly("CDN-Cache-Control: no-store");
    }

    @Test
    void givesEachClientABucketAndKeepsToIt() {
        RouteTable table = table("routes: [{ name: a, canary: { service: green, share: 50%, by: cookie } }]");
        Went first = pass(table, Gateways.get("/"));
        String cookie = first.inAnswer().getLast();
        assertThat(cookie).matches("Set-Cookie: banyan-bucket=[0-9]{1,4}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure");
        String bucket = cookie.substring("Set-Cookie: ".length(), cookie.indexOf(';'));
        Went second = pass(table, head("GET / HTTP/1.1", "Host: a", "Cookie: x=y; " + bucket));
        assertThat(second.passage().service()).isEqualTo(first.passage().service());
        assertThat(second.inAnswer()).containsExactly("CDN-Cache-Control: no-store");
    }

    @ParameterizedTest
    @CsvSource({"banyan-bucket=10000", "banyan-bucket=", "banyan-bucket=1x", "xbanyan-bucket=1", "banyan-bucket=99999999999"})
    void aBucketThatIsNoneIsDrawnAnew(String cookie) {
        RouteTable table = table("routes: [{ name: a, canary: { service: green, share: 50%, by: cookie } }]");
        assertThat(pass(table, head("GET / HTTP/1.1", "Host: a", "Cookie: " + cookie)).inAnswer()).hasSize(2);
    }
}
