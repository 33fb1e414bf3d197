package dev.banyan.http.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.SecretHash;
import dev.banyan.topology.Edge.Clients;
import org.junit.jupiter.api.Test;

class ClientSharesTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aClientHasSoManyConnectionsAndNoMore() {
        ClientShares shares = shares(2, 0, 0);
        assertThat(shares.connects("192.0.2.1")).isTrue();
        assertThat(shares.connects("192.0.2.1")).isTrue();
        assertThat(shares.connects("192.0.2.1")).isFalse();
        assertThat(shares.connects("192.0.2.2")).isTrue();
        shares.disconnected("192.0.2.1");
        assertThat(shares.connects("192.0.2.1")).isTrue();
        assertThat(shares.clients()).isEqualTo(2);
        shares.disconnected("192.0.2.1");
        shares.disconnected("192.0.2.1");
        shares.disconnected("192.0.2.2");
        assertThat(shares.clients()).as("who left is forgotten").isZero();
    }

    @Test
    void anIpv6NetworkIsOneClient() {
        ClientShares shares = shares(1, 0, 0);
        assertThat(shares.connects("2001:db8::1")).isTrue();
        assertThat(shares.connects("2001:db8::2")).isFalse();
        assertThat(shares.connects("2001:db8:0:1::1")).isTrue();
    }

    /** Ten thousand distinct query strings at once: the client's misses stop at three, and what is stored goes on. */
    @Test
    void aFloodThatMissesTheCacheWaitsForTheOriginWithAFewRequestsOnly() {
        ClientShares shares = shares(0, 0, 3);
        int waiting = 0;
        for (int i = 0; i < 10_000; i++) {
            assertThat(shares.request("192.0.2.1", i)).isNull();
            waiting += shares.miss("192.0.2.1") == null ? 1 : 0;
        }
        assertThat(waiting).isEqualTo(3);
        assertThat(shares.miss("192.0.2.1").status()).isEqualTo(429);
        assertThat(shares.miss("192.0.2.2")).isNull();
        shares.missEnded("192.0.2.1");
        assertThat(shares.miss("192.0.2.1")).isNull();
    }

    @Test
    void requestsAreLimitedBySecond() {
        ClientShares shares = shares(0, 5, 0);
        for (int i = 0; i < 5; i++) {
            assertThat(shares.request("192.0.2.1", 0)).isNull();
        }
        assertThat(shares.request("192.0.2.1", 0).status()).isEqualTo(429);
        assertThat(shares.request("192.0.2.1", SECOND / 5)).isNull();
    }

    @Test
    void aLimitThatComesLaterFindsTheCounts() {
        ClientShares shares = shares(0, 0, 0);
        shares.connects("192.0.2.1");
        shares.use(new Clients(1, 0, 0), 0);
        assertThat(shares.connects("192.0.2.1")).isFalse();
        shares.disconnected("192.0.2.1");
        assertThat(shares.connects("192.0.2.1")).isTrue();
    }

    private static ClientShares shares(int connections, int requests, int misses) {
        return new ClientShares(new Clients(connections, requests, misses), new SecretHash(1, 2), 0);
    }
}
