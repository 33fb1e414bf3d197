package dev.banyan.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CycleTest {
    @ParameterizedTest(name = "weights {0} give {1}")
    @CsvSource({
        "1, a",
        "7, a",
        "1 1 1, abc",
        "5 1 1, aabacaa",
        "4 2, aba",
        "3 3 1, abcabab",
        "1000 1000, ab",
        "0.5 1, bab",
        "0.1 1, bbbbbabbbbb",
    })
    void aHeavyServersTurnsAreSpreadOut(String weights, String order) {
        Cycle cycle = cycle(Arrays.stream(weights.split(" ")).mapToDouble(Double::parseDouble).toArray());
        String turns = IntStream.range(0, cycle.length()).mapToObj(turn -> "" + (char) ('a' + cycle.at(turn))).collect(Collectors.joining());
        assertThat(turns).isEqualTo(order);
    }

    @Property(tries = 300)
    void eachServerComesExactlyInProportionToItsWeight(@ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 50) Integer> weights) {
        Cycle cycle = cycle(weights.stream().mapToDouble(weight -> weight).toArray());
        long[] turns = new long[weights.size()];
        IntStream.range(0, cycle.length()).forEach(turn -> turns[cycle.at(turn)]++);
        int sum = weights.stream().mapToInt(weight -> weight).sum();
        for (int i = 0; i < weights.size(); i++) {
            assertThat(turns[i] * sum).isEqualTo((long) weights.get(i) * cycle.length());
        }
    }

    /**
     * What a server is owed is its credit over the sum of weights. The one taken had a credit above 0 and paid the sum, so no credit falls to
     * -sum: no server is ever a whole turn ahead of its share. All credits sum to 0, so none is n - 1 turns behind.
     */
    @Property(tries = 300)
    void noServerIsATurnAheadOfItsShareNorFarBehind(@ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 50) Integer> weights) {
        Cycle cycle = cycle(weights.stream().mapToDouble(weight -> weight).toArray());
        double sum = weights.stream().mapToInt(weight -> weight).sum();
        int[] turns = new int[weights.size()];
        for (int turn = 0; turn < cycle.length(); turn++) {
            turns[cycle.at(turn)]++;
            for (int i = 0; i < weights.size(); i++) {
                double ahead = turns[i] - (turn + 1) * weights.get(i) / sum;
                assertThat(ahead).isLessThan(1).isGreaterThan(-Math.max(weights.size() - 1, 1));
            }
        }
    }

    @Property(tries = 50)
    void weightsThatMakeALongCycleAreRoundedToFit(@ForAll @Size(min = 2, max = 40) List<@IntRange(min = 1, max = 1000) Integer> weights) {
        Cycle cycle = cycle(weights.stream().mapToDouble(weight -> weight).map(weight -> weight * 0.37).toArray());
        assertThat(cycle.length()).isLessThanOrEqualTo(Cycle.LONGEST + weights.size());
        double sum = weights.stream().mapToInt(weight -> weight).sum();
        int[] turns = new int[weights.size()];
        IntStream.range(0, cycle.length()).forEach(turn -> turns[cycle.at(turn)]++);
        for (int i = 0; i < weights.size(); i++) {
            assertThat(Math.abs(turns[i] / (double) cycle.length() - weights.get(i) / sum)).isLessThan(0.01);
        }
    }

    private static Cycle cycle(double... weights) {
        return new Cycle(weights);
    }
}
