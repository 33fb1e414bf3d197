package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final long SECOND = 1_000_000_000L;

    @Property(tries = 200)
    void comeInOrder_withinTheRun_andNeverMoreThanTheLimit(
            @ForAll @DoubleRange(min = 0.1, max = 2000) double from, @ForAll @DoubleRange(min = 0.1, max = 2000) double to,
            @ForAll Arrivals.Kind kind, @ForAll @IntRange(min = 1, max = 5) int seconds, @ForAll @LongRange(min = 1, max = 3000) long limit, @ForAll long seed) {
        List<Long> times = times(new Rate(from, to), kind, seconds, limit, seed);
        assertThat(times).isSorted().hasSizeLessThanOrEqualTo((int) limit).allMatch(t -> t >= 0 && t < seconds * SECOND);
        assertThat(times(new Rate(from, to), kind, seconds, limit, seed)).as("the same seed").isEqualTo(times);
    }

    @Property(tries = 200)
    void constantOnes_areAsManyAsTheAreaUnderTheRamp(
            @ForAll @DoubleRange(min = 1, max = 1000) double from, @ForAll @DoubleRange(min = 1, max = 1000) double to, @ForAll @IntRange(min = 1, max = 5) int seconds) {
        assertThat((double) times(new Rate(from, to), Arrivals.Kind.CONSTANT, seconds, 0, 1).size()).isCloseTo((from + to) / 2 * seconds, within(1.01));
    }

    @Property(tries = 50)
    void poissonOnes_areAsManyAsTheAreaUnderTheRamp_withinFiveDeviations(@ForAll @DoubleRange(min = 50, max = 2000) double from, @ForAll long seed) {
        double mean = (from + 500) / 2 * 5;
        assertThat((double) times(new Rate(from, 500), Arrivals.Kind.POISSON, 5, 0, seed).size()).isCloseTo(mean, within(5 * Math.sqrt(mean)));
    }

    @Test
    void poissonGapsVaryAsExponentialOnesDo() {
        List<Long> times = times(Rate.constant(1000), Arrivals.Kind.POISSON, 20, 0, 42);
        double mean = times.getLast() / (double) times.size();
        double variance = 0;
        for (int i = 1; i < times.size(); i++) {
            variance += Math.pow(times.get(i) - times.get(i - 1) - mean, 2) / times.size();
        }
        assertThat(Math.sqrt(variance) / mean).as("coefficient of variation").isCloseTo(1, within(0.05));
    }

    @Test
    void constantOnesAreEvenlySpaced() {
        assertThat(times(Rate.constant(4), Arrivals.Kind.CONSTANT, 1, 0, 1)).containsExactly(0L, 250_000_000L, 500_000_000L, 750_000_000L);
    }

    @Test
    void aRateIsANumberOrARamp() {
        assertThat(Rate.parse("200")).isEqualTo(Rate.constant(200)).hasToString("200");
        assertThat(Rate.parse("50..500")).isEqualTo(new Rate(50, 500)).hasToString("50..500");
        assertThat(Rate.parse("0.5")).hasToString("0.5");
        for (String wrong : new String[] {"", "fast", "-1", "0", "1..0", "1...2", "1e9", "2000000"}) {
            assertThatThrownBy(() -> Rate.parse(wrong)).as(wrong).isInstanceOf(BanyanException.class).hasMessageContaining("--rate");
        }
    }

    private static List<Long> times(Rate rate, Arrivals.Kind kind, int seconds, long limit, long seed) {
        Arrivals arrivals = new Arrivals(rate, kind, seconds * SECOND, limit, Loops.random(seed));
        List<Long> times = new ArrayList<>();
        for (OptionalLong next = arrivals.next(); next.isPresent(); next = arrivals.next()) {
            times.add(next.getAsLong());
        }
        return times;
    }
}
