package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.ServerState;
import org.junit.jupiter.api.Test;

/** A client is kept at its server by a cookie, for as long as that server serves. */
class StickyTest {
    private static final String STICKY = "  balance: {algorithm: round-robin, sticky-cookie: at, slow-start: 0s}\n";

    private static String ask(Site site, String cookies) throws Exception {
        return Client.ask(site, "GET / HTTP/1.1\r\nHost: a\r\n" + (cookies.isEmpty() ? "" : "Cookie: " + cookies + "\r\n") + "\r\n");
    }

    @Test
    void setsTheCookieOnce_andFollowsIt() throws Exception {
        try (Origin one = Origin.saying("1"); Origin two = Origin.saying("2"); Site site = Site.of(STICKY, one, two)) {
            String first = ask(site, "");
            String server = first.endsWith("1") ? "web-1" : "web-2";
            assertThat(first).contains("\r\nSet-Cookie: at=" + server + "; Path=/; HttpOnly; SameSite=Lax\r\n");
            for (int i = 0; i < 6; i++) {
                assertThat(ask(site, "x=y; at=" + server + "; z")).endsWith(first.substring(first.length() - 1)).doesNotContain("Set-Cookie");
            }
        }
    }

    @Test
    void movesAClient_whenItsServerDrains() throws Exception {
        try (Origin one = Origin.saying("1"); Origin two = Origin.saying("2"); Site site = Site.of(STICKY, one, two)) {
            assertThat(ask(site, "at=web-1")).endsWith("1");
            site.group.drain(site.servers.getFirst());
            assertThat(ask(site, "at=web-1")).endsWith("2").contains("\r\nSet-Cookie: at=web-2;");
            assertThat(ask(site, "at=web-2")).endsWith("2").doesNotContain("Set-Cookie");
        }
    }

    @Test
    void movesAClient_whenItsServerDies() throws Exception {
        Origin one = Origin.saying("1");
        try (Origin two = Origin.saying("2"); Site site = Site.of(STICKY + "  health: {interval: 20ms, fall: 1}\n", one, two)) {
            one.close();
            assertThat(ask(site, "at=web-1")).as("tried again elsewhere at once").endsWith("2").contains("\r\nSet-Cookie: at=web-2;");
            site.awaitState(0, ServerState.SICK);
            assertThat(ask(site, "at=web-1")).endsWith("2").contains("\r\nSet-Cookie: at=web-2;");
        }
    }

    @Test
    void takesAnyServer_whenTheCookieNamesNone() throws Exception {
        try (Origin one = Origin.saying("1"); Site site = Site.of(STICKY, one)) {
            for (String forged : new String[] {"at=", "at=web-9", "at=\"web-1\"", "at=../../etc", "at=web-1, at=web-2", "at"}) {
                assertThat(ask(site, forged)).as(forged).endsWith("1").contains("\r\nSet-Cookie: at=web-1;");
            }
        }
    }
}
