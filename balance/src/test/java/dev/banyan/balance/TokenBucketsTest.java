package dev.banyan.balance;

import static dev.banyan.balance.Groups.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketsTest {
    private static final int PLENTY = 1 << 20;
    private static final long KEY = 42;

    @Test
    void aBurstPassesAtOnceAndThenOneRequestEachInterval() {
        TokenBuckets buckets = buckets(10, 5, PLENTY);
        assertThat(taken(buckets, KEY, 8, 0)).isEqualTo(5);
        assertThat(taken(buckets, KEY, 8, SECOND / 10)).isEqualTo(1);
        assertThat(taken(buckets, KEY, 8, SECOND / 10 + SECOND / 4)).isEqualTo(2);
        assertThat(taken(buckets, KEY, 8, 10 * SECOND)).as("a full bucket holds no more than the burst").isEqualTo(5);
    }

    @Test
    void tellsWhatIsLeftAndWhenTheNextTokenComes() {
        TokenBuckets buckets = buckets(10, 3, PLENTY);
        TokenRate rate = buckets.rate();
        long debt = buckets.take(KEY, 0);
        assertThat(rate.left(debt)).isEqualTo(2);
        assertThat(rate.untilNextNanos(debt)).isEqualTo(SECOND / 10);
        debt = buckets.take(KEY, SECOND / 20);
        assertThat(rate.left(debt)).isEqualTo(1);
        assertThat(rate.untilNextNanos(debt)).isEqualTo(SECOND / 20);
        debt = buckets.take(KEY, SECOND / 20);
        assertThat(rate.left(debt)).isZero();
        assertThat(buckets.take(KEY, SECOND / 20)).isEqualTo(-SECOND / 20);
        assertThat(rate.untilNextNanos(0)).as("of a full bucket").isZero();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        TokenBuckets buckets = buckets(1, 2, PLENTY);
        buckets.take(KEY, 0);
        buckets.take(KEY, 0);
        buckets.giveBack(KEY);
        assertThat(taken(buckets, KEY, 5, 0)).isEqualTo(1);
    }

    @Test
    void lookingTakesNothing() {
        TokenBuckets buckets = buckets(1, 2, PLENTY);
        for (int i = 0; i < 10; i++) {
            assertThat(buckets.peek(KEY, 0)).isEqualTo(SECOND);
        }
        taken(buckets, KEY, 2, 0);
        assertThat(buckets.peek(KEY, 0)).isEqualTo(-SECOND);
        assertThat(buckets.take(KEY, 0)).isEqualTo(-SECOND);
    }

    /** Against a bucket written down as the textbook has it: tokens that come back continuously, up to the burst. */
    @Property(tries = 300)
    void admitsWhatAPlainBucketAdmits(@ForAll @Size(min = 1, max = 200) List<@LongRange(min = 0, max = 400) Long> waits,
            @ForAll @IntRange(min = 1, max = 20) int burst, @ForAll @IntRange(min = 1, max = 50) int intervalMillis, @ForAll long origin) {
        TokenRate rate = new TokenRate(intervalMillis, burst);
        TokenBuckets buckets = new TokenBuckets(rate, PLENTY, origin);
        long now = origin;
        long tokensTimesInterval = (long) burst * intervalMillis;
        for (long wait : waits) {
            now += wait;
            tokensTimesInterval = Math.min((long) burst * intervalMillis, tokensTimesInterval + wait);
            boolean admitted = tokensTimesInterval >= intervalMillis;
            tokensTimesInterval -= admitted ? intervalMillis : 0;
            assertThat(buckets.take(KEY, now) > 0).isEqualTo(admitted);
        }
    }

    /** A table of 64 places, a client that is being refused, and new keys for as long as it takes to fill the table a thousand times. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void aFloodOfNewKeysSetsNobodyFreeWhoIsLimited(int burst) {
        TokenBuckets buckets = buckets(1, burst, 64 * BucketTable.BYTES_A_PLACE);
        SplittableRandom random = new SplittableRandom(7);
        int admitted = 0;
        for (int i = 0; i < 64_000; i++) {
            long now = i * (SECOND / 1000);
            buckets.take(random.nextLong(), now);
            admitted += buckets.take(KEY, now) > 0 ? 1 : 0;
        }
        assertThat(admitted).as("in 64 s; a bucket of one token is full each second, and then a newcomer may take its place").isLessThanOrEqualTo(2 * (burst + 64));
    }

    @Test
    void howeverManyKeysComeATableAdmitsNoMoreThanTwiceItsPlaces() {
        TokenBuckets buckets = buckets(1, 10, 64 * BucketTable.BYTES_A_PLACE);
        assertThat(buckets.places()).isEqualTo(64);
        int admitted = 0;
        for (int round = 0; round < 100; round++) {
            for (long key = 0; key < 1000; key++) {
                admitted += buckets.take(Hash64.mix(key), 0) > 0 ? 1 : 0;
            }
        }
        assertThat(admitted).isBetween(64 * 10, 2 * 64 * 10);
    }

    @Test
    void whoseBucketIsFullAgainMakesRoom() {
        TokenBuckets buckets = buckets(1, 2, 64 * BucketTable.BYTES_A_PLACE);
        for (long key = 0; key < 1000; key++) {
            taken(buckets, Hash64.mix(key), 3, 0);
        }
        for (long key = 1000; key < 1008; key++) {
            assertThat(taken(buckets, Hash64.mix(key), 3, 100 * SECOND)).isEqualTo(2);
        }
    }

    @Test
    void manyThreadsTogetherTakeExactlyWhatThereIs() throws Exception {
        TokenBuckets buckets = buckets(1, 1000, 1 << 16);
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                results.add(threads.submit(() -> {
                    start.await();
                    int taken = 0;
                    for (int i = 0; i < 20_000; i++) {
                        taken += buckets.take(i % 20, 0) > 0 ? 1 : 0;
                    }
                    return taken;
                }));
            }
            start.countDown();
            int sum = 0;
            for (Future<Integer> result : results) {
                sum += result.get();
            }
            assertThat(sum).isEqualTo(20 * 1000);
        }
    }

    @Test
    void aBucketThatNeverFillsIsRefused() {
        assertThatThrownBy(() -> new TokenRate(Duration.ofDays(1).toNanos(), 1_000_000)).hasMessageContaining("36 years");
        assertThatThrownBy(() -> new TokenRate(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int taken(TokenBuckets buckets, long key, int tries, long now) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += buckets.take(key, now) > 0 ? 1 : 0;
        }
        return taken;
    }

    private static TokenBuckets buckets(int perSecond, int burst, long bytes) {
        return new TokenBuckets(TokenRate.of(perSecond, Duration.ofSeconds(1), burst), bytes, 0);
    }
}
