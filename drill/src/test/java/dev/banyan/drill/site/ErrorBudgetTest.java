package dev.banyan.drill.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorBudgetTest {
    private static final long MILLI = 1_000_000;

    @Test
    void itIsUsedUpByMoreThanTheShareOfTwoSeconds() {
        ErrorBudget budget = new ErrorBudget(0.05, 0);
        for (int i = 0; i < 95; i++) {
            budget.ended(false, 10 * i * MILLI);
        }
        for (int i = 0; i < 5; i++) {
            budget.ended(true, 1_000 * MILLI);
        }
        assertThat(budget.now(1_000 * MILLI)).isEqualTo(new ErrorBudget.Share(5, 100, false));
        budget.ended(true, 1_050 * MILLI);
        assertThat(budget.now(1_050 * MILLI).usedUp()).isTrue();
    }

    @Test
    void whatIsOlderThanTwoSecondsIsForgotten() {
        ErrorBudget budget = new ErrorBudget(0.05, 0);
        for (int i = 0; i < 10; i++) {
            budget.ended(true, 0);
        }
        assertThat(budget.now(1_900 * MILLI).usedUp()).isTrue();
        assertThat(budget.now(2_000 * MILLI)).isEqualTo(new ErrorBudget.Share(0, 0, false));
        assertThat(budget.now(60_000 * MILLI)).isEqualTo(new ErrorBudget.Share(0, 0, false));
    }

    @Test
    void twoFailuresAreNeverTooMany() {
        ErrorBudget budget = new ErrorBudget(0.05, 0);
        budget.ended(true, 0);
        budget.ended(true, 0);
        assertThat(budget.now(0).usedUp()).isFalse();
        budget.ended(true, 0);
        assertThat(budget.now(0).usedUp()).isTrue();
    }
}
