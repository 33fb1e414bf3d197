package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nobody ever gets what another's odd request has caused: one client asks an edge in each way that has been used to poison or to empty caches (Kettle, "Practical Web Cache Poisoning", 2018, and "Web Cache
 * Entanglement", 2020; Nguyen and others, "Your Cache Has Fallen: Cache-Poisoned Denial-of-Service Attack", CCS 2019; Mirheidari and others, "Cached and Confused", USENIX Security 2020), and then another asks as
 * everybody does. The application behind it believes everything ({@link NaiveApplication}).
 */
class CachePoisoningTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static Origin origin;
    private static Site site;

    @BeforeAll
    static void open() throws IOException {
        origin = new Origin(new NaiveApplication());
        site = Site.edge("", "  key: { ignored: [utm_*, fbclid] }\n", 1, origin);
    }

    @AfterAll
    static void close() throws IOException {
        site.close();
        origin.close();
    }

    /**
     * An odd request.
     *
     * @param what it is, in a few words
     * @param text of it, with {@code PAGE} for the path that is asked for
     */
    record Odd(String what, String text) {
        static Odd header(String line) {
            return new Odd(line.length() > 60 ? line.substring(0, 60) + "..." : line, "GET PAGE HTTP/1.1\r\nHost: h\r\n" + line + "\r\n\r\n");
        }

        static Odd target(String target) {
            return new Odd("GET " + target, "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Odd> odd() {
        List<Odd> all = new ArrayList<>();
        Stream.of( // where the site is, by another's word
                "X-Forwarded-Host: evil.example", "X-Forwarded-Host: h, evil.example", "X-Forwarded-Proto: https", "X-Forwarded-Proto: nothttps", "X-Forwarded-Scheme: https", "X-Forwarded-Protocol: https",
                "X-Url-Scheme: https", "X-Forwarded-SSL: on", "Front-End-Https: on", "X-Forwarded-Port: 1", "X-Forwarded-Prefix: /evil", "X-Forwarded-Server: evil.example", "X-Host: evil.example",
                "X-Original-Host: evil.example", "Base-Url: evil.example", "Forwarded: for=1.2.3.4;host=evil.example;proto=https", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Host: evil.example\r\nX-Forwarded-Host: evil.example",
                // another path or method
                "X-Original-URL: /admin", "X-Rewrite-URL: /admin", "X-HTTP-Method-Override: POST", "X-HTTP-Method-Override: DELETE", "X-HTTP-Method: PUT", "X-Method-Override: HEAD",
                // a body where there should be none
                "Content-Length: 6\r\n\r\nx=evil", "Transfer-Encoding: chunked\r\n\r\n6\r\nx=evil\r\n0",
                // what an application refuses
                "X-Oversized: " + "a".repeat(10_000), "X-Oversized: " + "a".repeat(31_000), "X-Meta: a\u0007b", "X-Meta: a\u0000b", "X-Invalid: 1", "X-Boom: 1", "Accept: bogus/type", "Expect: bogus", "Authorization: Bogus",
                "Content-Encoding: bogus", "Transfer-Encoding: bogus", "Upgrade: bogus\r\nConnection: Upgrade", "Content-Type: bogus", "If-Match: \"nothing\"", "If-None-Match: *", "If-None-Match: \"x\"",
                "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT", "Max-Forwards: 0", "Cache-Control: no-transform, max-stale", "Cookie: x=evil; x=evil",
                // parts of a page
                "Range: bytes=0-0", "Range: bytes=5-2", "Range: bytes=cow", "Range: cow", "Range: bytes=-", "Range: bytes=0-,0-,0-,0-,0-,0-", "Range: bytes=9999999-", "Range: bytes=0-" + ",0-".repeat(1000),
                "Range: bytes=0-0\r\nIf-Range: \"x\"", "Range: bytes=0-0\r\nRange: bytes=1-1",
                // lines that end where they should not
                "X-Folded: a\r\n X-Forwarded-Host: evil.example", "X-Bare: a\nX-Forwarded-Host: evil.example", "X-Bare: a\rX-Forwarded-Host: evil.example", "X-Forwarded-Host : evil.example",
                // what this hop alone should see
                "Connection: close, Host", "Connection: X-Forwarded-Host\r\nX-Forwarded-Host: evil.example", "Connection: Cache-Control, Content-Length").map(Odd::header).forEach(all::add);
        Stream.of( // paths that an application may take for another
                "PAGE/nonexistent.css", "PAGE;x.css", "PAGE%3bx.css", "PAGE%3fx.css", "PAGE%23x.css", "PAGE#x", "PAGE%00", "PAGE%0a", "PAGE%0d%0aX-Forwarded-Host:evil.example", "PAGE%20", "PAGE/.", "PAGE/", "/.PAGE",
                "/./PAGE", "/x/..PAGE", "/x/%2e%2ePAGE", "/x/..%2fPAGE", "/%2ePAGE", "/PAGE", "\\PAGE", "/x\\..PAGE", "/admin#/..PAGE", "PAGE?", "PAGE?&", "PAGE?x=evil#", "PAGE?x=evil", "PAGE?utm_source=1;x=evil",
                "PAGE?utm_source=1%26x=evil", "PAGE?fbclid=1;x=evil", "PAGE?utm_source;x=evil", "PAGE?utm%5fsource=1&x=evil", "PAGE?UTM_source=1&x=evil", "http://evil.example/PAGE", "http://h:1PAGE").map(Odd::target)
                .forEach(all::add);
        Stream.of( // hosts
                "h:1", "h:65535", "h.", "H.EVIL.EXAMPLE", "evil.example", "h\r\nHost: evil.example", "h@evil.example", "h evil.example", "h:abc", "h,evil.example", "").forEach(host ->
                        all.add(new Odd("Host: " + host, "GET PAGE HTTP/1.1\r\nHost: " + host + "\r\n\r\n")));
        // methods
        all.add(new Odd("HEAD", "HEAD PAGE HTTP/1.1\r\nHost: h\r\n\r\n"));
        all.add(new Odd("POST", "POST PAGE HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nx=evil"));
        all.add(new Odd("a method of its own", "GETS PAGE HTTP/1.1\r\nHost: h\r\n\r\n"));
        all.add(new Odd("get in small letters", "get PAGE HTTP/1.1\r\nHost: h\r\n\r\n"));
        all.add(new Odd("HTTP/1.0 without Host", "GET PAGE HTTP/1.0\r\n\r\n"));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("odd")
    void whatAnOddRequestCausesIsNobodyElses(Odd odd) throws IOException {
        String page = "/page" + NUMBER.incrementAndGet();
        for (int times = 0; times < 2; times++) {
            try (Client attacker = new Client(site)) {
                attacker.say(odd.text().replace("PAGE", page)).head();
            }
        }
        String got = Client.get(site, page, "h");
        assertThat(got).as("what the next client gets after " + odd).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n" + NaiveApplication.page("h", page, ""));
        assertThat(Client.get(site, page, "h")).as("and the one after it").contains("; hit").endsWith("\r\n\r\n" + NaiveApplication.page("h", page, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/account.php/nonexistent.css", "/account;x.css", "/account%3bx.css", "/account%0ax.css", "/account%00x.css", "/account%23x.css", "/account%3fx.css", "/account/..%2faccount/x.js",
            "/static/..%2faccount", "/x/../account.css", "/account\\x.png"})
    void aPageOfSomeoneIsNobodyElses_whateverItsAddressLooksLike(String address) throws IOException {
        for (String fields : List.of("", "Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT", "Cache-Control: private, max-age=60", "Cache-Control: no-store", "Cache-Control: no-cache", "Pragma: no-cache",
                "Cache-Control: max-age=0", "Expires: 0", "Vary: *|Cache-Control: max-age=60", "Vary: Cookie|Cache-Control: max-age=60")) {
            String path = address + "?" + NUMBER.incrementAndGet();
            for (int times = 0; times < 2; times++) {
                Client.ask(site, "GET " + path + " HTTP/1.1\r\nHost: h\r\nCookie: session=alice\r\nX-Test-Fields: " + fields + "\r\n\r\n");
            }
            assertThat(Client.get(site, path, "h")).as(fields).doesNotContain("alice");
            assertThat(Client.ask(site, "GET " + path + " HTTP/1.1\r\nHost: h\r\nCookie: session=bob\r\n\r\n")).as(fields).doesNotContain("alice");
        }
    }

    @Test
    void anAnswerToSomeoneWithCredentialsIsNobodyElses_unlessItSaysSo() throws IOException {
        assertThat(afterAlice("Cache-Control: max-age=60")).endsWith("account of nobody");
        assertThat(afterAlice("Expires: Fri, 01 Jan 2100 00:00:00 GMT")).endsWith("account of nobody");
        assertThat(afterAlice("Cache-Control: public, max-age=60")).as("RFC 9111, section 3.5").endsWith("account of Bearer alice");
    }

    private static String afterAlice(String fields) throws IOException {
        String path = "/account" + NUMBER.incrementAndGet();
        Client.ask(site, "GET " + path + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer alice\r\nX-Test-Fields: " + fields + "\r\n\r\n");
        return Client.get(site, path, "h");
    }

    @Test
    void parametersThatAreLeftOutOfTheKeyMakeOnePage_andOnlyThose() throws IOException {
        String page = "/page" + NUMBER.incrementAndGet();
        Client.get(site, page + "?x=1&utm_source=mail", "h");
        assertThat(Client.get(site, page + "?utm_medium=a&x=1&fbclid=2", "h")).contains("; hit");
        assertThat(Client.get(site, page + "?x=2&utm_source=mail", "h")).doesNotContain("; hit");
    }
}
