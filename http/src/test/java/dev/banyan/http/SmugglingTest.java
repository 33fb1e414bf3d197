package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two programs could read in two ways. Each is refused with a status and a closed connection, and no byte of it reaches a
 * server; what is harmless reaches it in one canonical form.
 */
class SmugglingTest {
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    private static Origin origin;
    private static Site site;

    @BeforeAll
    static void open() throws IOException {
        origin = new Origin((request, out) -> {
            String length = request.header("content-length");
            if (!length.isEmpty()) {
                request.body().readNBytes(Integer.parseInt(length));
            }
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        site = Site.of("  limits: {head: 8KiB, headers: 50, body: 1MiB}\n  timeouts: {head: 2s}\n", origin);
    }

    @AfterAll
    static void close() throws IOException {
        site.close();
        origin.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                // Content-Length against Transfer-Encoding
                arguments("CL.TE", POST + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG", 400),
                arguments("TE.CL", POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n", 400),
                arguments("CL 0 and TE", POST + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
                arguments("TE with CL in other letters", POST + "TRANSFER-ENCODING: chunked\r\ncontent-length: 4\r\n\r\n", 400),
                arguments("two different CL", POST + "Content-Length: 6\r\nContent-Length: 5\r\n\r\n", 400),
                arguments("two equal CL", POST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400),
                arguments("CL as a list", POST + "Content-Length: 5, 5\r\n\r\nhello", 400),
                arguments("CL with a sign", POST + "Content-Length: +5\r\n\r\nhello", 400),
                arguments("negative CL", POST + "Content-Length: -1\r\n\r\n", 400),
                arguments("CL in hexadecimal", POST + "Content-Length: 0x5\r\n\r\nhello", 400),
                arguments("CL with a unit", POST + "Content-Length: 5b\r\n\r\nhello", 400),
                arguments("CL with a blank inside", POST + "Content-Length: 1 0\r\n\r\n", 400),
                arguments("CL with a fraction", POST + "Content-Length: 5.0\r\n\r\nhello", 400),
                arguments("empty CL", POST + "Content-Length: \r\n\r\n", 400),
                arguments("CL past 2^63", POST + "Content-Length: 9223372036854775808\r\n\r\n", 400),
                arguments("CL past 2^64", POST + "Content-Length: 18446744073709551621\r\n\r\n", 400),
                arguments("CL in other digits", POST + "Content-Length: \u0665\r\n\r\n", 400),
                // Transfer-Encoding in disguise
                arguments("TE twice", POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
                arguments("TE chunked, chunked", POST + "Transfer-Encoding: chunked, chunked\r\n\r\n", 400),
                arguments("TE identity", POST + "Transfer-Encoding: identity\r\n\r\n", 400),
                arguments("TE chunked, identity", POST + "Transfer-Encoding: chunked, identity\r\n\r\n", 400),
                arguments("TE xchunked", POST + "Transfer-Encoding: xchunked\r\n\r\n", 400),
                arguments("TE quoted", POST + "Transfer-Encoding: \"chunked\"\r\n\r\n", 400),
                arguments("TE with a parameter", POST + "Transfer-Encoding: chunked;q=1\r\n\r\n", 400),
                arguments("TE with a trailing comma", POST + "Transfer-Encoding: chunked,\r\n\r\n", 400),
                arguments("TE with a leading comma", POST + "Transfer-Encoding: ,chunked\r\n\r\n", 400),
                arguments("TE with a vertical tab", POST + "Transfer-Encoding: \u000bchunked\r\n\r\n", 400),
                arguments("TE with a NUL", POST + "Transfer-Encoding: chunked\u0000\r\n\r\n", 400),
                arguments("TE before a colon's blank", POST + "Transfer-Encoding : chunked\r\n\r\n", 400),
                arguments("TE folded", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n", 400),
                arguments("TE after a folded line", POST + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n", 400),
                arguments("TE after a tab", POST + "\tTransfer-Encoding: chunked\r\n\r\n", 400),
                arguments("TE hidden behind LF", POST + "X: y\nTransfer-Encoding: chunked\r\n\r\n", 400),
                arguments("TE hidden behind CR", POST + "X: y\rTransfer-Encoding: chunked\r\n\r\n", 400),
                arguments("TE in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
                arguments("TE gzip, chunked", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
                arguments("TE gzip alone", POST + "Transfer-Encoding: gzip\r\n\r\n", 501),
                arguments("empty TE", POST + "Transfer-Encoding:\r\n\r\n", 400),
                // chunks
                arguments("chunk size with a sign", CHUNKED + "+5\r\nhello\r\n0\r\n\r\n", 400),
                arguments("chunk size with 0x", CHUNKED + "0x5\r\nhello\r\n0\r\n\r\n", 400),
                arguments("chunk size with a blank before", CHUNKED + " 5\r\nhello\r\n0\r\n\r\n", 400),
                arguments("chunk size with a blank after", CHUNKED + "5 \r\nhello\r\n0\r\n\r\n", 400),
                arguments("empty chunk size", CHUNKED + "\r\nhello\r\n0\r\n\r\n", 400),
                arguments("chunk size of no digits", CHUNKED + "g\r\nhello\r\n0\r\n\r\n", 400),
                arguments("negative chunk size", CHUNKED + "-1\r\nhello\r\n0\r\n\r\n", 400),
                arguments("chunk size past 2^60", CHUNKED + "1000000000000000\r\nhello\r\n0\r\n\r\n", 400),
                arguments("chunk size that overflows", CHUNKED + "10000000000000005\r\nhello\r\n0\r\n\r\n", 400),
                arguments("chunk size ended by LF", CHUNKED + "5\nhello\r\n0\r\n\r\n", 400),
                arguments("chunk size ended by CR", CHUNKED + "5\rhello\r\n0\r\n\r\n", 400),
                arguments("chunk longer than its size", CHUNKED + "5\r\nhellos\r\n0\r\n\r\n", 400),
                arguments("chunk ended by LF", CHUNKED + "5\r\nhello\n0\r\n\r\n", 400),
                arguments("extension with LF", CHUNKED + "5;a\nb\r\nhello\r\n0\r\n\r\n", 400),
                arguments("extension with CR", CHUNKED + "5;a\rb\r\nhello\r\n0\r\n\r\n", 400),
                arguments("extension with NUL", CHUNKED + "5;\u0000\r\nhello\r\n0\r\n\r\n", 400),
                arguments("extension too long", CHUNKED + "5;" + "x".repeat(300) + "\r\nhello\r\n0\r\n\r\n", 400),
                arguments("last chunk ended by LF", CHUNKED + "0\n\n", 400),
                arguments("trailer ended by LF", CHUNKED + "0\r\nX: y\n\r\n", 400),
                arguments("trailer without a colon", CHUNKED + "0\r\nGET /smuggled HTTP/1.1\r\n\r\n", 400),
                arguments("trailer folded", CHUNKED + "0\r\nX: y\r\n z\r\n\r\n", 400),
                arguments("trailers too long", CHUNKED + "0\r\nX: " + "y".repeat(9000) + "\r\n\r\n", 400),
                // lines
                arguments("all lines end with LF", "GET / HTTP/1.1\nHost: a\n\n", 400),
                arguments("request line ends with LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400),
                arguments("header ends with LF", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400),
                arguments("head ends with LF", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400),
                arguments("CR inside a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\rz\r\n\r\n", 400),
                arguments("CR CR LF", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400),
                arguments("NUL inside a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\u0000z\r\n\r\n", 400),
                arguments("DEL inside a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\u007fz\r\n\r\n", 400),
                arguments("folded with a blank", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", 400),
                arguments("first header is folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
                // names
                arguments("blank before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
                arguments("tab before the colon", "GET / HTTP/1.1\r\nHost: a\r\nX\t: y\r\n\r\n", 400),
                arguments("no colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400),
                arguments("no name", "GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n", 400),
                arguments("brackets in a name", "GET / HTTP/1.1\r\nHost: a\r\nX[0]: y\r\n\r\n", 400),
                arguments("NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\u0000: y\r\n\r\n", 400),
                arguments("a letter past ASCII in a name", "GET / HTTP/1.1\r\nHost: a\r\n\u00e9: y\r\n\r\n", 400),
                // the request line
                arguments("no version (HTTP/0.9)", "GET /\r\n\r\n", 400),
                arguments("two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("two blanks before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("a tab for the blank", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("a blank after the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400),
                arguments("a blank before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("a blank in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("a fragment in the target", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("a control character in the target", "GET /a\u0001 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("a letter past ASCII in the target", "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("a relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("* with GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("a method of 33 letters", "G".repeat(33) + " / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("a method that is no token", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("version 1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400),
                arguments("version 1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505),
                arguments("version 2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
                arguments("version 3", "GET / HTTP/3\r\nHost: a\r\n\r\n", 400),
                arguments("CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 501),
                arguments("TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
                // hosts
                arguments("no Host", "GET / HTTP/1.1\r\n\r\n", 400),
                arguments("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                arguments("two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
                arguments("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
                arguments("a path in Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
                arguments("a user in Host", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
                arguments("a blank in Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
                arguments("a list in Host", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400),
                arguments("a port of letters", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400),
                arguments("an open bracket in Host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
                arguments("absolute form against Host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("absolute form with a user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("absolute form without a host", "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("absolute form with another port", "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                // hop by hop
                arguments("Connection names Content-Length", POST + "Connection: content-length\r\nContent-Length: 5\r\n\r\nhello", 400),
                arguments("Connection names Transfer-Encoding", POST + "Connection: close, Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
                arguments("Connection names Host", "GET / HTTP/1.1\r\nHost: a\r\nConnection: Host\r\n\r\n", 400),
                arguments("Connection names Cookie", "GET / HTTP/1.1\r\nHost: a\r\nConnection: cookie\r\nCookie: s=1\r\n\r\n", 400),
                // sizes and expectations
                arguments("a head over the limit", "GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(9000) + "\r\n\r\n", 431),
                arguments("a target over the limit", "GET /" + "y".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 431),
                arguments("too many headers", "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(51) + "\r\n", 431),
                arguments("a body over the limit", POST + "Content-Length: 1048577\r\n\r\n", 413),
                arguments("an unknown expectation", POST + "Expect: 200-ok\r\nContent-Length: 0\r\n\r\n", 417),
                arguments("three empty lines first", "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("TLS to the plain port", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", 400));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String name, String request, int status) throws Exception {
        int seen = origin.heads.size();
        try (Socket client = site.connect()) {
            Origin.write(client.getOutputStream(), request + SMUGGLED);
            String answers = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answers).startsWith("HTTP/1.1 " + status + " ").contains("\r\nConnection: close\r\n");
            assertThat(answers.split("(?m)^HTTP/1.1 ", -1)).as("one answer and no more").hasSize(2);
        }
        // A chunked body may have begun to pass before its fault showed; then its server saw a head, but never its end, and nothing else.
        assertThat(origin.heads.subList(seen, origin.heads.size())).noneMatch(head -> head.contains("smuggled"));
    }

    static Stream<Arguments> passedOn() {
        return Stream.of(
                arguments("one empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n"),
                arguments("absolute form", "GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n", "GET /b?c HTTP/1.1\r\nHost: a\r\n"),
                arguments("absolute form, host in other letters", "GET HTTP://A/b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /b HTTP/1.1\r\nHost: a\r\n"),
                arguments("absolute form without a path", "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n"),
                arguments("absolute form with a query alone", "GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /?b HTTP/1.1\r\nHost: a\r\n"),
                arguments("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n"),
                arguments("blanks around a value", "GET / HTTP/1.1\r\nHost: \t a \t\r\nX:  y \r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n"),
                arguments("an IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n"),
                arguments("CL with zeros before", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n"),
                arguments("a method of its own", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "BREW / HTTP/1.1\r\nHost: a\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void passedOn(String name, String request, String head) throws Exception {
        int seen = origin.heads.size();
        try (Socket client = site.connect()) {
            Origin.write(client.getOutputStream(), request);
            assertThat(FrontDoorTest.read(client.getInputStream(), 15)).isEqualTo("HTTP/1.1 200 OK");
        }
        assertThat(origin.heads).hasSize(seen + 1);
        assertThat(origin.heads.getLast()).startsWith(head);
    }

    static Stream<Arguments> leftOut() {
        return Stream.of(
                arguments("Connection: close\r\n", "Connection"),
                arguments("Keep-Alive: timeout=5\r\n", "Keep-Alive"),
                arguments("Proxy-Connection: keep-alive\r\n", "Proxy-Connection"),
                arguments("TE: trailers\r\n", "TE"),
                arguments("Connection: X-Private\r\nX-Private: 1\r\n", "X-Private"),
                arguments("Connection: close, x-private\r\nX-PRIVATE: 1\r\n", "X-PRIVATE"),
                arguments("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", "Upgrade"),
                arguments("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", "HTTP2-Settings"),
                arguments("Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n", "Upgrade"),
                arguments("Connection: Upgrade\r\nUpgrade: H2C/1 ,websocket\r\n", "Upgrade"),
                arguments("Upgrade: websocket\r\n", "Upgrade"),
                arguments("Content_Length: 5\r\n", "Content_Length"),
                arguments("Transfer_Encoding: chunked\r\n", "Transfer_Encoding"),
                arguments("X_Forwarded_For: 6.6.6.6\r\n", "X_Forwarded_For"),
                arguments("X-Forwarded-Port: 1\r\n", "X-Forwarded-Port"),
                arguments("X-Real-IP: 6.6.6.6\r\n", "X-Real-IP"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void leftOut(String header, String name) throws Exception {
        try (Socket client = site.connect()) {
            Origin.write(client.getOutputStream(), "GET / HTTP/1.1\r\nHost: a\r\n" + header + "\r\n");
            assertThat(FrontDoorTest.read(client.getInputStream(), 15)).isEqualTo("HTTP/1.1 200 OK");
        }
        assertThat(origin.heads.getLast()).doesNotContain("\r\n" + name + ":");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forged")
    void replacesWhatAClientSaysOfItself(String name, String value) throws Exception {
        try (Socket client = site.connect()) {
            Origin.write(client.getOutputStream(), "GET / HTTP/1.1\r\nHost: a\r\n" + name + ": " + value + "\r\n\r\n");
            assertThat(FrontDoorTest.read(client.getInputStream(), 15)).isEqualTo("HTTP/1.1 200 OK");
        }
        assertThat(origin.heads.getLast()).doesNotContain(value).contains("\r\n" + name + ": ");
    }

    @Test
    void leavesOutATraceparentThatIsNone_andTheTracestateWithIt() throws Exception {
        try (Socket client = site.connect()) {
            Origin.write(client.getOutputStream(), "GET / HTTP/1.1\r\nHost: a\r\ntraceparent: 00-zz\r\ntracestate: a=1\r\n\r\n");
            assertThat(FrontDoorTest.read(client.getInputStream(), 15)).isEqualTo("HTTP/1.1 200 OK");
        }
        assertThat(origin.heads.getLast()).doesNotContain("trace");
    }

    static Stream<Arguments> forged() {
        return Stream.of(
                arguments("X-Forwarded-For", "6.6.6.6"),
                arguments("X-Forwarded-Proto", "gopher"),
                arguments("X-Forwarded-Host", "evil"),
                arguments("Forwarded", "for=6.6.6.6"),
                arguments("X-Request-Id", "evil"));
    }
}
