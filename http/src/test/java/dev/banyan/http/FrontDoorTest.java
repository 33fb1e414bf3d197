package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whole requests over real sockets: what goes through, and how. */
class FrontDoorTest {
    private static HttpResponse<String> get(Site site, String path) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.port() + path)).build(), BodyHandlers.ofString());
        }
    }

    @Test
    void forwardsARequestAndItsAnswer() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of("", origin)) {
            HttpResponse<String> answer = get(site, "/a?b=c");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(origin.heads.getFirst()).startsWith("GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + site.port() + "\r\n");
            assertThat(origin.heads.getFirst()).contains("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n", "Forwarded: for=127.0.0.1;proto=http;host=");
            assertThat(origin.heads.getFirst()).as("no trace begins where none is recorded").doesNotContain("traceparent").containsPattern("X-Request-Id: [0-9a-f]{32}\r\n");
        }
    }

    @Test
    void keepsOneConnectionForManyRequests_onBothSides() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of("", origin); Socket client = site.connect()) {
            for (int i = 0; i < 100; i++) {
                Origin.write(client.getOutputStream(), "GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(read(client.getInputStream(), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".length())).endsWith("hello");
            }
            assertThat(site.door.connections()).isEqualTo(1);
            assertThat(origin.heads).hasSize(100);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        Origin.Script echo = (request, out) -> {
            String path = request.line().split(" ")[1];
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
        };
        try (Origin origin = new Origin(echo); Site site = Site.of("", origin); Socket client = site.connect()) {
            StringBuilder all = new StringBuilder();
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                String path = "/" + i;
                all.append("GET ").append(path).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
                expected.append("HTTP/1.1 200 OK\r\nContent-Length: ").append(path.length()).append("\r\n\r\n").append(path);
            }
            Origin.write(client.getOutputStream(), all.toString());
            assertThat(read(client.getInputStream(), expected.length())).isEqualTo(expected.toString());
        }
    }

    @Test
    void streamsBodiesBothWays() throws Exception {
        Origin.Script echo = (request, out) -> {
            byte[] body = request.body().readNBytes(Integer.parseInt(request.header("content-length")));
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
        };
        byte[] body = new byte[20_000_000];
        new Random(1).nextBytes(body);
        try (Origin origin = new Origin(echo); Site site = Site.of("", origin);
                HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest post = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.port() + "/")).POST(BodyPublishers.ofByteArray(body)).build();
            assertThat(client.send(post, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
        }
    }

    @Test
    void forwardsChunkedBodiesAsTheyAre() throws Exception {
        Origin.Script chunks = (request, out) -> {
            byte[] body = request.body().readNBytes("5\r\nhello\r\n0\r\n\r\n".length());
            assertThat(new String(body, StandardCharsets.US_ASCII)).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
            Origin.write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-End: 1\r\n\r\n");
        };
        try (Origin origin = new Origin(chunks); Site site = Site.of("", origin); Socket client = site.connect()) {
            Origin.write(client.getOutputStream(), "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-End: 1\r\n\r\n";
            assertThat(read(client.getInputStream(), answer.length())).isEqualTo(answer);
        }
    }

    @Test
    void givesAnHttp10ClientTheContentWithoutChunks() throws Exception {
        Origin.Script chunks = (_, out) -> Origin.write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
        try (Origin origin = new Origin(chunks); Site site = Site.of("", origin); Socket client = site.connect()) {
            Origin.write(client.getOutputStream(), "GET / HTTP/1.0\r\n\r\n");
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).isEqualTo("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcdefg");
        }
    }

    @Test
    void opensATunnelForAWebSocket_andRelaysBothWays() throws Exception {
        Origin.Script upgrade = (request, out) -> {
            assertThat(request.header("upgrade")).isEqualTo("websocket");
            assertThat(request.header("connection")).isEqualTo("Upgrade");
            Origin.write(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nwelcome");
            for (int b = request.body().read(); b >= 0; b = request.body().read()) {
                out.write(b);
                out.flush();
            }
        };
        try (Origin origin = new Origin(upgrade); Site site = Site.of("", origin); Socket client = site.connect()) {
            Origin.write(client.getOutputStream(), "GET /live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nfirst");
            String head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
            assertThat(read(client.getInputStream(), head.length() + 12)).isEqualTo(head + "welcomefirst");
            assertThat(site.servers.getFirst().tunnels()).isEqualTo(1);
            assertThat(site.servers.getFirst().inFlight()).isZero();
            Origin.write(client.getOutputStream(), "second");
            assertThat(read(client.getInputStream(), 6)).isEqualTo("second");
            client.close();
            Site.await("the tunnel's end", () -> site.servers.getFirst().tunnels() == 0);
        }
    }

    /** Found by the simulation: such a body was written to the server and flushed by nobody. */
    @Test
    void sendsABodyThatCameTogetherWithAnEarlierRequest() throws Exception {
        Origin.Script count = (request, out) -> {
            String length = request.header("content-length");
            int body = request.body().readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length)).length;
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + "%05d".formatted(body));
        };
        try (Origin origin = new Origin(count); Site site = Site.of("", origin); Socket client = site.connect()) {
            Origin.write(client.getOutputStream(), "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n" + "x".repeat(20_000));
            String head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
            assertThat(read(client.getInputStream(), 2 * head.length() + 10)).isEqualTo(head + "00000" + head + "20000");
        }
    }

    @Test
    void triesAnotherServer_whenOneIsUnreachable() throws Exception {
        Origin dead = Origin.saying("dead");
        try (Origin alive = Origin.saying("alive"); Site site = Site.of("  balance: {algorithm: round-robin}\n", dead, alive)) {
            dead.close();
            for (int i = 0; i < 4; i++) {
                assertThat(get(site, "/").body()).isEqualTo("alive");
            }
        }
    }

    @Test
    void neverSendsARequestTwice_whenItIsNotIdempotent() throws Exception {
        Origin.Script hangUp = (request, out) -> {
            request.body().readNBytes(1);
            out.close();
        };
        try (Origin one = new Origin(hangUp); Origin two = new Origin(hangUp); Site site = Site.of("", one, two); Socket client = site.connect()) {
            Origin.write(client.getOutputStream(), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
            assertThat(read(client.getInputStream(), 12)).isEqualTo("HTTP/1.1 502");
            assertThat(one.heads.size() + two.heads.size()).isEqualTo(1);
        }
    }

    static String read(InputStream in, int length) throws Exception {
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }
}
