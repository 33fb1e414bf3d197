package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({"bytes=0-0,0,0", "bytes=0-99,0,99", "bytes=0-,0,99", "bytes=50-,50,99", "bytes=90-1000,90,99", "bytes=-1,99,99",
            "bytes=-100,0,99", "bytes=-1000,0,99", "Bytes=5-6,5,6", "bytes= 5-6 ,5,6"})
    void takesOneRange(String header, long first, long last) {
        assertThat(ByteRange.of(header, 100)).isEqualTo(new ByteRange.Part(first, last));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "bytes=-", "bytes=9-3", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=--5", "bytes=99999999999999999999-"})
    void sendsTheWhole_whenThereIsNoRangeThatItUnderstands(String header) {
        assertThat(ByteRange.of(header, 100)).isEqualTo(new ByteRange.Whole());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=999999999-"})
    void isUnsatisfiable_whenNothingOfItIsThere(String header) {
        assertThat(ByteRange.of(header, 100)).isEqualTo(new ByteRange.Unsatisfiable());
    }

    @Test
    void ifNoneMatchComparesWeaklyAndTakesLists() {
        assertThat(MediaActions.matches("\"a\"", "\"a\"")).isTrue();
        assertThat(MediaActions.matches("\"x\", W/\"a\"", "\"a\"")).isTrue();
        assertThat(MediaActions.matches("*", "\"a\"")).isTrue();
        assertThat(MediaActions.matches("\"b\"", "\"a\"")).isFalse();
        assertThat(MediaActions.matches(null, "\"a\"")).isFalse();
    }
}
