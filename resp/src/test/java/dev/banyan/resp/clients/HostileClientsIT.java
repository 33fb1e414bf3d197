package dev.banyan.resp.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that mean no good: others are served all the while, and what the router holds stays small. */
@Timeout(240)
class HostileClientsIT {
    private static final int MIB = 1 << 20;
    /** What the router may hold beyond what it held before, for one of these clients: far below what they ask for. */
    private static final int BOUND = 64 * MIB;
    private static final int CROWD = 10_000;

    private static Way.Place place;
    private static Way.Place redis;

    @BeforeAll
    static void open() throws IOException {
        redis = Way.DIRECT.open();
        place = Way.ONE_NODE.open("clients: 20000, timeouts: {unread: 3s}");
        try (RawClient first = new RawClient(place.at())) { // what is made once is made before it is measured
            first.send("SET warm up\r\nGET warm\r\n");
            assertThat(first.line()).isEqualTo("+OK");
            assertThat(first.bulk()).isEqualTo("up");
        }
    }

    @AfterAll
    static void close() throws Exception {
        try (Way.Place _ = redis; Way.Place router = place) {
            assertThat(router.faults()).isEmpty();
        }
    }

    @Test
    void aClientThatNeverReads512MibOfAnswersIsCutOff_andOthersAreServedMeanwhile() throws Exception {
        try (RawClient writer = new RawClient(place.at()); RawClient other = new RawClient(place.at()); RawClient hostile = new RawClient(place.at())) {
            writer.send("*3\r\n$3\r\nSET\r\n$3\r\nbig\r\n$" + MIB + "\r\n" + "x".repeat(MIB) + "\r\n");
            assertThat(writer.line()).isEqualTo("+OK");
            MemoryUse before = MemoryUse.now();
            hostile.send("*2\r\n$3\r\nGET\r\n$3\r\nbig\r\n".repeat(512));
            long most = 0;
            long slowest = 0;
            while (!hostile.isCut()) {
                long asked = System.nanoTime();
                other.send("INCR served\r\n");
                assertThat(other.line()).startsWith(":");
                slowest = Math.max(slowest, System.nanoTime() - asked);
                most = Math.max(most, MemoryUse.directNow() - before.direct());
            }
            assertThat(most).as("direct memory at most, of 512 MiB").isLessThan(BOUND);
            assertThat(TimeUnit.NANOSECONDS.toSeconds(slowest)).as("seconds that another waited at most, whatever else the machine does").isLessThan(20);
            assertThat(MemoryUse.now().since(before).bytes()).as("held when it is gone").isLessThan(BOUND);
        }
    }

