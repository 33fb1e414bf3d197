package dev.banyan.balance;

import static dev.banyan.balance.Groups.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ResponseTimeTest {
    private static final long MILLI = 1_000_000;

    private final ResponseTime time = new ResponseTime();

    @Test
    void theFirstAnswerIsTheAverage() {
        assertThat(time.averageNanos()).isZero();
        time.observe(5 * MILLI, -7 * SECOND);
        assertThat(time.averageNanos()).isEqualTo(5 * MILLI);
    }

    @Test
    void slowAnswersCountAtOnceAndQuickOnesWithTime() {
        time.observe(MILLI, 0);
        for (int i = 1; i <= 20; i++) {
            time.observe(100 * MILLI, i * MILLI);
        }
        assertThat(time.averageNanos()).isGreaterThan(85 * MILLI);
        for (int i = 1; i <= 8; i++) {
            time.observe(MILLI, (20 + i) * MILLI);
        }
        assertThat(time.averageNanos()).as("8 ms later").isGreaterThan(80 * MILLI);
        time.observe(MILLI, 60 * SECOND);
        assertThat(time.averageNanos()).as("a minute later").isCloseTo(MILLI, within(0.3 * MILLI));
    }

    @Test
    void aServerWithoutAnswersIsForgivenWithTime_andOneThatAnswersIsNot() {
        time.observe(100 * MILLI, 0);
        time.forgive(SECOND / 2);
        assertThat(time.averageNanos()).isEqualTo(100 * MILLI);
        for (int second = 2; second <= 10; second++) {
            time.forgive(second * SECOND);
        }
        assertThat(time.averageNanos()).isLessThan(50 * MILLI).isGreaterThan(30 * MILLI);
    }
}
