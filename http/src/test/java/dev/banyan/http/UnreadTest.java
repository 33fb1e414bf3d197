package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.ServerState;
import dev.banyan.telemetry.Labels;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients ask for and do not take makes a front door hold so much and no more, and costs nobody else anything. */
class UnreadTest {
    private static final int ANSWER = 250_000;
    private static final int WIDE = Integer.MAX_VALUE;
    /** What may lie here for one client, and as much again for buffers that are not full. */
    private static final long LITTLE = 2 * Backlog.FULL;

    /** Answers with many times the letter that the path ends with. */
    private static final class Letters implements Origin.Script {
        final AtomicLong written = new AtomicLong();

        @Override
        public void serve(Origin.Request request, OutputStream out) throws IOException {
            String path = request.line().split(" ")[1];
            Origin.write(out, "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: " + ANSWER + "\r\n\r\n");
            byte[] piece = path.substring(path.length() - 1).repeat(10_000).getBytes(StandardCharsets.US_ASCII);
            for (int left = ANSWER; left > 0; left -= piece.length) {
                out.write(piece);
                written.addAndGet(piece.length);
            }
        }
    }

    private static Socket withLittleRoom(Site site) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 * 1024);
        socket.connect(new InetSocketAddress("127.0.0.1", site.port()));
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** A client with windows of that size, which has asked for an answer on each of its streams. */
    private static FrameClient asking(Site site, int window) throws Exception {
        FrameClient client = new FrameClient(withLittleRoom(site));
        client.send(FrameClient.SETTINGS, 0, 0, 0, 4, window >> 24, window >> 16, window >> 8, window);
        client.window(0, WIDE - 65_535);
        for (int id = 1; id < 2 * ClientStreams.MOST_STREAMS; id += 2) {
            client.headers(id, true, FrameClient.head("GET", "/" + letter(id)));
        }
        return client.flush();
    }

    private static char letter(int id) {
        return (char) ('a' + id / 2 % 26);
    }

    private static long held() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
    }

    /** Waits until all requests have come to a server, and nothing has been written any more for a while; the most that was held meanwhile. */
    private static long most(Origin origin, AtomicLong written) {
        AtomicLong most = new AtomicLong();
        Site.await("all requests at the server", () -> {
            most.accumulateAndGet(held(), Math::max);
            return origin.heads.size() == ClientStreams.MOST_STREAMS;
        });
        for (long before = -1; written.get() != before; ) {
            before = written.get();
            Site.pass(Duration.ofMillis(200));
            most.accumulateAndGet(held(), Math::max);
        }
        return most.get();
    }

    @ParameterizedTest
    @ValueSource(ints = {WIDE, 65_535, 0})
    void aClientThatAsksMuchAndReadsNothingHasLittleLyingHere_whateverItsWindows(int window) throws Exception {
        Letters letters = new Letters();
        try (Origin origin = new Origin(letters); Site site = Site.of("", origin)) {
            long before = held();
            try (FrameClient client = asking(site, window)) {
                assertThat(most(origin, letters.written) - before).isLessThan(LITTLE);
                try (FrameClient other = FrameClient.of(site)) {
                    other.get(1, "/x");
                    assertThat(other.await(FrameClient.HEADERS).headers().status()).hasToString("200");
                }
            }
            Site.await("the end of all exchanges", () -> site.inFlight() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {WIDE, 0})
    void whoReadsInTheEndGetsAll(int window) throws Exception {
        Letters letters = new Letters();
        try (Origin origin = new Origin(letters); Site site = Site.of("", origin); FrameClient client = asking(site, window)) {
            most(origin, letters.written);
            Map<Integer, Integer> got = new HashMap<>();
            if (window == 0) {
                client.send(FrameClient.SETTINGS, 0, 0, 0, 4, WIDE >> 24, 0xff, 0xff, 0xff).flush();
            }
            for (int ended = 0; ended < ClientStreams.MOST_STREAMS; ) {
                FrameClient.Frame frame = client.await(FrameClient.DATA);
                assertThat(frame.text()).matches(letter(frame.id()) + "*");
                got.merge(frame.id(), frame.payload().length, Integer::sum);
                ended += frame.endStream() ? 1 : 0;
            }
            assertThat(got).hasSize(ClientStreams.MOST_STREAMS);
            assertThat(got.values()).containsOnly(ANSWER);
        }
    }

    @Test
    void aClientThatReadsNothingAtAllLosesItsConnection() throws Exception {
        Letters letters = new Letters();
        try (Origin origin = new Origin(letters); Site site = Site.of("  timeouts: {body: 1s}\n", origin); FrameClient _ = asking(site, WIDE)) {
            Site.await("the end of the connection", () -> origin.heads.size() == ClientStreams.MOST_STREAMS && site.door.connections() == 0);
            Site.await("the end of all exchanges", () -> site.inFlight() == 0);
            assertThat(site.servers.getFirst().state()).isEqualTo(ServerState.HEALTHY);
        }
    }

    @Test
    void whoHasReadNothingForTheLongestLosesItsConnection_whenThereIsTooMuchForAllTogether() throws Exception {
        AtomicLong written = new AtomicLong();
        Origin.Script endless = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            byte[] piece = new byte[10_000];
            for (int sent = 0; sent < 1_000_000_000; sent += piece.length) {
                out.write(piece);
                written.addAndGet(piece.length);
            }
        };
        byte[] request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Origin origin = new Origin(endless); Site site = Site.of("", origin); Socket first = withLittleRoom(site); Socket second = withLittleRoom(site)) {
            site.door.unreadAtMost(100_000);
            first.getOutputStream().write(request);
            Site.await("an answer that stands still", () -> standsStill(written));
            assertThat(site.door.connections()).as("one alone may").isPositive();
            second.getOutputStream().write(request);
            Site.await("the end of the first", () -> site.door.connections() == 1);
            assertThat(second.getInputStream().readNBytes(100)).hasSize(100);
            assertThat(site.registry.snapshot().total("banyan_http_unread_closed_total", Labels.NONE)).isEqualTo(1);
        }
    }

    private static boolean standsStill(AtomicLong written) {
        long before = written.get();
        Site.pass(Duration.ofMillis(200));
        return before > 0 && written.get() == before;
    }
}
