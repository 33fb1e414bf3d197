package dev.banyan.balance;

import static dev.banyan.balance.Groups.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.balance.BreakerChange.State;
import dev.banyan.topology.Breaker;
import dev.banyan.topology.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private final List<BreakerChange> changes = new ArrayList<>();
    private final CircuitBreaker breaker = breaker(Optional.empty());

    @Test
    void opensWhenMostRequestsFail_butNotBelowTheMinimum() {
        requests(19, Outcome.SERVER_ERROR, 0);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        requests(1, Outcome.NO_ANSWER, SECOND);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.admit(SECOND)).isEqualTo(CircuitBreaker.REFUSED);
        assertThat(breaker.pauseLeftNanos(2 * SECOND)).isEqualTo(4 * SECOND);
        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.what()).isEqualTo("leave service search alone for 5000 ms");
            assertThat(change.why()).isEqualTo("20 of 20 requests failed in 10 s");
        });
    }

    @Test
    void oneOfThreeServersFailingDoesNotOpenIt() {
        for (int i = 0; i < 300; i++) {
            requests(1, i % 3 == 0 ? Outcome.SERVER_ERROR : Outcome.OK, i * SECOND / 10);
        }
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void oldFailuresAreForgotten() {
        requests(19, Outcome.SERVER_ERROR, 0);
        requests(19, Outcome.SERVER_ERROR, 11 * SECOND);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void clientsThatLeaveAndRequestsWithoutAServerSayNothing() {
        requests(1000, Outcome.CLIENT_LEFT, 0);
        for (int i = 0; i < 1000; i++) {
            breaker.withdrawn(breaker.admit(0));
        }
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        requests(10, Outcome.SERVER_ERROR, 0);
        assertThat(breaker.state()).as("below the minimum").isEqualTo(State.CLOSED);
    }

    @Test
    void triesWithAFewRequestsAndClosesWhenAllSucceed() {
        requests(20, Outcome.SERVER_ERROR, 0);
        int[] probes = {breaker.admit(5 * SECOND), breaker.admit(5 * SECOND), breaker.admit(5 * SECOND)};
        assertThat(breaker.admit(5 * SECOND)).as("no more than the probes").isEqualTo(CircuitBreaker.REFUSED);
        breaker.ended(probes[0], Outcome.OK, 1, 6 * SECOND);
        breaker.ended(probes[1], Outcome.OK, 1, 6 * SECOND);
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        breaker.ended(probes[2], Outcome.CLIENT_LEFT, 0, 6 * SECOND);
        int another = breaker.admit(6 * SECOND);
        assertThat(another).as("in place of the one that said nothing").isNotEqualTo(CircuitBreaker.REFUSED);
        breaker.ended(another, Outcome.OK, 1, 6 * SECOND);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(changes).extracting(BreakerChange::state).containsExactly(State.OPEN, State.HALF_OPEN, State.CLOSED);
    }

    @Test
    void pausesGrowWhileItFails_andStartAnewWhenItWasWellForLonger() {
        requests(20, Outcome.SERVER_ERROR, 0);
        long now = 0;
        for (long pause : new long[] {5, 10, 20, 40, 60, 60}) {
            assertThat(breaker.pauseLeftNanos(now)).isEqualTo(pause * SECOND);
            now += pause * SECOND;
            breaker.ended(breaker.admit(now), Outcome.NO_ANSWER, 0, now);
        }
        now += 60 * SECOND;
        for (int i = 0; i < 3; i++) {
            breaker.ended(breaker.admit(now), Outcome.OK, 1, now);
        }
        now += 100 * SECOND;
        requests(20, Outcome.SERVER_ERROR, now);
        assertThat(breaker.pauseLeftNanos(now)).isEqualTo(5 * SECOND);
    }

    @Test
    void whatBeganBeforeItOpenedDoesNotCountAsATry() {
        int old = breaker.admit(0);
        requests(20, Outcome.SERVER_ERROR, 0);
        int probe = breaker.admit(5 * SECOND);
        breaker.ended(old, Outcome.NO_ANSWER, 0, 6 * SECOND);
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        breaker.ended(probe, Outcome.OK, 1, 6 * SECOND);
    }

    @Test
    void slowAnswersFail_whereTheSiteSaysWhatIsSlow() {
        CircuitBreaker strict = breaker(Optional.of(Duration.ofSeconds(1)));
        for (int i = 0; i < 20; i++) {
            strict.ended(strict.admit(0), Outcome.OK, 2 * SECOND, 0);
        }
        assertThat(strict.state()).isEqualTo(State.OPEN);
    }

    @Test
    void manyThreadsSeeOneOpeningAndNeverMoreThanTheProbes() throws Exception {
        List<BreakerChange> told = java.util.Collections.synchronizedList(new ArrayList<>());
        CircuitBreaker shared = new CircuitBreaker(settings(Optional.empty()), "search", 0, told::add);
        for (int i = 0; i < 20; i++) {
            shared.ended(shared.admit(0), Outcome.SERVER_ERROR, 0, 0);
        }
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                results.add(threads.submit(() -> {
                    start.await();
                    int admitted = 0;
                    for (int i = 0; i < 10_000; i++) {
                        admitted += shared.admit(5 * SECOND) != CircuitBreaker.REFUSED ? 1 : 0;
                    }
                    return admitted;
                }));
            }
            start.countDown();
            int sum = 0;
            for (Future<Integer> result : results) {
                sum += result.get();
            }
            assertThat(sum).isEqualTo(3);
        }
        assertThat(told).hasSize(2);
    }

    private void requests(int count, Outcome outcome, long now) {
        for (int i = 0; i < count; i++) {
            breaker.ended(breaker.admit(now), outcome, 1, now);
        }
    }

    private CircuitBreaker breaker(Optional<Duration> slow) {
        return new CircuitBreaker(settings(slow), "search", 0, changes::add);
    }

    private static Breaker settings(Optional<Duration> slow) {
        return new Breaker(new Share(0.5), 20, Duration.ofSeconds(5), Duration.ofMinutes(1), 3, slow);
    }
}
