package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.banyan.balance.Hash64;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HotKeysTest {
    private static final long SECOND = 1_000_000_000;
    private static final double THRESHOLD = 50;

    private final HotKeys hot = new HotKeys(THRESHOLD, 0);
    private final Random random = new Random(42);
    private long now;

    @ParameterizedTest
    @CsvSource({"10, 0, 0", "30, 0, 0.02", "75, 0.98, 1", "100, 1, 1", "1000, 1, 1"})
    void aKeyIsHotFromTheThresholdOn(double perSecond, double least, double most) {
        double part = partHot(perSecond, 0, 60);
        System.out.printf("threshold 50/s, a key of %.0f/s at random times: hot for %.3f of its reads%n", perSecond, part);
        assertThat(part).isBetween(least, most);
    }

    @ParameterizedTest
    @CsvSource({"20, 0, 0.02", "75, 0.98, 1"})
    void manyOtherReadsChangeLittle(double perSecond, double least, double most) {
        double part = partHot(perSecond, 100_000, 12);
        System.out.printf("threshold 50/s among 100,000/s of 1,000,000 other keys, a key of %.0f/s: hot for %.3f of its reads%n", perSecond, part);
        assertThat(part).isBetween(least, most);
    }

    @Test
    void keysThatAreReadSeldomAreNotHot_howeverManyThereAre() {
        int wrong = 0;
        int reads = 0;
        for (; now < 6 * SECOND; now += SECOND / 200_000) {
            wrong += hot.seen(Hash64.mix(random.nextInt(1_000_000))) ? 1 : 0;
            if (++reads % 20_000 == 0) {
                hot.tick(now);
            }
        }
        System.out.printf("200,000 reads/s of 1,000,000 keys evenly: %d of %d reads were taken for hot ones%n", wrong, reads);
        assertThat(wrong / (double) reads).isLessThan(0.001);
    }

    @Test
    void aKeyThatCoolsDownIsForgotten() {
        partHot(1_000, 0, 5);
        hot.tick(now + 10 * SECOND);
        assertThat(hot.seen(Hash64.of("celebrity"))).isFalse();
    }

    @Test
    void aKeyThatIsReadALotIsFoundInAFractionOfASecond() {
        long at = 0;
        while (!hot.seen(Hash64.of("celebrity"))) {
            at += SECOND / 1_000;
        }
        System.out.printf("a key that begins to be read 1,000 times a second is hot after %d ms%n", at / 1_000_000);
        assertThat(at).isLessThan(SECOND / 10);
    }

    @Test
    void theListTellsTheKeysAndTheirRates() {
        double[] rates = {2_000, 500, 100, 20};
        double[] due = new double[rates.length];
        for (int tick = 0; tick < 5_000; tick++) {
            now += SECOND / 1_000;
            for (int key = 0; key < rates.length; key++) {
                for (due[key] += rates[key] / 1_000; due[key] >= 1; due[key]--) {
                    read("celebrity-" + key);
                }
            }
            for (int other = 0; other < 20; other++) {
                read("other-" + random.nextInt(100_000));
            }
            if (tick % 100 == 0) {
                hot.tick(now);
            }
        }
        hot.tick(now);
        List<HotKey> top = hot.top(4);
        assertThat(top).extracting(HotKey::text).containsExactly("celebrity-0", "celebrity-1", "celebrity-2", "celebrity-3");
        assertThat(top.get(0).perSecond()).isCloseTo(2_000, within(60.0));
        assertThat(top.get(1).perSecond()).isCloseTo(500, within(20.0));
        assertThat(top.get(2).perSecond()).isCloseTo(100, within(10.0));
    }

    @Test
    void theListsOfSeveralLoopsAreAdded() {
        HotKey a = new HotKey("a".getBytes(StandardCharsets.UTF_8), 1, 10);
        HotKey b = new HotKey("b".getBytes(StandardCharsets.UTF_8), 2, 15);
        assertThat(HotKey.together(List.of(List.of(a, b), List.of(a)), 5)).extracting(HotKey::toString).containsExactly("a 20/s", "b 15/s");
        assertThat(HotKey.together(List.of(List.of(a, b), List.of(a)), 1)).hasSize(1);
    }

    @Test
    void aKeyIsShownAsRedisCliShowsIt() {
        assertThat(new HotKey(new byte[] {'a', 0, ' ', (byte) 0xff, '\\'}, 1, 1).text()).isEqualTo("a\\x00 \\xff\\x5c");
    }

    @Property(tries = 50)
    void whateverTheThreshold_twiceAsMuchIsHotAndHalfIsNot(@ForAll @DoubleRange(min = 0.5, max = 5_000) double threshold) {
        for (double times : new double[] {0.5, 2}) {
            HotKeys keys = new HotKeys(threshold, 0);
            boolean is = false;
            double at = 0;
            double period = Math.max(1, 64 / threshold);
            for (double ticked = 0; at < 6 * period; at += 1 / (threshold * times)) {
                for (; ticked < at; ticked += 0.1) {
                    keys.tick((long) (ticked * 1e9));
                }
                is = keys.seen(Hash64.of("key"));
            }
            assertThat(is).isEqualTo(times > 1);
        }
    }

    @Test
    void countingAllocatesNothing() {
        reads(100_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        reads(100_000);
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 100_000).isZero();
    }

    private void reads(int count) {
        for (int i = 0; i < count; i++) {
            hot.seen(Hash64.mix(i));
        }
    }

    private void read(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        long hash = Hash64.of(bytes, 0, bytes.length);
        hot.seen(hash);
        hot.note(bytes, bytes.length, hash);
    }

    /** Reads one key at random times, and others among them; the part of its reads for which it was hot after the first ten seconds or the first half. */
    private double partHot(double perSecond, double others, int seconds) {
        long from = (long) (Math.min(10, seconds / 2.0) * SECOND);
        double all = perSecond + others;
        int reads = 0;
        int found = 0;
        long ticked = 0;
        while (now < seconds * SECOND) {
            now += (long) (-Math.log(1 - random.nextDouble()) / all * SECOND);
            for (; ticked < now; ticked += SECOND / 10) {
                hot.tick(ticked);
            }
            if (random.nextDouble() * all >= perSecond) {
                hot.seen(Hash64.mix(random.nextInt(1_000_000)));
                continue;
            }
            boolean is = hot.seen(Hash64.of("celebrity"));
            if (now > from) {
                reads++;
                found += is ? 1 : 0;
            }
        }
        return found / (double) reads;
    }
}