    @Test
    void aPipelineOfAMillionCommandsIsAnsweredInOrder_withoutBeingKept() throws Exception {
        int count = 1_000_000;
        MemoryUse before = MemoryUse.now();
        try (RawClient client = new RawClient(place.at())) {
            byte[] thousand = "*2\r\n$4\r\nINCR\r\n$7\r\nmillion\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            CompletableFuture<Void> sent = Background.run(() -> {
                for (int i = 0; i < count / 1000; i++) {
                    client.send(thousand);
                }
            });
            long most = 0;
            for (int i = 1; i <= count; i++) {
                String line = client.line();
                if (!line.equals(":" + i)) {
                    assertThat(line).isEqualTo(":" + i);
                }
                most = i % 10_000 == 0 ? Math.max(most, MemoryUse.directNow() - before.direct()) : most;
            }
            sent.get(60, TimeUnit.SECONDS);
            assertThat(most).as("direct memory at most").isLessThan(BOUND);
        }
        assertThat(MemoryUse.now().since(before).bytes()).isLessThan(BOUND);
    }

    @Test
    void aMillionCommandsWhoseAnswersNobodyTakesStopBeingRead() throws Exception {
        MemoryUse before = MemoryUse.now();
        try (RawClient client = new RawClient(place.at())) {
            byte[] thousand = "*2\r\n$4\r\nECHO\r\n$100\r\n%s\r\n".formatted("e".repeat(100)).repeat(1000).getBytes(StandardCharsets.US_ASCII);
            CompletableFuture<Void> sending = Background.run(() -> {
                for (int i = 0; i < 1000; i++) {
                    client.send(thousand);
                }
            });
            long most = 0;
            while (!sending.isDone()) {
                most = Math.max(most, MemoryUse.directNow() - before.direct());
                Thread.onSpinWait();
            }
            assertThat(sending).as("it is cut off").isCompletedExceptionally();
            assertThat(most).as("direct memory at most, of 110 MiB").isLessThan(BOUND);
        }
    }

    @Test
    void aHundredClientsThatAnnounce512MibEachAndSendNothingCostNothing() throws Exception {
        MemoryUse before = MemoryUse.now();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                clients.add(new RawClient(place.at()).send("*3\r\n$3\r\nSET\r\n$4\r\nhuge\r\n$536870912\r\nonly this"));
                clients.add(new RawClient(place.at()).send("*1048576\r\n$4\r\nMGET\r\n"));
            }
            try (RawClient other = new RawClient(place.at())) {
                for (int i = 0; i < 100; i++) {
                    other.send("GET warm\r\n");
                    assertThat(other.bulk()).isEqualTo("up");
                }
            }
            assertThat(MemoryUse.now().since(before).bytes()).as("of 50 GiB that are announced").isLessThan(BOUND);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aCommandThatComesByteByByteIsACommand() throws Exception {
        try (RawClient slow = new RawClient(place.at()); RawClient other = new RawClient(place.at())) {
            for (byte each : "*3\r\n$3\r\nSET\r\n$4\r\nslow\r\n$6\r\n\r\n$1\r\n\r\n*2\r\n$3\r\nGET\r\n$4\r\nslow\r\n".getBytes(StandardCharsets.US_ASCII)) {
                slow.send(new byte[] {each});
                other.send("PING\r\n"); // and the loop has turned in between
                assertThat(other.line()).isEqualTo("+PONG");
            }
            assertThat(slow.line()).isEqualTo("+OK");
            assertThat(slow.bulk()).isEqualTo("\r\n$1\r\n");
        }
    }

    /** What is no command, and what Redis says of it before it closes the connection. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "a list in a list                  | *1~*1~$4~PING~",
            "a deep nest of lists              | *1~*1~*1~*1~*1~*1~*1~*1~*1~*1~*1~",
            "more arguments than there can be  | *2147483648~",
            "a number that is none             | *x~",
            "a string longer than may be       | *1~$536870913~",
            "a length below nothing            | *1~$-5~",
            "a number where a string shall be  | *1~:4~PING~"})
    void whatIsNoCommandIsToldApartAsRedisDoes_andTheConnectionEnds(String what, String sent) throws Exception {
        String bytes = sent.replace("~", "\r\n");
        try (RawClient atRedis = new RawClient(redis.at()); RawClient atRouter = new RawClient(place.at())) {
            assertThat(atRouter.send(bytes).rest()).as(what).isEqualTo(atRedis.send(bytes).rest()).startsWith("-ERR Protocol error");
        }
    }

    /** Redis would wait for as many as 2,147,483,647. */
    @Test
    void moreArgumentsThanTheSiteAllowsAreRefusedWhenTheyAreAnnounced() throws Exception {
        try (RawClient client = new RawClient(place.at())) {
            assertThat(client.send("*1048577\r\n").rest()).isEqualTo("-ERR Protocol error: invalid multibulk length\r\n");
        }
    }

    @Test
    void aLineWithoutAnEndIsEnded() throws Exception {
        try (RawClient client = new RawClient(place.at())) {
            client.send("x".repeat(70_000));
            assertThat(client.line()).isEqualTo("-ERR Protocol error: too big inline request");
        }
    }

    @Test
    void tenThousandIdleClientsCostAFewKibEach_andAreAllStillThere() throws Exception {
        MemoryUse before = MemoryUse.now();
        try (Crowd crowd = new Crowd(place.at(), CROWD); RawClient other = new RawClient(place.at())) {
            long each = MemoryUse.now().since(before).bytes() / CROWD;
            assertThat(each).as("bytes of a client that waits").isLessThan(8192);
            other.send("GET warm\r\n");
            assertThat(other.bulk()).isEqualTo("up");
            assertThat(crowd.ask()).isEqualTo(CROWD);
        }
    }
}
