package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said of the client by proxies in front: extended when they are trusted, replaced when not. */
class TrustedProxyTest {
    private static final String SAID = "X-Forwarded-For: 198.51.100.7, 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example\r\n"
            + "X-Forwarded-Port: 443\r\nX-Real-IP: 198.51.100.7\r\nForwarded: for=198.51.100.7;proto=https\r\n" + "X-Forwarded-Scheme: https\r\nX-Forwarded-Protocol: https\r\nX-Forwarded-SSL: on\r\nX-Forwarded-Prefix: /shop\r\n"
            + "X-Forwarded-Server: shop.example\r\nX-Url-Scheme: https\r\nX-Host: shop.example\r\nX-Original-Host: shop.example\r\nFront-End-Https: on\r\n";

    private static Origin.Request ask(String yaml) throws Exception {
        try (Origin origin = Origin.saying("x"); Site site = Site.of(yaml, origin)) {
            assertThat(Client.ask(site, "GET / HTTP/1.1\r\nHost: a\r\n" + SAID + "\r\n")).endsWith("x");
            return new Origin.Request(origin.heads.getFirst(), null, null);
        }
    }

    @Test
    void extendsWhatATrustedProxySays() throws Exception {
        Origin.Request seen = ask("  trusted-proxies: [127.0.0.0/8]\n");
        assertThat(seen.head().split("(?i)x-forwarded-for", -1)).hasSize(2);
        assertThat(seen.header("x-forwarded-for")).isEqualTo("198.51.100.7, 192.0.2.1, 192.0.2.2, 127.0.0.1");
        assertThat(seen.header("forwarded")).isEqualTo("for=198.51.100.7;proto=https, for=127.0.0.1;proto=http;host=\"a\"");
        assertThat(seen.header("x-forwarded-proto")).isEqualTo("https");
        assertThat(seen.header("x-forwarded-host")).isEqualTo("shop.example");
        assertThat(seen.header("x-forwarded-port")).isEqualTo("443");
        assertThat(seen.header("x-real-ip")).isEqualTo("198.51.100.7");
        assertThat(seen.header("x-forwarded-prefix")).isEqualTo("/shop");
        assertThat(seen.header("front-end-https")).isEqualTo("on");
    }

    @Test
    void replacesWhatAnybodyElseSays() throws Exception {
        Origin.Request seen = ask("  trusted-proxies: [10.0.0.0/8]\n");
        assertThat(seen.head()).doesNotContain("198.51.100.7", "192.0.2", "shop", "443", "https", "SSL", "Https");
        assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(seen.header("forwarded")).isEqualTo("for=127.0.0.1;proto=http;host=\"a\"");
        assertThat(seen.header("x-forwarded-proto")).isEqualTo("http");
        assertThat(seen.header("x-forwarded-host")).isEqualTo("a");
    }

    @Test
    void clientsBehindATrustedProxyAreToldApartByAHashOfTheirAddress() throws Exception {
        try (Origin one = Origin.saying("1"); Origin two = Origin.saying("2");
                Site site = Site.of("  trusted-proxies: [127.0.0.0/8]\n  balance: {algorithm: consistent-hash, hash: ip}\n", one, two); Client proxy = new Client(site)) {
            for (int round = 0; round < 2; round++) {
                for (int client = 0; client < 64; client++) {
                    proxy.say("GET /" + client + " HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100." + client + "\r\n\r\n").answer();
                }
            }
            assertThat(one.heads.size()).isBetween(2 * 8, 2 * 56);
            assertThat(one.heads.stream().map(head -> head.split(" ")[1]).distinct().count() * 2).as("each client has its server").isEqualTo(one.heads.size());
            assertThat(one.heads.size() + two.heads.size()).isEqualTo(128);
        }
    }
}
