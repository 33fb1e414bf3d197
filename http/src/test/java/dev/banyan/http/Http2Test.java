package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.LocalCertificate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.handler.codec.http2.Http2Error;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 with clients that others wrote. */
class Http2Test {
    @TempDir
    Path folder;

    /** Sends back each body as it comes, whatever its framing. */
    static Origin echo() throws Exception {
        return new Origin((request, out) -> {
            boolean chunked = request.header("transfer-encoding").equals("chunked");
            long length = chunked ? -1 : request.header("content-length").isEmpty() ? 0 : Long.parseLong(request.header("content-length"));
            out.write(("HTTP/1.1 200 OK\r\n" + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length) + "\r\n\r\n").getBytes());
            if (chunked) {
                copyChunks(request, out);
            } else {
                byte[] buffer = new byte[64 * 1024];
                for (long left = length; left > 0; ) {
                    int n = request.body().read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (n < 0) {
                        throw new EOFException("the body was cut");
                    }
                    out.write(buffer, 0, n);
                    left -= n;
                }
            }
            out.flush();
        });
    }

    static void discardBody(Origin.Request request) throws IOException {
        if (request.header("transfer-encoding").equals("chunked")) {
            copyChunks(request, OutputStream.nullOutputStream());
        } else if (!request.header("content-length").isEmpty()) {
            request.body().skipNBytes(Long.parseLong(request.header("content-length")));
        }
    }

    private static void copyChunks(Origin.Request request, OutputStream out) throws IOException {
        int size;
        do {
            StringBuilder line = new StringBuilder();
            for (int b = request.body().read(); b != '\n'; b = request.body().read()) {
                if (b < 0) {
                    throw new EOFException("the body was cut");
                }
                line.append((char) b);
            }
            size = Integer.parseInt(line.toString().strip(), 16);
            out.write((line + "\n").getBytes());
            out.write(request.body().readNBytes(size + 2));
        } while (size > 0);
    }

    @Test
    void answersCurl_withPriorKnowledge() throws Exception {
        Assumptions.assumeTrue(Tool.missing("curl").isEmpty(), "curl is not installed here");
        try (Origin origin = Origin.saying("hello"); Site site = Site.of("", origin)) {
            String text = Tool.run("curl", "-sS", "-i", "--http2-prior-knowledge", "http://127.0.0.1:" + site.port() + "/a?b=c");
            assertThat(text).startsWith("HTTP/2 200").endsWith("hello");
            assertThat(origin.heads.getFirst()).startsWith("GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + site.port() + "\r\n");
        }
    }

    @Test
    void answersCurl_overTls() throws Exception {
        Assumptions.assumeTrue(Tool.missing("curl").isEmpty(), "curl is not installed here");
        try (Origin origin = echo(); Site site = Site.of(TlsTest.TLS, origin)) {
            String text = Tool.run("curl", "-sS", "-i", "-k", "--http2", "-d", "a=b", "https://localhost:" + site.tlsPort() + "/");
            assertThat(text).startsWith("HTTP/2 200").endsWith("a=b");
        }
    }

    @Test
    void decidesFromTheFirstBytes_howeverTheyAreCut() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of("", origin)) {
            for (String words : List.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "PRI * HTTP/1.1\r\nHost: a\r\n\r\n")) {
                try (Socket client = site.connect()) {
                    for (byte b : words.getBytes(StandardCharsets.US_ASCII)) {
                        client.getOutputStream().write(b);
                        client.getOutputStream().flush();
                    }
                    byte[] first = client.getInputStream().readNBytes(4);
                    if (words.contains("2.0")) {
                        assertThat(first[3]).as("SETTINGS comes first").isEqualTo((byte) FrameClient.SETTINGS);
                    } else {
                        assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("HTTP");
                    }
                }
            }
        }
    }

    @Test
    void writesTheStreamDownAsHttp11_fieldByField() throws Exception {
        try (Origin origin = echo(); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            client.post(1, "/a?b=c", "cookie", "a=1", "x-one", "1", "te", "trailers", "cookie", "b=2");
            client.data(1, false, "hello, ").data(1, true, "world");
            assertThat(client.answer(1)).isEqualTo("200 hello, world");
            String head = origin.heads.getFirst();
            assertThat(head).startsWith("POST /a?b=c HTTP/1.1\r\nHost: a\r\nx-one: 1\r\ncookie: a=1; b=2\r\nTransfer-Encoding: chunked\r\n");
            assertThat(head).contains("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n").doesNotContain("trailers");
        }
    }

    @Test
    void keepsALengthThatTheClientGives() throws Exception {
        try (Origin origin = echo(); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            client.post(1, "/", "content-length", "5").data(1, false, "hel").data(1, true, "lo");
            assertThat(client.answer(1)).isEqualTo("200 hello");
            assertThat(origin.heads.getFirst()).contains("content-length: 5\r\n").doesNotContain("chunked");
        }
    }

    @Test
    void resetsAStreamWhoseBodyIsNotOfItsLength() throws Exception {
        try (Origin origin = echo(); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            client.post(1, "/", "content-length", "5").data(1, true, "hel");
            assertThat(client.await(FrameClient.RST_STREAM).error()).isEqualTo(Http2Error.PROTOCOL_ERROR);
            client.post(3, "/", "content-length", "5").data(3, true, "hello, world");
            assertThat(client.await(FrameClient.RST_STREAM).error()).isEqualTo(Http2Error.PROTOCOL_ERROR);
            client.get(5, "/", "content-length", "5");
            assertThat(client.await(FrameClient.RST_STREAM).error()).isEqualTo(Http2Error.PROTOCOL_ERROR);
            assertThat(client.get(7, "/").answer(7)).isEqualTo("200 ");
        }
    }

    @Test
    void passesInterimAnswersOn_andStripsWhatBelongsToHttp11() throws Exception {
        Origin.Script hints = (_, out) -> Origin.write(out, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nTransfer-Encoding: chunked\r\nX-Kept: Yes\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX-End: 1\r\n\r\n");
        try (Origin origin = new Origin(hints); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            client.get(1, "/");
            FrameClient.Frame interim = client.await(FrameClient.HEADERS);
            assertThat(interim.headers().status()).hasToString("103");
            assertThat(interim.headers().get("link")).hasToString("</a.css>; rel=preload");
            FrameClient.Frame head = client.await(FrameClient.HEADERS);
            assertThat(head.headers().names()).extracting(CharSequence::toString).containsExactly(":status", "x-kept");
            assertThat(head.headers().get("x-kept")).hasToString("Yes");
            assertThat(client.answer(1)).isEqualTo("hello");
        }
    }

    @Test
    void endsAnAnswerWithoutABodyWithItsHead() throws Exception {
        Origin.Script bare = (request, out) -> Origin.write(out, request.line().startsWith("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" : "HTTP/1.1 204 No Content\r\n\r\n");
        try (Origin origin = new Origin(bare); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            client.headers(1, true, FrameClient.head("HEAD", "/")).flush();
            FrameClient.Frame head = client.await(FrameClient.HEADERS);
            assertThat(head.endStream()).isTrue();
            assertThat(head.headers().get("content-length")).hasToString("5");
            assertThat(client.get(3, "/").await(FrameClient.HEADERS).endStream()).isTrue();
        }
    }

    @Test
    void resetsAStreamWhoseAnswerIsCut_andServesOn() throws Exception {
        Origin.Script cut = (request, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + (request.line().contains("cut") ? 10 : 5) + "\r\n\r\nhello");
            if (request.line().contains("cut")) {
                out.close();
            }
        };
        try (Origin origin = new Origin(cut); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            assertThat(client.get(1, "/cut").answer(1)).isEqualTo("reset INTERNAL_ERROR");
            assertThat(client.get(3, "/").answer(3)).isEqualTo("200 hello");
        }
    }

    @Test
    void answersForItself_whenNoServerDoes() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of("  limits: {body: 10B}\n  retries: {attempts: 0}\n", origin); FrameClient client = FrameClient.of(site)) {
            client.post(1, "/", "content-length", "11");
            assertThat(client.answer(1)).startsWith("413 413 Request Entity Too Large");
            client.post(3, "/").data(3, false, "hello, wor").data(3, true, "ld");
            assertThat(client.answer(3)).startsWith("413 ");
            client.headers(5, true, new io.netty.handler.codec.http2.DefaultHttp2Headers().method("CONNECT").authority("a:443")).flush();
            assertThat(client.answer(5)).startsWith("501 ");
            origin.close();
            assertThat(client.get(7, "/").answer(7)).startsWith("502 ");
        }
    }

    @Test
    void keepsAClientAtItsServerByACookie() throws Exception {
        try (Origin one = Origin.saying("one"); Origin two = Origin.saying("two"); Site site = Site.of("  balance: {algorithm: round-robin, sticky-cookie: at}\n", one, two); FrameClient client = FrameClient.of(site)) {
            String cookie = client.get(1, "/").await(FrameClient.HEADERS).headers().get("set-cookie").toString();
            assertThat(cookie).matches("at=web-[12]; Path=/; HttpOnly; SameSite=Lax");
            String said = client.answer(1);
            for (int id = 3; id < 20; id += 2) {
                assertThat(client.get(id, "/", "cookie", "x=y", "cookie", cookie.substring(0, 8)).answer(id)).isEqualTo("200 " + said);
            }
        }
    }

    @Test
    void logsAndCountsStreamsLikeConnections() throws Exception {
        Path log = folder.resolve("access.log");
        try (Origin origin = Origin.saying("hello"); Site site = Site.logging(log, "", origin); FrameClient client = FrameClient.of(site)) {
            assertThat(client.get(1, "/logged").answer(1)).isEqualTo("200 hello");
            client.post(3, "/refused", "content-length", "1", "expect", "magic");
            assertThat(client.answer(3)).startsWith("417 ");
            assertThat(site.servers.getFirst().requests()).isEqualTo(1);
            assertThat(site.count("banyan_http_arrivals_total", "h2")).isEqualTo(1);
            Site.await("two lines of the log", () -> lines(log) == 2);
        }
        assertThat(Files.readString(log)).contains("\"path\":\"/logged\",\"status\":200,\"bytes\":5").contains("\"status\":417");
    }

    private static long lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void sendsGoAwayWhenItCloses_andEndsWithTheLastStream() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Origin.Script slow = (_, out) -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        };
        try (Origin origin = new Origin(slow); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            client.get(1, "/");
            Site.await("the request", () -> site.servers.getFirst().inFlight() == 1);
            Thread closing = Thread.ofVirtual().start(() -> site.door.close(Duration.ofSeconds(10)));
            FrameClient.Frame goAway = client.await(FrameClient.GOAWAY);
            assertThat(goAway.error()).isEqualTo(Http2Error.NO_ERROR);
            go.countDown();
            assertThat(client.answer(1)).isEqualTo("200 hello");
            assertThat(client.read().type()).isEqualTo(-1);
            closing.join();
        }
    }

    @Test
    void endsUnusedConnectionsAndStalledBodiesInTime() throws Exception {
        try (Origin origin = echo(); Site site = Site.of("  timeouts: {idle: 300ms, body: 300ms}\n", origin); FrameClient client = FrameClient.of(site)) {
            client.post(1, "/", "content-length", "5").data(1, false, "he");
            assertThat(client.answer(1)).as("its answer had begun").isEqualTo("reset INTERNAL_ERROR");
            assertThat(client.await(FrameClient.GOAWAY).error()).isEqualTo(Http2Error.NO_ERROR);
            assertThat(client.read().type()).isEqualTo(-1);
            Site.await("the connection's end", () -> site.door.connections() == 0);
        }
    }

    @Test
    void aResetEndsTheExchange_andOtherStreamsGoOn() throws Exception {
        byte[] piece = new byte[16 * 1024];
        Origin.Script large = (request, out) -> {
            int id = Integer.parseInt(request.line().split(" ")[1].substring(1));
            Arrays.fill(piece, (byte) 'x');
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + 10 * piece.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] mine = new byte[piece.length];
            Arrays.fill(mine, (byte) id);
            for (int i = 0; i < 10; i++) {
                out.write(mine);
            }
            out.flush();
        };
        try (Origin origin = new Origin(large); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            client.window(0, 1 << 30);
            for (int id = 1; id < 80; id += 2) {
                client.get(id, "/" + id);
            }
            Map<Integer, Integer> received = new HashMap<>();
            int ended = 0;
            while (ended < 20) {
                FrameClient.Frame frame = client.await(FrameClient.DATA);
                for (byte b : frame.payload()) {
                    assertThat(b).isEqualTo((byte) frame.id());
                }
                boolean first = received.merge(frame.id(), frame.payload().length, Integer::sum) == frame.payload().length;
                if (frame.id() % 4 == 3 && first) {
                    client.reset(frame.id());
                } else if (frame.id() % 4 == 1) {
                    client.window(frame.id(), frame.payload().length);
                    ended += frame.endStream() ? 1 : 0;
                }
            }
            received.forEach((id, bytes) -> assertThat(id % 4 == 1 ? bytes : 10 * piece.length).isEqualTo(10 * piece.length));
            Site.await("the end of all exchanges", () -> site.servers.getFirst().inFlight() == 0);
            assertThat(client.get(81, "/5").await(FrameClient.HEADERS).headers().status()).hasToString("200");
        }
    }

    @Test
    void mixesNoAnswers_inAThousandStreamsAtATime() throws Exception {
        Origin.Script own = (request, out) -> {
            String path = request.line().split(" ")[1];
            int size = 1 + Math.floorMod(path.hashCode() * 31, 60_000);
            boolean chunked = size % 2 == 0;
            StringBuilder body = new StringBuilder();
            while (body.length() < size) {
                body.append(path);
            }
            Origin.write(out, "HTTP/1.1 200 OK\r\n" + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length()) + "\r\n\r\n");
            for (int i = 0; i < body.length(); i += 7000) {
                String part = body.substring(i, Math.min(body.length(), i + 7000));
                Origin.write(out, chunked ? Integer.toHexString(part.length()) + "\r\n" + part + "\r\n" : part);
            }
            Origin.write(out, chunked ? "0\r\n\r\n" : "");
        };
        var made = LocalCertificate.make(Instant.now());
        Path certificate = Files.writeString(folder.resolve("a.crt"), made.certificatePem());
        Path key = Files.writeString(folder.resolve("a.key"), made.keyPem());
        String tls = "  tls: {listen: 127.0.0.1:0, certificate: " + certificate + ", key: " + key + "}\n  timeouts: {connect: 30s}\n"; // a thousand connections to two small servers
        try (Origin one = new Origin(own); Origin two = new Origin(own); Site site = Site.of(tls, one, two)) {
            List<HttpClient> clients = new ArrayList<>();
            List<CompletableFuture<Void>> answers = new ArrayList<>();
            for (int c = 0; c < 10; c++) {
                clients.add(HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(TlsTest.trusting(made.identity().chain().getFirst())).build());
                ask(clients.get(c), site, "/first/" + c).join(); // so that the others share its connection
            }
            for (int i = 0; i < 1000; i++) {
                answers.add(ask(clients.get(i % 10), site, "/" + i + "/"));
            }
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            assertThat(site.door.connections()).isEqualTo(10);
            clients.forEach(HttpClient::close);
        }
    }

    private static CompletableFuture<Void> ask(HttpClient client, Site site, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + site.tlsPort() + path)).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenAccept(answer -> {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body().replace(path, "")).isEmpty();
        });
    }

    @Test
    void passesAHundredMegabytesBothWays_inConstantMemory() throws Exception {
        long size = 100_000_000;
        AtomicLong most = new AtomicLong();
        try (Origin origin = echo(); Site site = Site.of("", origin)) {
            ByteBufAllocator alloc = ByteBufAllocator.DEFAULT;
            Thread watch = Thread.ofPlatform().daemon().start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    most.accumulateAndGet(((ByteBufAllocatorMetricProvider) alloc).metric().usedDirectMemory(), Math::max);
                    Thread.onSpinWait();
                }
            });
            long before = ((ByteBufAllocatorMetricProvider) alloc).metric().usedDirectMemory();
            Path file = folder.resolve("large");
            byte[] pattern = new byte[1_000_000];
            new java.util.Random(3).nextBytes(pattern);
            try (OutputStream out = Files.newOutputStream(file)) {
                for (long i = 0; i < size; i += pattern.length) {
                    out.write(pattern);
                }
            }
            Assumptions.assumeTrue(Tool.missing("curl").isEmpty(), "curl is not installed here");
            Path answer = folder.resolve("answer");
            Tool.run("curl", "-sS", "--http2-prior-knowledge", "--data-binary", "@" + file, "-H", "Expect:", "-o", answer.toString(), "http://127.0.0.1:" + site.port() + "/");
            watch.interrupt();
            watch.join();
            assertThat(Files.mismatch(file, answer)).isEqualTo(-1);
            assertThat(most.get() - before).as("direct memory beyond what there was").isLessThan(32_000_000);
        }
    }
}
