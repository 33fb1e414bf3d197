package dev.banyan.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
    private static final long NOW = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final long YEAR_9999 = 253_402_300_799L;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Sun, 06 Nov 1994 08:49:37 GMT     | 1994-11-06T08:49:37Z",
        "Sunday, 06-Nov-94 08:49:37 GMT    | 1994-11-06T08:49:37Z",
        "Sun Nov  6 08:49:37 1994          | 1994-11-06T08:49:37Z",
        "Sun Nov 16 08:49:37 1994          | 1994-11-16T08:49:37Z",
        "Thu, 01 Jan 1970 00:00:00 GMT     | 1970-01-01T00:00:00Z",
        "Thu, 29 Feb 2024 23:59:59 GMT     | 2024-02-29T23:59:59Z",
        "Fri, 31 Dec 9999 23:59:59 GMT     | 9999-12-31T23:59:59Z",
        "Sat, 31 Dec 2016 23:59:60 GMT     | 2016-12-31T23:59:59Z",
        "SUN, 06 nov 1994 08:49:37 gmt     | 1994-11-06T08:49:37Z",
        "Mon, 06 Nov 1994 08:49:37 GMT     | 1994-11-06T08:49:37Z",
        "Wednesday, 18-Aug-70 02:01:18 GMT | 2070-08-18T02:01:18Z",
        "Monday, 18-Aug-80 02:01:18 GMT    | 1980-08-18T02:01:18Z",
    })
    void readsAllThreeForms(String text, String expected) {
        assertThat(read(text)).isEqualTo(Instant.parse(expected).toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "0", "-1", "Sun", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT", "Sun, 06  Nov 1994 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT", "Sun, 06 Nov 1994 08.49.37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 29 Feb 2023 08:49:37 GMT", "Sun, 29 Feb 1900 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Fri, 31 Dec 1969 23:59:59 GMT", "Sundae, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 94", "Sun Nov 006 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 06 Nov -994 08:49:37 GMT",
    })
    void anythingElseIsNoDate(String text) {
        assertThat(read(text)).isEqualTo(HttpDate.NONE);
    }

    @Test
    void aYearOfTwoDigitsIsAtMostFiftyYearsAhead() {
        long inThePast = Instant.parse("1999-01-01T00:00:00Z").toEpochMilli();
        assertThat(read("Saturday, 01-Jan-49 00:00:00 GMT", inThePast)).isEqualTo(Instant.parse("2049-01-01T00:00:00Z").toEpochMilli());
        assertThat(read("Saturday, 01-Jan-50 00:00:00 GMT", inThePast)).as("1950 is before 1970").isEqualTo(HttpDate.NONE);
    }

    @Property
    void whatIsWrittenReadsBack(@ForAll @LongRange(min = 0, max = YEAR_9999) long second) {
        HeadBuffer out = new HeadBuffer();
        HttpDate.write(second * 1000 + 999, out);
        assertThat(out.length()).isEqualTo(HttpDate.LENGTH);
        assertThat(HttpDate.read(out.bytes(), 0, out.length(), NOW)).isEqualTo(second * 1000);
    }

    @Property
    void anyTextIsADateOrNone(@ForAll String text) {
        assertThat(read(text)).isGreaterThanOrEqualTo(HttpDate.NONE);
    }

    private static long read(String text) {
        return read(text, NOW);
    }

    private static long read(String text, long now) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HttpDate.read(bytes, 0, bytes.length, now);
    }
}
