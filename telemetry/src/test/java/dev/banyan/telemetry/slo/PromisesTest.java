package dev.banyan.telemetry.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.banyan.net.Clock;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Share;
import dev.banyan.topology.Slo;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromisesTest {
    private static final Slo BOTH = new Slo(Optional.of(new Share(.999)), Optional.of(new Slo.Latency(new Share(.99), Duration.ofMillis(300))), Duration.ofDays(30));

    @TempDir
    Path folder;

    private final HandClock clock = new HandClock();
    private final Registry registry = new Registry(clock);
    private final List<Decision> decisions = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Stands until it is moved. */
    private static final class HandClock implements Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public long nanos() {
            return Duration.between(Instant.EPOCH, now).toNanos();
        }

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public void sleep(Duration time) {
            now = now.plus(time);
        }
    }

    private Promises open() {
        Promises promises = new Promises(folder.resolve("slo.minutes"), clock, registry, decisions::add, warnings::add);
        promises.use(Objective.of(BOTH));
        return promises;
    }

    private void minutes(Promises promises, int many, long answers, long failed, long slow) {
        for (int i = 0; i < many; i++) {
            clock.sleep(Duration.ofMinutes(1));
            promises.count(new Tally(answers, failed, answers - failed, slow));
        }
    }

    @Property
    void aSteadyShareOfFailuresBurnsAsManyTimesAsItIsOfTheBudget(
            @ForAll @LongRange(min = 1, max = 1_000_000_000) long answers, @ForAll @DoubleRange(min = 0, max = 1) double share, @ForAll @DoubleRange(min = .5, max = .99) double target) {
        Objective objective = new Objective(Objective.Kind.AVAILABILITY, target, Optional.empty(), Duration.ofDays(30));
        long failed = (long) (share * answers);
        Tally tally = new Tally(answers, failed, answers - failed, 0);
        assertThat(objective.burn(tally)).isCloseTo((double) failed / answers / (1 - target), within(1e-6 + 1e-9 / (1 - target)));
        assertThat(objective.left(tally) + objective.burn(tally)).isCloseTo(1, within(1e-9));
    }

    @Property
    void anAlertThatIsOnStaysOnWhereverItWouldBegin(@ForAll @DoubleRange(min = 0, max = 100) double over, @ForAll @DoubleRange(min = 0, max = 100) double still, @ForAll @IntRange(min = 0, max = 100) int bad) {
        for (BurnRule rule : BurnRule.ALL) {
            assertThat(!rule.holds(over, still, bad, false) || rule.holds(over, still, bad, true)).isTrue();
        }
    }

    @Test
    void aSiteThatKeepsItsPromisesHasItsBudget_andNothingIsSaid() {
        try (Promises promises = open()) {
            minutes(promises, 300, 1_000, 0, 1);
            assertThat(promises.standing()).hasSize(2).allSatisfy(kept -> assertThat(kept.alert()).isEmpty());
            assertThat(promises.standing().getFirst().standing().left()).isEqualTo(1);
            assertThat(promises.standing().getLast().standing().left()).isCloseTo(.9, within(1e-9));
            assertThat(promises.standing().getLast().standing().rate(Duration.ofHours(1))).isCloseTo(.1, within(1e-9));
            assertThat(decisions).isEmpty();
            assertThat(warnings).isEmpty();
        }
    }

    @Test
    void aPageBeginsWhenTheBudgetGoesTooFast_andEndsSoonAfterItDoesNotAnyMore() {
        try (Promises promises = open()) {
            minutes(promises, 60, 1_000, 0, 0);
            minutes(promises, 30, 1_000, 100, 0);
            assertThat(decisions).extracting(Decision::what).contains("page for availability");
            assertThat(decisions).extracting(Decision::why).anySatisfy(why -> assertThat(why).startsWith("the budget of '99.9% of requests do not fail' goes 1").contains("over 1h").contains("over 5m")
                    .contains("from 14 times on"));
            assertThat(promises.standing().getFirst().alert()).hasValueSatisfying(said -> assertThat(said).startsWith("page: "));
            assertThat(promises.standing().getFirst().standing().left()).isNegative();
            decisions.clear();
            minutes(promises, 10, 1_000, 0, 0);
            assertThat(decisions).extracting(Decision::what).contains("end the page for availability (over 1h)");
        }
    }

    @Test
    void slowAnswersBreakTheLatencyPromiseAlone() {
        try (Promises promises = open()) {
            minutes(promises, 61, 1_000, 0, 300);
            assertThat(decisions).extracting(Decision::what).contains("page for latency").noneMatch(what -> what.contains("availability"));
        }
    }

    @Test
    void aFewFailuresOfFewRequestsWakeNobody() {
        try (Promises promises = open()) {
            minutes(promises, 9, 2, 1, 0);
            assertThat(promises.standing().getFirst().standing().rate(Duration.ofMinutes(5))).isGreaterThan(100);
            assertThat(decisions).isEmpty();
        }
    }

    @Test
    void countsOutliveTheProcess_alsoOneThatWasKilled() {
        Promises killed = open();
        minutes(killed, 5, 1_000, 50, 0);
        clock.sleep(Duration.ofHours(2));
        try (killed; Promises next = open()) {
            assertThat(next.standing().getFirst().standing().window()).isEqualTo(new Tally(5_000, 250, 4_750, 0));
            assertThat(next.standing().getFirst().standing().rate(Duration.ofHours(1))).isZero();
            assertThat(next.standing().getFirst().standing().rate(Duration.ofHours(6))).isCloseTo(50, within(1e-9));
        }
    }

    @Test
    void metricsTellTheSame_andGoWithThePromise() {
        try (Promises promises = open()) {
            minutes(promises, 10, 1_000, 10, 0);
            var now = registry.snapshot();
            assertThat(now.total("banyan_slo_burn_rate", Labels.of("slo", "availability", "window", "1h"))).isCloseTo(10, within(1e-9));
            assertThat(now.total("banyan_slo_budget_left_ratio", Labels.of("slo", "availability"))).isCloseTo(-9, within(1e-9));
            assertThat(now.total("banyan_slo_bad_answers_total", Labels.of("slo", "availability"))).isEqualTo(100);
            promises.use(List.of());
            assertThat(registry.snapshot().families().get("banyan_slo_burn_rate").series()).isEmpty();
            promises.count(new Tally(1, 1, 0, 0));
            assertThat(promises.standing()).isEmpty();
        }
    }

    @Test
    void aLongerWindowKeepsWhatWasCounted() {
        try (Promises promises = open()) {
            minutes(promises, 10, 1_000, 10, 0);
            promises.use(Objective.of(new Slo(Optional.of(new Share(.99)), Optional.empty(), Duration.ofDays(90))));
            assertThat(promises.standing()).singleElement().satisfies(kept -> assertThat(kept.standing().left()).isCloseTo(0, within(1e-9)));
            assertThat(warnings).isEmpty();
        }
    }
}
