package dev.banyan.balance;

import static dev.banyan.balance.Groups.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.ByteSize;
import dev.banyan.topology.FrontDoor.Retries;
import dev.banyan.topology.Share;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    @Test
    void aFewRetriesASecondAreGrantedWhateverTheShare() {
        RetryBudget budget = budget(0.2, 3);
        assertThat(granted(budget, 10, 0)).isEqualTo(3);
        assertThat(granted(budget, 10, SECOND)).isEqualTo(3);
    }

    @Test
    void theShareIsOfTheRequestsOfTheLastTenSeconds() {
        RetryBudget budget = budget(0.2, 0);
        requests(budget, 100, 0);
        assertThat(granted(budget, 50, SECOND)).isEqualTo(20);
        assertThat(granted(budget, 50, 9 * SECOND)).isZero();
        assertThat(granted(budget, 50, 10 * SECOND)).as("the requests are too old by now").isZero();
        requests(budget, 10, 10 * SECOND);
        assertThat(granted(budget, 50, 11 * SECOND)).as("and so are the retries").isEqualTo(2);
    }

    @Test
    void theClocksOriginDoesNotMatter() {
        for (long origin : new long[] {Long.MIN_VALUE / 2, -3 * SECOND, -1, 0, Long.MAX_VALUE / 2}) {
            RetryBudget budget = budget(0.5, 0);
            requests(budget, 10, origin);
            assertThat(granted(budget, 10, origin + SECOND)).as("from %d", origin).isEqualTo(5);
        }
    }

    /** Each step is a tenth of a second with some requests and many tries. */
    @Property(tries = 100)
    void aRetryIsOneOfTheSecondsMinimumOrWithinTheShareOfTheLastTenSeconds(
            @ForAll @Size(min = 10, max = 300) List<@IntRange(max = 40) Integer> steps,
            @ForAll @IntRange(max = 100) int percent,
            @ForAll @IntRange(max = 5) int minimum) {
        RetryBudget budget = budget(percent / 100.0, minimum);
        long[] seen = new long[steps.size() / 10 + 1];
        long[] granted = new long[seen.length];
        for (int step = 0; step < steps.size(); step++) {
            int second = step / 10;
            requests(budget, steps.get(step), step * SECOND / 10);
            seen[second] += steps.get(step);
            for (int i = 0; i < 20; i++) {
                boolean within = granted[second] < minimum || lastTen(granted, second) + 1 <= percent / 100.0 * lastTen(seen, second);
                assertThat(budget.tryRetry(step * SECOND / 10)).isEqualTo(within);
                granted[second] += within ? 1 : 0;
            }
        }
    }

    private static long lastTen(long[] counts, int second) {
        long sum = 0;
        for (int i = Math.max(0, second - 9); i <= second; i++) {
            sum += counts[i];
        }
        return sum;
    }

    private static RetryBudget budget(double share, int minimum) {
        return new RetryBudget(retries(share, minimum));
    }

    static Retries retries(double share, int minimum) {
        return new Retries(2, new Share(share), minimum, new ByteSize(65_536));
    }

    private static void requests(RetryBudget budget, int n, long now) {
        for (int i = 0; i < n; i++) {
            budget.requestSeen(now);
        }
    }

    private static int granted(RetryBudget budget, int tries, long now) {
        int granted = 0;
        for (int i = 0; i < tries; i++) {
            granted += budget.tryRetry(now) ? 1 : 0;
        }
        return granted;
    }
}
