package dev.banyan.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.FrontDoor.HashKey;
import dev.banyan.topology.FrontDoor.LoadBound;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written in a unit reads back as the same, and is written in the largest unit that divides it. */
class UnitsTest {
    @ParameterizedTest
    @CsvSource({"0ms, 0s", "250ms, 250ms", "1000ms, 1s", "60s, 1m", "90s, 90s", "60m, 1h", "24h, 1d", "36h, 36h", "48h, 2d", "86400s, 1d"})
    void aDurationIsWrittenInItsLargestUnit(String text, String written) {
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "s", "1.5s", "-1s", "1 s", "1S", "1us", "1m30s", "9999999999s", "\u0661s"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("as 250ms");
    }

    @ParameterizedTest
    @CsvSource({"0B, 0B", "1024B, 1KiB", "1000B, 1KB", "1KB, 1KB", "64KiB, 64KiB", "1536KiB, 1536KiB", "10MB, 10MB", "1TiB, 1TiB", "2048GiB, 2TiB"})
    void aSizeIsWrittenInItsLargestUnit(String text, String written) {
        assertThat(ByteSize.parse(text)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "KB", "1kb", "1.5MB", "-1B", "1 KB", "1EB", "999999999999999TiB"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void anyDurationOfWholeMillisecondsRoundTrips(@ForAll @LongRange(max = 999_999_999L) long millis) {
        Duration duration = Duration.ofMillis(millis);
        assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    }

    @Property
    void anySizeRoundTrips(@ForAll @LongRange(max = 999_999_999_999_999L) long bytes) {
        assertThat(ByteSize.parse(new ByteSize(bytes).toString())).isEqualTo(new ByteSize(bytes));
    }

    @Property
    void anyShareRoundTrips(@ForAll @Scale(8) @DoubleRange(min = 0.0001, max = 1) double of1) {
        assertThat(Share.parse(new Share(of1).toString())).isEqualTo(new Share(of1));
    }

    @Property
    void anyLoadBoundRoundTrips(@ForAll @Scale(8) @DoubleRange(min = 1.01, max = 100) double factor) {
        assertThat(LoadBound.parse(new LoadBound(factor).toString())).isEqualTo(new LoadBound(factor));
    }

    @Property
    void anyAddressRoundTrips(@ForAll @AlphaChars @StringLength(min = 1, max = 40) String host, @ForAll @IntRange(max = 65_535) int port) {
        assertThat(HostPort.parse(new HostPort(host, port).toString(), "")).isEqualTo(new HostPort(host, port));
        assertThat(HostPort.parse(new HostPort("fe80::1", port).toString(), "")).isEqualTo(new HostPort("fe80::1", port));
        assertThat(HostPort.parse(":" + port, "usual")).isEqualTo(HostPort.parse(String.valueOf(port), "usual")).isEqualTo(new HostPort("usual", port));
    }

    @Property
    void anyHashKeyRoundTrips(@ForAll HashKey.Source source, @ForAll @AlphaChars @StringLength(min = 1, max = 20) String name) {
        HashKey key = new HashKey(source, source == HashKey.Source.IP || source == HashKey.Source.URI ? "" : name);
        assertThat(HashKey.parse(key.toString())).isEqualTo(key);
    }

    @Test
    void aPercentageBelowItsPrecisionIsStillItself() {
        assertThat(Share.parse("0%")).isEqualTo(new Share(0)).hasToString("0%");
        assertThat(Share.parse("100%")).isEqualTo(new Share(1)).hasToString("100%");
        assertThat(Share.parse("12.5%").of1()).isEqualTo(0.125);
    }
}
