package dev.banyan.balance;

import static dev.banyan.balance.Groups.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class GradientLimitTest {
    private static final double SERVICE = 0.05 * SECOND;

    /**
     * A service of 20 workers, each 50 ms a request on average (exponential), is asked for 1.5 times what it can do for two minutes; for 40
     * seconds it has only 10 workers. Without a limit its queue would be minutes long.
     */
    @RepeatedTest(20)
    void underOverloadTheServiceStaysBusyAndItsAnswersQuick_alsoWhenHalfOfItIsLost(RepetitionInfo repetition) {
        Station station = new Station(repetition.getCurrentRepetition(), 20, 600);
        station.run(40 * SECOND);
        station.workers = 10;
        station.run(80 * SECOND);
        station.workers = 20;
        station.run(120 * SECOND);
        // Five seconds to find the limit each time.
        assertGood(station, 5, 40, 400);
        assertGood(station, 45, 80, 200);
        assertGood(station, 85, 120, 400);
    }

    @RepeatedTest(5)
    void belowItsCapacityNothingIsShed(RepetitionInfo repetition) {
        Station station = new Station(repetition.getCurrentRepetition(), 20, 280);
        station.run(120 * SECOND);
        assertThat(station.shed[0] + station.shed[1] + station.shed[2]).isLessThan((int) (0.02 * 280 * 120));
    }

    @RepeatedTest(5)
    void theLeastImportantGoFirst(RepetitionInfo repetition) {
        Station station = new Station(repetition.getCurrentRepetition(), 20, 600);
        station.run(60 * SECOND);
        double critical = (double) station.shed[0] / station.asked[0];
        double normal = (double) station.shed[1] / station.asked[1];
        double low = (double) station.shed[2] / station.asked[2];
        assertThat(critical).isLessThan(0.03);
        assertThat(normal).isLessThan(low);
        assertThat(low).isGreaterThan(0.5);
    }

    /** The service itself becomes slower by half, with room to spare: the baseline follows, and the limit does not choke it. */
    @Test
    void aServiceThatBecomesSlowerIsNotChoked() {
        Station station = new Station(1, 20, 600);
        station.run(40 * SECOND);
        station.service = 2 * SERVICE;
        station.run(120 * SECOND);
        assertThat(station.goodput(80, 120)).isGreaterThan(0.8 * 200);
    }

    @Test
    void aPlaceIsGivenBackOnce() {
        GradientLimit limit = new GradientLimit(2, 1, 10, 0.5, 0);
        assertThat(limit.admit(1)).isTrue();
        assertThat(limit.admit(1)).isTrue();
        assertThat(limit.admit(1)).isFalse();
        limit.ended(Outcome.OK, 1, 0);
        limit.ended(Outcome.CLIENT_LEFT, 0, 0);
        assertThatThrownBy(() -> limit.ended(Outcome.OK, 1, 0)).isInstanceOf(IllegalStateException.class);
        assertThat(limit.inFlight()).isZero();
    }

    @Test
    void timeoutsLowerTheLimit() {
        GradientLimit limit = new GradientLimit(100, 4, 1000, 0.5, 0);
        for (int i = 0; i < 3000; i++) {
            limit.admit(1);
            limit.ended(Outcome.NO_ANSWER, 0, i * SECOND / 100);
        }
        assertThat(limit.limit()).isLessThan(60);
    }

    @Test
    void limitsOutOfOrderAreRefused() {
        assertThatThrownBy(() -> new GradientLimit(5, 10, 20, 0.5, 0)).hasMessageContaining("5 must lie between");
    }

    private static void assertGood(Station station, int from, int to, int capacity) {
        assertThat(station.goodput(from, to)).as("answers a second from %d s on", from).isGreaterThan(0.9 * capacity);
        assertThat(station.percentile(0.99, from, to)).as("p99 in service times from %d s on", from).isLessThan(10);
    }

    /** M/M/c: Poisson arrivals of three priorities, exponential services, one queue in order of arrival; on a virtual clock. */
    private static final class Station {
        private static final double[] SHARES = {1, 0.9, 0.7};

        private final SplittableRandom random;
        private final GradientLimit limit = new GradientLimit(20, 4, 1000, 0.5, 0);
        private final PriorityQueue<Done> busy = new PriorityQueue<>(Comparator.comparingLong(Done::at));
        private final ArrayDeque<Long> queue = new ArrayDeque<>();
        private final List<Answer> answers = new ArrayList<>();
        private final double perSecond;
        final int[] asked = new int[3];
        final int[] shed = new int[3];
        int workers;
        double service = SERVICE;
        private long now;
        private long nextArrival;

        Station(long seed, int workers, double perSecond) {
            this.random = new SplittableRandom(seed);
            this.workers = workers;
            this.perSecond = perSecond;
        }

        void run(long until) {
            while (Math.min(nextArrival, busy.isEmpty() ? Long.MAX_VALUE : busy.peek().at) < until) {
                if (busy.isEmpty() || nextArrival < busy.peek().at) {
                    now = nextArrival;
                    arrive();
                    nextArrival = now + exponential(SECOND / perSecond);
                } else {
                    Done done = busy.poll();
                    now = done.at;
                    answers.add(new Answer(now, now - done.arrived));
                    limit.ended(Outcome.OK, now - done.arrived, now);
                }
                while (busy.size() < workers && !queue.isEmpty()) {
                    busy.add(new Done(now + exponential(service), queue.poll()));
                }
            }
        }

        private void arrive() {
            int dice = random.nextInt(10);
            int priority = dice < 2 ? 0 : dice < 6 ? 1 : 2;
            asked[priority]++;
            if (limit.admit(SHARES[priority])) {
                queue.add(now);
            } else {
                shed[priority]++;
            }
        }

        private long exponential(double mean) {
            return (long) (-mean * Math.log(1 - random.nextDouble())) + 1;
        }

        double goodput(int from, int to) {
            return answers.stream().filter(answer -> answer.within(from, to)).count() / (double) (to - from);
        }

        double percentile(double share, int from, int to) {
            long[] times = answers.stream().filter(answer -> answer.within(from, to)).mapToLong(Answer::nanos).sorted().toArray();
            return times[(int) (share * times.length)] / SERVICE;
        }

        private record Done(long at, long arrived) {}

        private record Answer(long at, long nanos) {
            boolean within(int from, int to) {
                return at >= from * SECOND && at < to * SECOND;
            }
        }
    }
}
