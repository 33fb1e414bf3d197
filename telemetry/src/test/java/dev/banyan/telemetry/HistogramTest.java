package dev.banyan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void eachBucketBeginsWhereTheOneBeforeEnds() {
        assertThat(Buckets.lowestNanos(0)).isZero();
        for (int i = 0; i < Buckets.COUNT; i++) {
            long lowest = Buckets.lowestNanos(i);
            assertThat(Buckets.index(lowest)).isEqualTo(i);
            assertThat(Buckets.index(lowest + Buckets.widthNanos(i) - 1)).isEqualTo(i);
            if (i > 0) {
                assertThat(lowest).isEqualTo(Buckets.lowestNanos(i - 1) + Buckets.widthNanos(i - 1));
            }
        }
    }

    @Test
    void whatIsOutOfRangeGoesIntoTheFirstAndLastBucket() {
        assertThat(Buckets.index(-5)).isZero();
        assertThat(Buckets.index(Long.MIN_VALUE)).isZero();
        assertThat(Buckets.index(Long.MAX_VALUE)).isEqualTo(Buckets.COUNT - 1);
    }

    @Test
    void aMiddleIsWithinOneSixtyFourthOfAnyDuration_orWithin64Nanoseconds() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 200_000; i++) {
            long nanos = random.nextLong(1L << random.nextInt(1, 43));
            double error = Math.abs(Buckets.middleNanos(Buckets.index(nanos)) - nanos);
            assertThat(error).isLessThanOrEqualTo(Math.max(64, nanos / 64.0));
        }
    }

    @Test
    void quantilesAreWithin1Point6PercentOfTheSortedOnes() {
        SplittableRandom random = new SplittableRandom(7);
        Histogram histogram = new Histogram();
        long[] durations = new long[50_000];
        for (int i = 0; i < durations.length; i++) {
            durations[i] = (long) (2_000_000 * Math.exp(1.5 * random.nextGaussian()));
            histogram.record(durations[i]);
        }
        Arrays.sort(durations);
        Distribution distribution = histogram.distribution();
        for (double share : new double[] {.01, .5, .9, .95, .99, .999, 1}) {
            double exact = durations[(int) Math.ceil(share * durations.length) - 1];
            assertThat(distribution.quantileNanos(share) / exact).as("p" + share * 100).isCloseTo(1, within(.0161));
        }
        assertThat(distribution.sumNanos()).isEqualTo(Arrays.stream(durations).sum());
    }

    @Test
    void nothingIsLost_whenManyThreadsRecord() throws InterruptedException {
        Histogram histogram = new Histogram();
        Counter counter = new Counter();
        int threads = 8;
        int each = 50_000;
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < each; i++) {
                    histogram.record(1_000_000);
                    counter.increment();
                }
                done.countDown();
            });
        }
        done.await();
        assertThat(histogram.distribution().count()).isEqualTo((long) threads * each);
        assertThat(histogram.distribution().sumNanos()).isEqualTo(1_000_000L * threads * each);
        assertThat(counter.total()).isEqualTo((long) threads * each);
    }

    @Test
    void recordingAllocatesNothing() {
        Histogram histogram = new Histogram();
        Counter counter = new Counter();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        recordMany(histogram, counter, 20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        recordMany(histogram, counter, 1_000_000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private static void recordMany(Histogram histogram, Counter counter, int times) {
        for (int i = 0; i < times; i++) {
            histogram.record(i * 100L);
            counter.increment();
        }
    }

    @Test
    void aDistributionMinusAnEarlierOneIsWhatCameBetween() {
        Histogram histogram = new Histogram();
        histogram.record(5_000_000);
        Distribution earlier = histogram.distribution();
        histogram.record(80_000_000);
        Distribution between = histogram.distribution().minus(earlier);
        assertThat(between.count()).isEqualTo(1);
        assertThat(between.sumNanos()).isEqualTo(80_000_000);
        assertThat((double) between.quantileNanos(.5)).isCloseTo(80e6, within(80e6 * .016));
        assertThat(earlier.minus(histogram.distribution()).count()).as("a series that began anew counts whole").isEqualTo(1);
        assertThat(Distribution.EMPTY.quantileNanos(.99)).isZero();
    }

    @Test
    void countsAtABoundNeverGoBack() {
        Histogram histogram = new Histogram();
        SplittableRandom random = new SplittableRandom(3);
        long before = 0;
        for (int i = 0; i < 2_000; i++) {
            histogram.record(random.nextLong(4_900_000, 5_100_000));
            long now = histogram.distribution().atMost(5_000_000);
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
        assertThat((double) before).isCloseTo(1_000, within(100.0));
        assertThat(histogram.distribution().atMost(10_000_000)).isEqualTo(2_000);
    }
}
