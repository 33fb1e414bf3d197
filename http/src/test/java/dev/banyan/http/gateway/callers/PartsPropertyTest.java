package dev.banyan.http.gateway.callers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.HeadBuffer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What holds of the small parts for any input. */
class PartsPropertyTest {
    @Property(tries = 500)
    void anyTextIsAHeadersValue_andReadsBackAsItself(@ForAll String text) {
        Assume.that(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(text));
        String value = FieldText.of(text);
        new FieldLine("X", value);
        assertThat(URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8)).isEqualTo(text);
    }

    @Property(tries = 500)
    void aRecentMapNeverHoldsMoreThanItMay_andAlwaysWhatCameLast(@ForAll @IntRange(min = 2, max = 20) int most, @ForAll List<@IntRange(max = 40) Integer> keys) {
        RecentMap<Integer, Integer> map = new RecentMap<>(most);
        for (int key : keys) {
            map.put(key, key + 1);
            assertThat(map.get(key)).isEqualTo(key + 1);
            assertThat(map.size()).isLessThanOrEqualTo(2 * (most / 2));
        }
    }

    @Property(tries = 500)
    void aParameterIsTakenOutAndTheOthersStay(@ForAll @Size(max = 6) List<@StringLength(max = 3) @CharRange(from = 'a', to = 'c') String> names) {
        String query = names.stream().map(name -> name + "=1").collect(Collectors.joining("&"));
        byte[] target = ("/p" + (names.isEmpty() ? "" : "?" + query)).getBytes(StandardCharsets.US_ASCII);
        QueryParameter wanted = new QueryParameter("a");
        assertThat(wanted.find(target, 0, target.length).times()).isEqualTo((int) names.stream().filter("a"::equals).count());
        FieldEdits edits = new FieldEdits();
        edits.removeParameter("a");
        HeadBuffer out = new HeadBuffer();
        edits.writeTarget(target, 0, target.length, out);
        String left = names.stream().filter(name -> !name.equals("a")).map(name -> name + "=1").collect(Collectors.joining("&"));
        assertThat(new String(out.bytes(), 0, out.length(), StandardCharsets.US_ASCII)).isEqualTo("/p" + (left.isEmpty() ? "" : "?" + left));
    }

    @Property(tries = 200)
    void anAddressFailsSoOftenAMinuteAndNoMore(@ForAll @IntRange(min = 1, max = 50) int most, @ForAll @Size(min = 1, max = 300) List<@IntRange(max = 3000) Integer> gapsMillis) {
        Failures failures = new Failures(most);
        long[] at = new long[gapsMillis.size()];
        int heard = 0;
        long now = -5_000_000_000L;
        for (int gap : gapsMillis) {
            now += TimeUnit.MILLISECONDS.toNanos(gap);
            if (failures.secondsToWait("192.0.2.1", now) == 0) {
                failures.add("192.0.2.1", now);
                at[heard++] = now;
            }
        }
        for (int i = 0; i + 2 * most < heard; i++) {
            assertThat(at[i + 2 * most] - at[i]).as("never twice as many in a minute").isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(59));
        }
        assertThat(failures.secondsToWait("192.0.2.2", now)).isZero();
    }

    @Property(tries = 100)
    void oneGuestOfAnIpv6NetworkIsTheWholeNetwork(@ForAll @IntRange(max = 65_535) int host) {
        Failures failures = new Failures(1);
        failures.add("2001:db8:1:2::1", 0);
        assertThat(failures.secondsToWait("2001:db8:1:2:ffff::" + Integer.toHexString(host), 0)).isPositive();
        assertThat(failures.secondsToWait("2001:db8:1:3::" + Integer.toHexString(host), 0)).isZero();
    }
}
