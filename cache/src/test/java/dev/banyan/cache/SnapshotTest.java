package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotTest {
    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        // below xmin, running, ended between, at xmax, beyond
        "10:20:12,15 false 9 true", "10:20:12,15 false 12 false", "10:20:12,15 false 13 true", "10:20:12,15 false 15 false", "10:20:12,15 false 20 false", "10:20:12,15 false 30 false",
        "10:10: false 9 true", "10:10: false 10 false",
        // a standby does not tell who runs
        "10:20: true 9 true", "10:20: true 13 false", "10:20: true 20 false", "20:20: true 19 true",
        // in the second epoch: the lower halves are 104, 114 and 109; then 4, 14 and 9; then with the wrap between the bounds
        "4294967400:4294967410:4294967405 false 103 true", "4294967400:4294967410:4294967405 false 109 false", "4294967400:4294967410:4294967405 false 110 true",
        "4294967400:4294967410:4294967405 false 114 false", "4294967300:4294967310:4294967305 false 9 false", "4294967300:4294967310:4294967305 false 13 true",
        "4294967300:4294967310:4294967305 false 4294967290 true", "4294967290:4294967310:4294967291 false 4294967291 false", "4294967290:4294967310:4294967291 false 5 true",
        // so far apart that it is of another epoch
        "10:20:12 false 2147483700 true", "3000000000:3000000010: false 5 true"})
    void seesWhatHasEnded(String text, boolean standby, long xid, boolean sees) {
        assertThat(Snapshot.parse(text, standby).sees((int) xid)).isEqualTo(sees);
    }

    @Test
    void seesAllOnlyIfEach() {
        Snapshot snapshot = Snapshot.parse("10:20:12", false);
        assertThat(snapshot.seesAll(new int[] {})).isTrue();
        assertThat(snapshot.seesAll(new int[] {9, 13})).isTrue();
        assertThat(snapshot.seesAll(new int[] {9, 12})).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"''", "10", "10:20", "a:b:c", "10:20:x"})
    void whatIsNoSnapshotIsRefused(String text) {
        assertThatThrownBy(() -> Snapshot.parse(text, false)).isInstanceOf(IllegalArgumentException.class);
    }
}
