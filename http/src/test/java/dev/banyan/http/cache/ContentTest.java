package dev.banyan.http.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.http.cache.Content.Demand;
import dev.banyan.http.cache.ContentReader.State;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A content is read while it comes, by many, and costs what it says. */
class ContentTest {
    private static final int MIB = 1 << 20;
    private final Flights flights = new Flights(8 * MIB);

    private Content content(long declared) {
        return new Content(declared, 4 * MIB, flights);
    }

    /** Bytes whose values say where they are. */
    private static ByteBuf bytes(long from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(from + i);
        }
        return PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, length)).writeBytes(bytes); // at once, for the leak detector notes each access
    }

    private static byte at(long position) {
        return (byte) (position * 31 ^ position >> 9);
    }

    private static Demand add(Content content, long from, int length) {
        ByteBuf piece = bytes(from, length);
        try {
            Demand demand = content.add(piece);
            assertThat(piece.isReadable()).isFalse();
            return demand;
        } finally {
            piece.release();
        }
    }

    /** Reads what there is and checks it; where the reader is then. */
    private static long check(ContentReader reader, long position, int most) {
        long at = position;
        for (ByteBuf next = reader.read(most); next != null; next = reader.read(most)) {
            byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes).release();
            if (bytes.length == 0 || bytes.length > most) {
                throw new AssertionError(bytes.length + " bytes were read where " + most + " were asked for at most");
            }
            for (byte read : bytes) {
                if (read != at(at)) {
                    throw new AssertionError("byte " + at + " is another");
                }
                at++;
            }
        }
        return at;
    }

    @Test
    void aReaderIsWokenOnceForEachTimeItFoundNothing() {
        Content content = content(-1);
        AtomicInteger woken = new AtomicInteger();
        try (ContentReader reader = content.open(0, Long.MAX_VALUE)) {
            reader.onMore(woken::incrementAndGet);
            add(content, 0, 10);
            assertThat(woken).as("it had not looked yet").hasValue(0);
            assertThat(check(reader, 0, 100)).isEqualTo(10);
            add(content, 10, 5);
            add(content, 15, 5);
            assertThat(woken).hasValue(1);
            assertThat(check(reader, 10, 100)).isEqualTo(20);
            assertThat(reader.state()).isEqualTo(State.MORE);
            content.complete();
            assertThat(woken).hasValue(2);
            assertThat(reader.state()).isEqualTo(State.ENDED);
        }
        content.release();
        assertThat(flights.taken()).isZero();
    }

    @Test
    void aWakeThatIsDueBeforeItIsKnownWhatToRun_isRunThen() {
        Content content = content(-1);
        AtomicInteger woken = new AtomicInteger();
        try (ContentReader reader = content.open(0, Long.MAX_VALUE)) {
            assertThat(reader.read(1)).isNull();
            add(content, 0, 1);
            reader.onMore(woken::incrementAndGet);
            assertThat(woken).hasValue(1);
        }
        content.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 4_096, 4_097, 65_536, 262_144, 262_145, 1_000_000})
    void whatComesIsWhatIsRead_whetherItsLengthWasKnownOrNot(int length) {
        for (boolean declared : new boolean[] {true, false}) {
            Content content = content(declared ? length : -1);
            SplittableRandom random = new SplittableRandom(length);
            for (int at = 0; at < length; ) {
                int piece = Math.min(length - at, random.nextInt(1, 40_000));
                assertThat(add(content, at, piece)).isEqualTo(Demand.GO_ON);
                at += piece;
            }
            assertThat(content.complete()).isTrue();
            assertThat(content.length()).isEqualTo(length);
            assertThat(content.footprint()).as("no room is left unused").isLessThanOrEqualTo(length + 128 + 192L * (length / 4_096 + 1));
            try (ContentReader reader = content.open(0, Long.MAX_VALUE)) {
                assertThat(check(reader, 0, 10_000)).isEqualTo(length);
                assertThat(reader.state()).isEqualTo(State.ENDED);
            }
            ByteBuf whole = content.whole();
            assertThat(whole != null).isEqualTo(length <= Content.LARGEST_SEGMENT);
            if (whole != null) {
                assertThat(whole.readableBytes()).isEqualTo(length);
                whole.release();
            }
            content.release();
        }
        assertThat(flights.taken()).isZero();
    }

    @Test
    void aPartIsReadFromItsFirstByteToItsLast_beforeAndAfterAllHasCome() {
        Content content = content(-1);
        ContentReader early = content.open(100, 200);
        add(content, 0, 150);
        assertThat(check(early, 100, 7)).isEqualTo(150);
        assertThat(early.state()).isEqualTo(State.MORE);
        add(content, 150, 150);
        assertThat(check(early, 150, 7)).isEqualTo(200);
        assertThat(early.state()).isEqualTo(State.ENDED);
        content.complete();
        ContentReader late = content.open(299, 1_000);
        assertThat(check(late, 299, 7)).isEqualTo(300);
        assertThat(late.state()).isEqualTo(State.ENDED);
        early.close();
        late.close();
        content.release();
    }

    @Test
    void whatIsCutShortFails_afterWhatHasComeWasRead() {
        Content content = content(10);
        add(content, 0, 4);
        ContentReader reader = content.open(0, Long.MAX_VALUE);
        assertThat(content.complete()).as("shorter than declared").isFalse();
        assertThat(reader.state()).isEqualTo(State.MORE);
        assertThat(check(reader, 0, 100)).isEqualTo(4);
        assertThat(reader.state()).isEqualTo(State.FAILED);
        assertThat(content.storable()).isFalse();
        assertThat(content.whole()).isNull();
        reader.close();
        content.release();
    }

    @Test
    void moreThanWasDeclaredIsRefused() {
        Content content = content(10);
        ByteBuf piece = bytes(0, 11);
        assertThatThrownBy(() -> content.add(piece)).isInstanceOf(IllegalStateException.class).hasMessage("content of 10 bytes, 0 come, got 11 more");
        piece.release();
        content.release();
    }

    @Test
    void aContentLivesAsLongAsItsReaders_andNoLonger() {
        Content content = content(5);
        add(content, 0, 5);
        content.complete();
        ContentReader reader = content.open(0, Long.MAX_VALUE);
        content.release();
        assertThat(check(reader, 0, 5)).isEqualTo(5);
        reader.close();
        reader.close();
        assertThat(content.open(0, 5)).isNull();
        assertThat(content.whole()).isNull();
        assertThatThrownBy(content::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatOutgrowsItsCapGoesOnForItsReaders_withinAWindow() {
        Content content = content(-1);
        AtomicInteger resumed = new AtomicInteger();
        content.onDemand(resumed::incrementAndGet);
        ContentReader quick = content.open(0, Long.MAX_VALUE);
        ContentReader slow = content.open(0, Long.MAX_VALUE);
        long come = 0;
        long quickAt = 0;
        for (; come < 4 * MIB; come += 65_536) {
            assertThat(add(content, come, 65_536)).isEqualTo(Demand.GO_ON);
            quickAt = check(quick, quickAt, 65_536);
        }
        assertThat(content.storable()).isTrue();
        assertThat(add(content, come, 65_536)).as("slow has read nothing").isEqualTo(Demand.PAUSE);
        come += 65_536;
        assertThat(content.storable()).isFalse();

        long slowAt = check(slow, 0, 65_536);
        assertThat(slowAt).isEqualTo(come);
        quickAt = check(quick, quickAt, 65_536);
        assertThat(resumed).hasValue(1);
        assertThat(content.footprint()).as("what both have passed is gone").isLessThan(2 * MIB);
        assertThat(content.open(0, Long.MAX_VALUE)).as("its beginning is gone").isNull();

        while (add(content, come, 65_536) == Demand.GO_ON) {
            come += 65_536;
            quickAt = check(quick, quickAt, 65_536);
            assertThat(content.footprint()).isLessThan(3 * MIB);
        }
        come += 65_536;
        slow.close();
        assertThat(resumed).as("the one it waited for has left").hasValue(2);
        assertThat(content.demand()).isEqualTo(Demand.GO_ON);
        assertThat(check(quick, quickAt, 65_536)).isEqualTo(come);
        quick.close();
        assertThat(content.demand()).as("nobody reads it").isEqualTo(Demand.STOP);
        content.fail();
        content.release();
        assertThat(flights.taken()).isZero();
    }

    @Test
    void whatFindsNoMemoryIsNotStored_butRead() {
        Flights few = new Flights(100_000);
        Content content = new Content(-1, 4 * MIB, few);
        ContentReader reader = content.open(0, Long.MAX_VALUE);
        long at = 0;
        for (int come = 0; come < 300_000; come += 1_000) {
            add(content, come, 1_000);
            at = check(reader, at, 333);
            assertThat(few.taken()).isLessThanOrEqualTo(100_000);
        }
        content.complete();
        assertThat(content.storable()).isFalse();
        assertThat(at).isEqualTo(300_000);
        reader.close();
        content.release();
        assertThat(few.taken()).isZero();
    }

    @Test
    void whatNobodyReadsAndNobodyStoresIsStopped() {
        Content content = Content.passing(-1);
        Demand demand = Demand.GO_ON;
        int come = 0;
        while (demand == Demand.GO_ON && come < 10 * MIB) {
            demand = add(content, come, 100_000);
            come += 100_000;
        }
        assertThat(demand).isEqualTo(Demand.STOP);
        assertThat(come).isLessThan(2 * MIB);
        content.release();
    }

    @ParameterizedTest
    @ValueSource(longs = {64 << 20, 1 << 20, 0})
    void everyReaderOnEveryThreadReadsAllOfIt_whetherItIsStoredOrNot(long most) throws Exception {
        int length = 4 * MIB;
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (int round = 0; round < 5; round++) {
                Content content = new Content(round % 2 == 0 ? length : -1, most, new Flights(64 << 20));
                List<Callable<Long>> work = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    ContentReader reader = content.open(0, Long.MAX_VALUE);
                    int pieces = 4_000 << i * 2;
                    work.add(() -> readAll(reader, pieces));
                }
                SplittableRandom random = new SplittableRandom(round);
                Semaphore room = new Semaphore(0);
                content.onDemand(room::release);
                Future<Boolean> filled = threads.submit(() -> {
                    for (int at = 0; at < length; ) {
                        int piece = Math.min(length - at, random.nextInt(1, 60_000));
                        if (add(content, at, piece) == Demand.PAUSE) {
                            assertThat(room.tryAcquire(60, TimeUnit.SECONDS)).as("it is told to go on").isTrue();
                        }
                        at += piece;
                    }
                    return content.complete();
                });
                for (Future<Long> read : threads.invokeAll(work)) {
                    assertThat(read.get()).isEqualTo(length);
                }
                assertThat(filled.get()).isTrue();
                content.release();
            }
        }
    }

    /** As an IO loop does: reads until there is nothing, then waits for its wake. */
    private static long readAll(ContentReader reader, int most) throws InterruptedException {
        Semaphore wakes = new Semaphore(0);
        reader.onMore(wakes::release);
        long at = 0;
        while (true) {
            at = check(reader, at, most);
            if (reader.state() == State.MORE) {
                if (!wakes.tryAcquire(60, TimeUnit.SECONDS)) {
                    throw new AssertionError("no wake at " + at);
                }
            } else {
                assertThat(reader.state()).isEqualTo(State.ENDED);
                reader.close();
                return at;
            }
        }
    }

    @Test
    void anEmptyPieceChangesNothing() {
        Content content = content(-1);
        assertThat(content.add(Unpooled.EMPTY_BUFFER)).isEqualTo(Demand.GO_ON);
        assertThat(content.arrived()).isZero();
        content.complete();
        assertThat(content.whole().readableBytes()).isZero();
        content.release();
    }
}
