package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a hostile HTTP/2 client does ends its connection, and nothing else. */
class Http2FloodTest {
    @FunctionalInterface
    private interface Attack {
        void on(FrameClient client) throws Exception;
    }

    /** Runs an attack, which may be cut off in the middle, and gives the reason that GOAWAY names; other clients are still served. */
    private static Http2Error goAwayAfter(Attack attack) throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of("", origin)) {
            Http2Error reason;
            try (FrameClient client = FrameClient.of(site)) {
                try {
                    attack.on(client);
                } catch (IOException cutOff) {
                    // what the front door said before is read below
                }
                reason = client.await(FrameClient.GOAWAY).error();
                while (client.read().type() >= 0) {
                    // whatever else was on its way
                }
            }
            try (FrameClient other = FrameClient.of(site)) {
                assertThat(other.get(1, "/").answer(1)).isEqualTo("200 hello");
            }
            Site.await("the end of all exchanges", () -> site.servers.getFirst().inFlight() == 0);
            return reason;
        }
    }

    @Test
    void rapidResetsEndTheConnection() throws Exception {
        assertThat(goAwayAfter(client -> {
            for (int id = 1; id < 1000; id += 2) {
                client.headers(id, true, FrameClient.head("GET", "/"));
                client.send(FrameClient.RST_STREAM, 0, id, 0, 0, 0, 8);
            }
            client.flush();
        })).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void makingUsResetManyStreamsEndsTheConnection() throws Exception {
        assertThat(goAwayAfter(client -> {
            for (int id = 1; id < 1000; id += 2) {
                client.headers(id, true, FrameClient.head("GET", "/"));
                client.send(FrameClient.WINDOW_UPDATE, 0, id, 0, 0, 0, 0); // an increment of 0 is a stream error
            }
            client.flush();
        })).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfSmallContinuationsEndsTheConnection() throws Exception {
        assertThat(goAwayAfter(client -> {
            client.send(FrameClient.HEADERS, 0, 1, client.encoded(1, FrameClient.head("GET", "/")));
            for (int i = 0; i < 1000; i++) {
                client.send(FrameClient.CONTINUATION, 0, 1);
            }
            client.flush();
        })).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfPingsEndsTheConnection() throws Exception {
        assertThat(goAwayAfter(client -> flood(client, FrameClient.PING, 0, new byte[8]))).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfSettingsEndsTheConnection() throws Exception {
        assertThat(goAwayAfter(client -> flood(client, FrameClient.SETTINGS, 0, new byte[0]))).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfPrioritiesEndsTheConnection() throws Exception {
        assertThat(goAwayAfter(client -> flood(client, FrameClient.PRIORITY, 1, new byte[] {0, 0, 0, 0, 1}))).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    @Test
    void aFloodOfEmptyDataEndsTheConnection() throws Exception {
        assertThat(goAwayAfter(client -> {
            client.post(1, "/");
            flood(client, FrameClient.DATA, 1, new byte[0]);
        })).isEqualTo(Http2Error.ENHANCE_YOUR_CALM);
    }

    private static void flood(FrameClient client, int type, int id, byte[] payload) throws IOException {
        for (int i = 0; i < 2 * FrameFlood.MOST_CONTROL_FRAMES; i++) {
            client.send(type, 0, id, payload);
        }
        client.flush();
    }

    @Test
    void aFewPingsAreNoFlood() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            for (int i = 0; i < FrameFlood.MOST_CONTROL_FRAMES / 2; i++) {
                client.send(FrameClient.PING, 0, 0, new byte[8]);
            }
            assertThat(client.flush().get(1, "/").answer(1)).isEqualTo("200 hello");
        }
    }

    /** A whole window of small frames may be on its way when a request is answered early. */
    @Test
    void theRestOfARequestThatWasAnsweredEarlyIsNoFlood() throws Exception {
        Origin.Script early = (request, out) -> Origin.write(out, "HTTP/1.1 " + (request.line().startsWith("POST") ? "413 Content Too Large" : "200 OK") + "\r\nContent-Length: 2\r\n\r\nok");
        try (Origin origin = new Origin(early); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            client.post(1, "/");
            client.await(FrameClient.RST_STREAM);
            for (int i = 0; i < 4 * FrameFlood.MOST_STREAM_ERRORS; i++) {
                client.data(1, false, "x".repeat(300));
            }
            assertThat(client.get(3, "/").answer(3)).isEqualTo("200 ok");
        }
    }

    @Test
    void headersBeyondTheLimitGet431_andTheConnectionLives() throws Exception {
        try (Origin origin = Origin.saying("hello"); Site site = Site.of("  limits: {head: 8KiB}\n", origin); FrameClient client = FrameClient.of(site)) {
            client.get(1, "/", "x-large", "x".repeat(9000));
            assertThat(client.answer(1)).startsWith("431 ");
            assertThat(client.get(3, "/").answer(3)).isEqualTo("200 hello");
        }
    }

    @Test
    void moreStreamsThanAllowedAreRefused() throws Exception {
        Origin.Script never = (request, _) -> request.body().read();
        try (Origin origin = new Origin(never); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            client.await(FrameClient.SETTINGS);
            client.send(FrameClient.SETTINGS, 1, 0);
            for (int i = 0; i <= ClientStreams.MOST_STREAMS; i++) {
                client.headers(2 * i + 1, true, FrameClient.head("GET", "/"));
            }
            FrameClient.Frame refused = client.flush().await(FrameClient.RST_STREAM);
            assertThat(refused.id()).isEqualTo(2 * ClientStreams.MOST_STREAMS + 1);
            assertThat(refused.error()).isEqualTo(Http2Error.REFUSED_STREAM);
        }
    }

    @Test
    void aClientThatNeverReadsMakesNobodyHoldMoreThanItsWindows() throws Exception {
        long size = 100_000_000;
        java.util.concurrent.atomic.AtomicLong written = new java.util.concurrent.atomic.AtomicLong();
        Origin.Script endless = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            byte[] piece = new byte[64 * 1024];
            for (long left = size; left > 0; left -= piece.length) {
                out.write(piece, 0, (int) Math.min(left, piece.length));
                written.addAndGet(piece.length);
            }
        };
        try (Origin origin = new Origin(endless); Site site = Site.of("", origin); FrameClient client = FrameClient.of(site)) {
            client.get(1, "/");
            client.await(FrameClient.DATA);
            long before = -1;
            for (int still = 0; still < 20; still = written.get() == before ? still + 1 : 0) {
                before = written.get();
                Site.pass(java.time.Duration.ofMillis(10));
            }
            assertThat(written.get()).as("only the sockets' buffers fill").isLessThan(20_000_000);
            client.reset(1);
            Site.await("the end of the exchange", () -> site.servers.getFirst().inFlight() == 0);
        }
    }

    /** One byte of a body amid frames that nobody knows: none may hold fast the buffer that it was read into. */
    @Test
    void aBodyInTinyPiecesThatWaitsHoldsLittleMoreThanItsBytes() throws Exception {
        var gate = new java.util.concurrent.Semaphore(0);
        Origin.Script gated = (request, out) -> {
            gate.acquireUninterruptibly();
            Http2Test.discardBody(request);
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        };
        try (Origin origin = new Origin(gated); Site site = Site.of("  limits: {per-server: 1, queue-timeout: 1h}\n  timeouts: {body: 1h}\n", origin);
                FrameClient client = FrameClient.of(site)) {
            client.get(1, "/");
            Site.await("the first request", () -> site.inFlight() == 1);
            client.headers(3, false, FrameClient.head("PUT", "/", "content-length", "4000"));
            client.headers(5, false, FrameClient.head("PUT", "/"));
            long before = directMemory();
            for (int i = 1; i <= 4000; i++) {
                client.send(0x1f, 0, 0, new byte[16_000]).send(FrameClient.DATA, i == 4000 ? 1 : 0, 3, 'x').send(FrameClient.DATA, i == 4000 ? 1 : 0, 5, 'x').flush();
            }
            client.send(FrameClient.PING, 0, 0, new byte[8]).flush().await(FrameClient.PING);
            assertThat(directMemory() - before).isLessThan(16_000_000);
            gate.release(3);
            assertThat(client.answer(1)).isEqualTo("200 ok");
            assertThat(client.answer(3)).isEqualTo("200 ok");
            assertThat(client.answer(5)).isEqualTo("200 ok");
        }
    }

    private static long directMemory() {
        return ((io.netty.buffer.ByteBufAllocatorMetricProvider) io.netty.buffer.ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
    }
}
