package dev.banyan.bench.bed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuTimeTest {
    private static final String AFTER_NAME = " S 1 42 42 0 -1 4194560 2313 0 0 0 123 45 7 8 20 0 24 0 5139 3222405120 30712 18446744073709551615";

    @Test
    void readsTicksOfTenMillisecondsInTheProgramAndInTheKernel() {
        assertThat(CpuTime.parse("42 (nginx)" + AFTER_NAME)).isEqualTo(new CpuTime(1_230_000, 450_000));
    }

    @Test
    void aNameWithSpacesAndParenthesesShiftsNothing() {
        assertThat(CpuTime.parse("42 (a) S 9 (b c)" + AFTER_NAME)).isEqualTo(new CpuTime(1_230_000, 450_000));
    }

    @Test
    void timesAreAddedAndSubtracted() {
        CpuTime later = new CpuTime(500, 300).plus(new CpuTime(1, 2));
        assertThat(later.since(new CpuTime(100, 100)).micros()).isEqualTo(603);
    }
}
