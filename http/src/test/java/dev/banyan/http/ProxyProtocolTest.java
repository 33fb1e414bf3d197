package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

/** The PROXY protocol, both versions, before everything that may follow it. */
class ProxyProtocolTest {
    private static final String ON = "  proxy-protocol: true\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

    /** What the front door answers to these bytes, sent at once or one by one. */
    private static String exchange(Site site, byte[] header, boolean slowly) throws Exception {
        try (Socket client = site.connect()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(header);
            all.writeBytes(GET.getBytes(StandardCharsets.US_ASCII));
            if (slowly) {
                for (byte b : all.toByteArray()) {
                    client.getOutputStream().write(b);
                    client.getOutputStream().flush();
                }
            } else {
                client.getOutputStream().write(all.toByteArray());
            }
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (java.net.SocketException closed) {
            return "";
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A version 2 header: command and family as in its bytes 13 and 14, then its body. */
    private static byte[] version2(int command, int family, String bodyHex) {
        byte[] body = HexFormat.of().parseHex(bodyHex);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        out.write(command);
        out.write(family);
        out.write(body.length >> 8);
        out.write(body.length);
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static final String IPV4 = "cb007109" + "0a000001" + "d431" + "01bb"; // 203.0.113.9:54321 -> 10.0.0.1:443
    private static final String IPV6 = "20010db8000000000000000000000007" + "20010db8000000000000000000000001" + "d431" + "01bb";

    @Test
    void takesTheClientsAddressFromTheHeader() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(ON, origin)) {
            for (boolean slowly : new boolean[] {false, true}) {
                assertForwardedFor(site, origin, ascii("PROXY TCP4 203.0.113.9 10.0.0.1 54321 443\r\n"), slowly, "203.0.113.9");
                assertForwardedFor(site, origin, ascii("PROXY TCP6 2001:db8::7 2001:db8::1 54321 443\r\n"), slowly, "2001:db8::7");
                assertForwardedFor(site, origin, version2(0x21, 0x11, IPV4), slowly, "203.0.113.9");
                assertForwardedFor(site, origin, version2(0x21, 0x21, IPV6), slowly, "2001:db8::7");
                assertForwardedFor(site, origin, version2(0x21, 0x11, IPV4 + "04000400000000"), slowly, "203.0.113.9"); // with a NOOP detail
            }
        }
    }

    @Test
    void keepsThePeersAddress_whenTheProxySpeaksForItself() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(ON, origin)) {
            assertForwardedFor(site, origin, ascii("PROXY UNKNOWN\r\n"), false, "127.0.0.1");
            assertForwardedFor(site, origin, version2(0x20, 0x00, ""), false, "127.0.0.1");
            assertForwardedFor(site, origin, version2(0x20, 0x11, IPV4), false, "127.0.0.1");
        }
    }

    private static void assertForwardedFor(Site site, Origin origin, byte[] header, boolean slowly, String address) throws Exception {
        origin.heads.clear();
        assertThat(exchange(site, header, slowly)).startsWith("HTTP/1.1 200 OK").endsWith("hello");
        assertThat(origin.heads.getFirst()).contains("X-Forwarded-For: " + address + "\r\n");
    }

    @Test
    void closesConnectionsWithoutAHeaderOrWithABrokenOne_andCountsThem() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(ON, origin)) {
            byte[][] bad = {
                {},
                ascii("PROXY TCP4 203.0.113.9 10.0.0.1 54321\r\n"),
                ascii("PROXY TCP4 999.0.113.9 10.0.0.1 54321 443\r\n"),
                ascii("PROXY TCP4 " + "1".repeat(200) + "\r\n"),
                version2(0x31, 0x11, IPV4),
                version2(0x21, 0x11, "cb007109"),
                version2(0x21, 0x11, IPV4 + "04ffff" + "00".repeat(4000)),
            };
            for (byte[] header : bad) {
                assertThat(exchange(site, header, false)).as(new String(header, StandardCharsets.ISO_8859_1)).isEmpty();
            }
            assertThat(origin.heads).isEmpty();
            Site.await("the count", () -> site.count("banyan_http_arrivals_total", "bad PROXY header") == bad.length);
            assertThat(site.door.connections()).isZero();
        }
    }

    @Test
    void waitsForAHeaderNoLongerThanForAHead() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(ON + "  timeouts: {head: 200ms}\n", origin); Socket client = site.connect()) {
            client.getOutputStream().write(ascii("PROXY TCP4 203.0"));
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(site.count("banyan_http_arrivals_total", "bad PROXY header")).isEqualTo(1);
        }
    }

    @Test
    void comesBeforeTlsToo() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(ON + TlsTest.TLS, origin); Socket plain = new Socket("127.0.0.1", site.tlsPort())) {
            plain.getOutputStream().write(version2(0x21, 0x11, IPV4));
            SSLSocketFactory trustingAll = TlsTest.trustingAnyone().getSocketFactory();
            try (SSLSocket tls = (SSLSocket) trustingAll.createSocket(plain, "localhost", site.tlsPort(), true)) {
                Origin.write(tls.getOutputStream(), GET);
                assertThat(new String(tls.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).endsWith("hello");
            }
            assertThat(origin.heads.getFirst()).contains("X-Forwarded-For: 203.0.113.9\r\n", "X-Forwarded-Proto: https\r\n");
        }
    }

    @Test
    void comesBeforeHttp2Too() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of(ON, origin); Socket socket = site.connect()) {
            socket.getOutputStream().write(version2(0x21, 0x21, IPV6));
            try (FrameClient client = new FrameClient(socket)) {
                assertThat(client.get(1, "/").answer(1)).isEqualTo("200 hello");
            }
            assertThat(origin.heads.getFirst()).contains("X-Forwarded-For: 2001:db8::7\r\n", "Forwarded: for=\"[2001:db8::7]\";proto=http;");
        }
    }
}
