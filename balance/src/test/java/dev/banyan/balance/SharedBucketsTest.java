package dev.banyan.balance;

import static dev.banyan.balance.Groups.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedBucketsTest {
    private static final long KEY = 42;
    private static final long MILLI = 1_000_000;

    /**
     * Several doors, a counter behind a network that delays, loses and repeats, and callers that always want more. At every moment all doors
     * together have admitted at most what one bucket of {@code burst + doors x credit} would have: the bound over every window of time.
     */
    @RepeatedTest(40)
    void allDoorsTogetherExceedTheLimitByNoMoreThanTheirCredits(RepetitionInfo repetition) {
        Network network = new Network(repetition.getCurrentRepetition());
        network.run(60 * SECOND);
        assertThat(network.worstExcessTokens).isLessThanOrEqualTo(0);
        // What is lost on its way back is charged twice, so that loss can only make the limit stricter.
        double used = network.lost == 0 ? 0.85 : 0.5;
        assertThat(network.admitted).as("the rate is used").isGreaterThan((long) (used * 60 * SECOND / network.rate.intervalNanos()));
    }

    /** The same doors without the counters: each at its part of the rate. */
    @ParameterizedTest
    @CsvSource({"1, 10", "2, 10", "3, 10", "5, 100"})
    void withoutTheCountersEachDoorHasItsPartOfTheRate(int doors, int burst) {
        TokenRate rate = new TokenRate(10 * MILLI, burst);
        long admitted = 0;
        for (int door = 0; door < doors; door++) {
            SharedBuckets buckets = new SharedBuckets(rate, 0.5, 1 << 16, 0);
            buckets.share(doors, true);
            for (long now = 0; now < 10 * SECOND; now += MILLI) {
                admitted += buckets.take(KEY, now) > 0 ? 1 : 0;
            }
        }
        assertThat(admitted).isBetween(990L, 1000L + burst + doors);
    }

    @Test
    void whatWasAdmittedAloneIsChargedWhenTheCountersAreBack() {
        SharedBuckets buckets = new SharedBuckets(new TokenRate(SECOND, 10), 0.5, 1 << 16, 0);
        buckets.share(2, true);
        for (int i = 0; i < 20; i++) {
            buckets.take(KEY, 0);
        }
        List<SharedBuckets.Charge> due = buckets.due(10);
        assertThat(due).hasSize(1);
        assertThat(due.getFirst().tokens()).as("half of the burst").isEqualTo(5);
        buckets.share(2, false);
        buckets.settled(due.getFirst(), 10 * SECOND, 0);
        assertThat(buckets.take(KEY, 0)).as("the others had the rest").isNegative();
        assertThat(buckets.take(KEY, SECOND)).isPositive();
    }

    @Test
    void aLostChargeIsMadeAgain() {
        SharedBuckets buckets = new SharedBuckets(new TokenRate(SECOND, 10), 0.5, 1 << 16, 0);
        buckets.take(KEY, 0);
        SharedBuckets.Charge charge = buckets.due(10).getFirst();
        assertThat(buckets.due(10)).isEmpty();
        buckets.lost(charge);
        buckets.take(KEY, 0);
        assertThat(buckets.due(10).getFirst().tokens()).isEqualTo(2);
    }

    @Test
    void whoHasSpentItsCreditWaitsForTheSettling() {
        SharedBuckets buckets = new SharedBuckets(new TokenRate(SECOND, 10), 0.5, 1 << 16, 0);
        buckets.share(1, false);
        assertThat(buckets.credit()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            assertThat(buckets.take(KEY, 0)).isPositive();
        }
        assertThat(buckets.peek(KEY, 0)).isNegative();
        assertThat(buckets.take(KEY, 0)).isNegative();
        buckets.settled(buckets.due(1).getFirst(), 5 * SECOND, 0);
        assertThat(buckets.take(KEY, 0)).isPositive();
    }

    @Test
    void whatIsGivenBackIsNotCharged() {
        SharedBuckets buckets = new SharedBuckets(new TokenRate(SECOND, 10), 0.5, 1 << 16, 0);
        buckets.take(KEY, 0);
        buckets.giveBack(KEY);
        assertThat(buckets.due(10)).isEmpty();
        buckets.take(KEY, 0);
        assertThat(buckets.due(10).getFirst().tokens()).isEqualTo(1);
    }

    /** Doors, their counter and what lies between, on a virtual clock; everything comes from one seed. */
    private static final class Network {
        private final SplittableRandom random;
        private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));
        private final List<SharedBuckets> doors = new ArrayList<>();
        private final double lost;
        private final long slowest;
        private final int allowed;
        final TokenRate rate;
        private long now;
        private long counterFullAt;
        private long trueFullAt;
        long admitted;
        long worstExcessTokens = Long.MIN_VALUE;

        Network(long seed) {
            random = new SplittableRandom(seed);
            rate = new TokenRate(random.nextLong(2, 200) * MILLI, random.nextInt(4, 200));
            lost = random.nextInt(3) * 0.1;
            slowest = random.nextLong(1, 50) * MILLI;
            double tolerance = random.nextDouble();
            int count = random.nextInt(2, 6);
            for (int i = 0; i < count; i++) {
                SharedBuckets door = new SharedBuckets(rate, tolerance, 1 << 16, 0);
                door.share(count, false);
                doors.add(door);
                settleLater(door);
            }
            allowed = rate.burst() + count * doors.getFirst().credit();
            callLater();
        }

        void run(long until) {
            while (events.peek().at < until) {
                Event next = events.poll();
                now = next.at;
                next.act.run();
            }
        }

        private void callLater() {
            // Twice the rate, in clumps, at whichever door; at times only one of them, so that the others know nothing.
            in(random.nextLong(rate.intervalNanos()) + 1, () -> {
                SharedBuckets door = doors.get(now / (3 * SECOND) % 3 == 0 ? 0 : random.nextInt(doors.size()));
                int clump = random.nextInt(20) == 0 ? 3 * rate.burst() : 1;
                for (int i = 0; i < clump; i++) {
                    if (door.take(KEY, now) > 0) {
                        admit();
                    }
                }
                callLater();
            });
        }

        private void admit() {
            admitted++;
            trueFullAt = Math.max(trueFullAt, now) + rate.intervalNanos();
            worstExcessTokens = Math.max(worstExcessTokens, (trueFullAt - now + rate.intervalNanos() - 1) / rate.intervalNanos() - allowed);
        }

        private void settleLater(SharedBuckets door) {
            in(10 * MILLI, () -> {
                door.due(100).forEach(charge -> send(door, charge));
                settleLater(door);
            });
        }

        private void send(SharedBuckets door, SharedBuckets.Charge charge) {
            if (random.nextDouble() < lost) {
                in(100 * MILLI, () -> door.lost(charge));
                return;
            }
            in(random.nextLong(slowest), () -> {
                counterFullAt = Math.max(counterFullAt, now) + charge.tokens() * rate.intervalNanos();
                long debt = counterFullAt - now;
                if (random.nextDouble() < lost) {
                    in(100 * MILLI, () -> door.lost(charge)); // charged, and nobody knows
                } else {
                    in(random.nextLong(slowest), () -> door.settled(charge, debt, now));
                }
            });
        }

        private void in(long wait, Runnable act) {
            events.add(new Event(now + wait, act));
        }

        private record Event(long at, Runnable act) {}
    }
}
