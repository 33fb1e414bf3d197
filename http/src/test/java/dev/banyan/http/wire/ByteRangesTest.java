package dev.banyan.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangesTest {
    private final ByteRanges ranges = new ByteRanges();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bytes=0-499           | 0-500",
        "bytes=500-999         | 500-1000",
        "bytes=-500            | 9500-10000",
        "bytes=9500-           | 9500-10000",
        "bytes=0-0,-1          | 0-1 9999-10000",
        "bytes= 0-0 , -1       | 0-1 9999-10000",
        "BYTES=0-0             | 0-1",
        "bytes=,0-0,,          | 0-1",
        "bytes=0-99999         | 0-10000",
        "bytes=-99999          | 0-10000",
        "bytes=10000-          | ",
        "bytes=-0              | ",
        "bytes=10000-,0-0      | 0-1",
        "bytes=500-700,601-999 | 500-1000",
        "bytes=500-600,601-999 | 500-1000",
        "bytes=0-9,80-99       | 0-100",
        "bytes=0-9,90-99       | 0-10 90-100",
        "bytes=900-999,0-9     | 900-1000 0-10",
        "bytes=0-9,200-209,5-205 | 0-210",
        "bytes=00000000000000000000000000-0 | 0-1",
    })
    void saysWhichBytesAreAskedForOfTenThousand(String value, String expected) {
        assertThat(read(value)).isTrue();
        ranges.resolve(10_000);
        assertThat(resolved()).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "bytes", "bytes=", "bytes=-", "bytes=,", "bytes=a-b", "bytes=1-0", "bytes=0", "bytes=0-1-2", "bytes=--1", "bytes=0 -1", "bytes=0- 1", "bytes=0-1;x",
        "items=0-1", "bytes:0-1", "bytes =0-1", "bytes=0-9999999999999999999", "bytes=0-1, x", "bytes=+1-2",
    })
    void anythingElseIsIgnored(String value) {
        assertThat(read(value)).isFalse();
        assertThat(ranges.asked()).isZero();
        assertThat(ranges.resolve(100)).isZero();
    }

    @Test
    void tooManyRangesAreIgnored() {
        assertThat(read("bytes=" + "0-0,".repeat(ByteRanges.MOST))).isTrue();
        assertThat(read("bytes=" + "0-0,".repeat(ByteRanges.MOST + 1))).isFalse();
    }

    @Test
    void nothingIsLeftOfWhatWasAskedBefore() {
        assertThat(read("bytes=0-0,500-")).isTrue();
        assertThat(read("rubbish")).isFalse();
        assertThat(ranges.asked()).isZero();
    }

    @Property
    void everyRangeLiesWithinTheRepresentation_andNoTwoTouch(@ForAll @LongRange(min = 0, max = 1000) long a, @ForAll @LongRange(min = 0, max = 1000) long b,
            @ForAll @LongRange(min = 0, max = 1000) long c, @ForAll @LongRange(min = 0, max = 500) long length) {
        read("bytes=" + a + "-" + (a + b) + ",-" + b + "," + c + "-");
        ranges.resolve(length);
        for (int i = 0; i < ranges.count(); i++) {
            assertThat(ranges.first(i)).isBetween(0L, length - 1);
            assertThat(ranges.end(i)).isBetween(ranges.first(i) + 1, length);
            for (int j = 0; j < i; j++) {
                assertThat(ranges.first(i) > ranges.end(j) || ranges.first(j) > ranges.end(i)).isTrue();
            }
        }
        assertThat(ranges.total()).isLessThanOrEqualTo(length);
    }

    @Property
    void anyTextIsRangesOrNone(@ForAll String text) {
        assertThat(read("bytes=" + text)).isEqualTo(ranges.asked() > 0);
        ranges.resolve(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bytes 0-499/1234 | 0 499 1234", "bytes 42-1233/1234 | 42 1233 1234", "BYTES 0-0/1 | 0 0 1", "bytes 42-1233/* | 42 1233 -1", "bytes */1234 | none",
        "bytes 5-4/10 | none", "bytes 0-10/10 | none", "bytes 0-4 | none", "bytes 0-4/ | none", "bytes0-4/10 | none", "items 0-4/10 | none", "bytes 0-4/10/11 | none",
        "bytes -4/10 | none", "bytes 0-/10 | none", "'' | none",
    })
    void readsWhichBytesAPartHolds(String value, String expected) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        String read = ContentRange.read(bytes, 0, bytes.length).map(range -> range.first() + " " + range.last() + " " + range.length()).orElse("none");
        assertThat(read).isEqualTo(expected);
    }

    @Test
    void writesWhichBytesAPartHolds() {
        HeadBuffer out = new HeadBuffer();
        ContentRange.write(0, 4, 10, out);
        ContentRange.write(5, 9, -1, out);
        ContentRange.writeUnsatisfied(10, out);
        assertThat(new String(out.bytes(), 0, out.length(), StandardCharsets.US_ASCII))
                .isEqualTo("Content-Range: bytes 0-4/10\r\nContent-Range: bytes 5-9/*\r\nContent-Range: bytes */10\r\n");
    }

    private boolean read(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        return ranges.read(bytes, 0, bytes.length);
    }

    private String resolved() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ranges.count(); i++) {
            text.append(i == 0 ? "" : " ").append(ranges.first(i)).append('-').append(ranges.end(i));
        }
        return text.toString();
    }
}
