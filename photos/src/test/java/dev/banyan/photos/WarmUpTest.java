package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

final class WarmUpTest {
    @Test
    void needsNoDatabase() {
        assertThatCode(WarmUp::run).doesNotThrowAnyException();
    }
}
