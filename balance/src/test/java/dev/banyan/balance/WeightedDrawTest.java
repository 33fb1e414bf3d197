package dev.banyan.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WeightedDrawTest {
    @Property(tries = 60)
    void theDrawsFollowTheWeights(@ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 100) Integer> weights, @ForAll long seed) {
        WeightedDraw draw = new WeightedDraw(weights.stream().mapToDouble(weight -> weight).toArray());
        Dice dice = new Dice(seed);
        int draws = 50_000;
        int[] drawn = new int[weights.size()];
        for (int i = 0; i < draws; i++) {
            drawn[draw.index(dice.roll())]++;
        }
        double sum = weights.stream().mapToInt(weight -> weight).sum();
        for (int i = 0; i < weights.size(); i++) {
            // Six standard deviations at most: sqrt(0.25 / 50,000) = 0.0022.
            assertThat(drawn[i] / (double) draws).isCloseTo(weights.get(i) / sum, within(0.0135));
        }
    }
}
