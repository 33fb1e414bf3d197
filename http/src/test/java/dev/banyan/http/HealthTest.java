package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.ServerState;
import org.junit.jupiter.api.Test;

/** Sick servers are found by checks and by what they do to requests, and are left alone until they are well. */
class HealthTest {
    private static final String TURNS = "  balance: {algorithm: round-robin, slow-start: 0s}\n";

    private static String get(Site site) throws Exception {
        return Client.get(site, "/");
    }

    @Test
    void aServerFallsAndRises_asItsChecksSay() throws Exception {
        try (Origin one = Origin.saying("1"); Origin two = Origin.saying("2"); Site site = Site.of(TURNS + "  health: {interval: 20ms, rise: 2, fall: 3, panic-threshold: 0%}\n", one, two)) {
            one.health = 500;
            site.awaitState(0, ServerState.SICK);
            assertThat(site.servers.getFirst().lastCheckFailure()).isEqualTo("answered 500");
            for (int i = 0; i < 4; i++) {
                assertThat(get(site)).endsWith("2");
            }
            int checks = one.checks.get();
            one.health = 204;
            site.awaitState(0, ServerState.HEALTHY);
            assertThat(one.checks.get() - checks).isGreaterThanOrEqualTo(2);
            assertThat(get(site) + get(site)).contains("\r\n\r\n1").contains("\r\n\r\n2");
        }
    }

    @Test
    void aCheckThatIsNotAnsweredInTimeFails() throws Exception {
        try (java.net.ServerSocket deaf = new java.net.ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress());
                Site site = Site.at("  health: {interval: 20ms, timeout: 60ms, fall: 1}\n", new dev.banyan.topology.HostPort("127.0.0.1", deaf.getLocalPort()))) {
            site.awaitState(0, ServerState.SICK);
            assertThat(site.servers.getFirst().lastCheckFailure()).isEqualTo("no answer in 60 ms");
        }
    }

    @Test
    void aNewServerGetsNothingBeforeItsFirstPassedCheck() throws Exception {
        try (Origin one = Origin.saying("1"); Origin two = Origin.saying("2"); Site site = Site.of(TURNS + "  health: {interval: 20ms}\n", one)) {
            two.health = 503;
            var joining = site.group.add("joining", two.address(), 1, dev.banyan.net.Clock.system().nanos());
            Site.await("checks", () -> two.checks.get() > 3);
            assertThat(joining.state()).isEqualTo(ServerState.UNPROVEN);
            assertThat(get(site) + get(site)).doesNotContain("\r\n\r\n2");
            two.health = 200;
            Site.await("its first passed check", () -> joining.state() == ServerState.HEALTHY);
            assertThat(get(site) + get(site)).contains("\r\n\r\n2");
        }
    }

    @Test
    void aCheckPassesOverInterimAnswers() throws Exception {
        try (Origin well = Origin.saying("x")) {
            well.healthPrefix = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
            try (Site site = Site.of("  health: {interval: 20ms, fall: 1}\n", well)) {
                Site.await("checks", () -> well.checks.get() > 3);
                assertThat(site.servers.getFirst().lastCheckFailure()).isEmpty();
            }
        }
    }

    @Test
    void failuresInARowEjectAServer_andItReturns() throws Exception {
        Origin.Script sick = (_, out) -> Origin.write(out, "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nsick");
        try (Origin one = new Origin(sick); Origin two = Origin.saying("well");
                Site site = Site.of(TURNS + "  health: {consecutive-failures: 3, ejection: 300ms, interval: 1h}\n", one, two)) {
            for (int i = 0; i < 6; i++) {
                get(site);
            }
            site.awaitState(0, ServerState.EJECTED);
            for (int i = 0; i < 4; i++) {
                assertThat(get(site)).endsWith("well");
            }
            assertThat(one.heads).hasSize(3);
            site.awaitState(0, ServerState.HEALTHY);
            assertThat(get(site) + get(site)).contains("sick");
        }
    }

    @Test
    void allGetRequests_whenTooFewAreHealthy() throws Exception {
        try (Origin one = Origin.saying("1"); Origin two = Origin.saying("2"); Site site = Site.of(TURNS + "  health: {interval: 20ms, fall: 1, panic-threshold: 60%}\n", one, two)) {
            one.health = 500;
            site.awaitState(0, ServerState.SICK);
            Site.await("panic", site.group::panic);
            assertThat(get(site) + get(site)).contains("\r\n\r\n1").contains("\r\n\r\n2");
        }
    }

    @Test
    void answers503_whenNoServerIsThere() throws Exception {
        try (Site site = Site.of("")) {
            assertThat(get(site)).startsWith("HTTP/1.1 503 ").contains("no application server is ready").contains("Retry-After: 1\r\n");
        }
    }

    @Test
    void weightsShareRequests() throws Exception {
        try (Origin one = Origin.saying("1"); Origin two = Origin.saying("2"); Site site = Site.of(TURNS, one, two)) {
            site.group.setWeight(site.servers.getFirst(), 3);
            for (int i = 0; i < 40; i++) {
                get(site);
            }
            assertThat(one.heads).hasSize(30);
            assertThat(two.heads).hasSize(10);
        }
    }

    @Test
    void aNewServersShareGrowsFromATenth() throws Exception {
        try (Origin one = Origin.saying("1"); Origin two = Origin.saying("2"); Site site = Site.of("  balance: {algorithm: round-robin, slow-start: 1h}\n", one)) {
            site.door.reconfigure(Site.frontDoor("  balance: {algorithm: round-robin, slow-start: 0s}\n"));
            site.group.tick(dev.banyan.net.Clock.system().nanos());
            site.door.reconfigure(Site.frontDoor("  balance: {algorithm: round-robin, slow-start: 1h}\n"));
            site.add(two.address());
            for (int i = 0; i < 44; i++) {
                get(site);
            }
            assertThat(two.heads).as("of 44 requests").hasSizeLessThan(30).hasSizeGreaterThan(0);
        }
    }
}
