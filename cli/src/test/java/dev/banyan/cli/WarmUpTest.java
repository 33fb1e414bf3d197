package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmUpTest {
    @Test
    void aWholeShortLifeEndsWell() {
        Captured banyan = new Captured();
        assertThat(banyan.run("warm-up")).as(banyan.err()).isZero();
        assertThat(banyan.err()).contains("of 200 requests answered");
        assertThat(banyan.out()).isEmpty();
    }
}
