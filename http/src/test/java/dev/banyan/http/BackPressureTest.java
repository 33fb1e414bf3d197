package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who does not read stops who writes; the front door holds little meanwhile, and every byte arrives when it is read on. */
class BackPressureTest {
    private static final long GIGABYTE = 1_000_000_000;
    /** What one exchange may hold: both sides' queues and read buffers, many times over. */
    private static final long LITTLE = 3 << 20;

    /** Bytes whose order can be checked, from a seed. */
    private static final class Bytes {
        private final SplittableRandom random = new SplittableRandom(7);
        private final byte[] piece = new byte[64 * 1024];

        byte[] next() {
            random.nextBytes(piece);
            return piece;
        }
    }

    private static long held() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory() + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    /** Waits until nothing has been written for a while; how much has. */
    private static long stopped(AtomicLong written) {
        long before = -1;
        while (written.get() != before) {
            before = written.get();
            Site.pass(Duration.ofMillis(300));
        }
        return before;
    }

    private static void verify(InputStream in, long length) throws IOException {
        Bytes expected = new Bytes();
        for (long left = length; left > 0; left -= 64 * 1024) {
            assertThat(in.readNBytes(64 * 1024)).isEqualTo(expected.next());
        }
    }

    private static void pour(OutputStream out, long length, AtomicLong written) throws IOException {
        Bytes bytes = new Bytes();
        for (long left = length; left > 0; left -= 64 * 1024) {
            out.write(bytes.next());
            written.addAndGet(64 * 1024);
        }
        out.flush();
    }

    @Test
    void aClientThatDoesNotReadStopsItsServer() throws Exception {
        AtomicLong written = new AtomicLong();
        Origin.Script gigabyte = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + GIGABYTE + "\r\n\r\n");
            pour(out, GIGABYTE, written);
        };
        try (Origin origin = new Origin(gigabyte); Site site = Site.of("", origin); Client client = new Client(site)) {
            long before = held();
            client.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            assertThat(stopped(written)).isBetween(1L, 100_000_000L);
            assertThat(held() - before).isLessThan(LITTLE);
        }
    }

    @Test
    void aServerThatDoesNotReadStopsItsClient() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch end = new CountDownLatch(1);
        Origin.Script deaf = (_, _) -> await(end);
        try (Origin origin = new Origin(deaf); Site site = Site.of("", origin); Client client = new Client(site)) {
            long before = held();
            client.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + GIGABYTE + "\r\n\r\n");
            Thread.ofVirtual().start(() -> pourUntilCut(client, GIGABYTE, written));
            Site.await("the upload's beginning", () -> written.get() > 0);
            assertThat(stopped(written)).isBetween(1L, 100_000_000L);
            assertThat(held() - before).isLessThan(LITTLE);
        } finally {
            end.countDown();
        }
    }

    @Test
    void anAnswerArrivesWhole_whenItsClientReadsOn() throws Exception {
        long length = 64 * 1024 * 800L;
        AtomicLong written = new AtomicLong();
        Origin.Script large = (_, out) -> {
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            pour(out, length, written);
        };
        try (Origin origin = new Origin(large); Site site = Site.of("", origin); Client client = new Client(site)) {
            client.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            assertThat(stopped(written)).isLessThan(length);
            verify(client.in, length);
        }
    }

    @Test
    void anUploadArrivesWhole_whenItsServerReadsOn() throws Exception {
        long length = 64 * 1024 * 800L;
        AtomicLong written = new AtomicLong();
        CountDownLatch readOn = new CountDownLatch(1);
        Origin.Script late = (request, out) -> {
            await(readOn);
            verify(request.body(), length);
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole");
        };
        try (Origin origin = new Origin(late); Site site = Site.of("", origin); Client client = new Client(site)) {
            client.say("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
            Thread.ofVirtual().start(() -> pourUntilCut(client, length, written));
            Site.await("the upload's beginning", () -> written.get() > 0);
            assertThat(stopped(written)).isLessThan(length);
            readOn.countDown();
            assertThat(client.answer()).endsWith("whole");
        }
    }

    @Test
    void aTunnelStopsBothWays_andGoesOn() throws Exception {
        long length = 64 * 1024 * 800L;
        AtomicLong written = new AtomicLong();
        AtomicLong back = new AtomicLong();
        CountDownLatch readOn = new CountDownLatch(1);
        Origin.Script tunnel = (request, out) -> {
            Origin.write(out, "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
            pour(out, length, back);
            await(readOn);
            verify(request.body(), length);
            Origin.write(out, "done");
        };
        try (Origin origin = new Origin(tunnel); Site site = Site.of("", origin); Client client = new Client(site)) {
            client.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 101 ");
            Thread.ofVirtual().start(() -> pourUntilCut(client, length, written));
            assertThat(stopped(back)).isLessThan(length);
            assertThat(stopped(written)).isLessThan(length);
            readOn.countDown();
            verify(client.in, length);
            assertThat(client.take(4)).isEqualTo("done");
        }
    }

    @Test
    void interimAnswersWithoutEndAreHeldBackToo() throws Exception {
        AtomicLong written = new AtomicLong();
        byte[] hints = ("HTTP/1.1 103 Early Hints\r\nLink: <" + "x".repeat(1_000) + ">\r\n\r\n").repeat(64).getBytes();
        Origin.Script endless = (_, out) -> {
            while (true) {
                out.write(hints);
                written.addAndGet(hints.length);
            }
        };
        try (Origin origin = new Origin(endless); Site site = Site.of("", origin); Client client = new Client(site)) {
            long before = held();
            client.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 103 ");
            assertThat(stopped(written)).isBetween(1L, 100_000_000L);
            assertThat(held() - before).isLessThan(LITTLE);
            long stoppedAt = written.get();
            for (int i = 0; i < 20_000; i++) {
                assertThat(client.head()).startsWith("HTTP/1.1 103 ");
            }
            Site.await("more, now that there is room", () -> written.get() > stoppedAt);
        }
    }

    @Test
    void aClientThatPipelinesAndNeverReads_isReadNoFurther() throws Exception {
        String body = "x".repeat(10_000);
        Origin.Script answer = (_, out) -> Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + body);
        AtomicLong written = new AtomicLong();
        try (Origin origin = new Origin(answer); Site site = Site.of("", origin); Client client = new Client(site)) {
            long before = held();
            byte[] many = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000).getBytes();
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.socket.getOutputStream().write(many);
                        written.addAndGet(many.length);
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            Site.await("requests", () -> written.get() > 0);
            stopped(written);
            int answered = origin.heads.size();
            assertThat(held() - before).isLessThan(LITTLE);
            assertThat(answered).isLessThan(20_000);
            for (int i = 0; i < 50; i++) {
                assertThat(client.answer()).endsWith(body);
            }
        }
    }

    private static void pourUntilCut(Client client, long length, AtomicLong written) {
        try {
            pour(client.socket.getOutputStream(), length, written);
        } catch (IOException cut) {
            // the test is over
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
