package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {
    @ParameterizedTest
    @CsvSource({"0/0, 0", "0/1, 1", "0/FFFFFFFF, 4294967295", "1/0, 4294967296", "16/B374D848, 97500059720", "7FFFFFFF/FFFFFFFF, 9223372036854775807"})
    void readsAndWritesAsPostgresDoes(String text, long lsn) {
        assertThat(Lsn.parse(text)).hasValue(lsn);
        assertThat(Lsn.format(lsn)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "0/", "/0", "0/0/0", "80000000/0", "0/123456789", "-1/0", "0x1/0", "g/0", " 0/0", "\u0661/0", "0"})
    void whatIsNoPositionIsNone(String text) {
        assertThat(Lsn.parse(text)).isEmpty();
    }
}
