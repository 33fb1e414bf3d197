package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.cache.Entry.State;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EntryTest {
    @Property(tries = 500)
    void whatIsWrittenIsRead(@ForAll State state, @ForAll long generation, @ForAll long token, @ForAll long at, @ForAll long until, @ForAll @Size(max = 8) int[] xids, @ForAll byte[] value) {
        Entry entry = new Entry(state, generation, token, at, until, xids, state == State.VALUE ? value : new byte[0]);
        assertThat(Entry.parse(entry.bytes())).contains(entry);
        assertThat(entry.bytes()).startsWith(entry.headBytes());
    }

    @Property(tries = 1_000)
    void anyBytesAreAnEntryOrNone(@ForAll byte[] bytes) {
        assertThat(Entry.parse(bytes).map(Entry::xids).orElse(new int[0]).length).isLessThanOrEqualTo(Entry.MOST_XIDS);
    }

    static Stream<byte[]> bad() {
        byte[] good = Entry.value(1, 2, 3, new int[] {4, 5}, new byte[] {6}).bytes();
        return Stream.of(new byte[0], Arrays.copyOf(good, 34), Arrays.copyOf(good, 42), with(good, 0, 2), with(good, 1, 'X'), with(good, 34, 9), with(good, 34, -1), "a value of before".getBytes());
    }

    private static byte[] with(byte[] good, int at, int value) {
        byte[] bad = good.clone();
        bad[at] = (byte) value;
        return bad;
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsCutOffOrOfAnotherKind_isNoEntry(byte[] bytes) {
        assertThat(Entry.parse(bytes)).isEmpty();
    }

    @Test
    void ofTooManyTransactionsTheOldestGoes() {
        int[] all = {};
        for (int i = 1; i <= 10; i++) {
            all = Entry.with(all, i);
        }
        assertThat(all).containsExactly(3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void aHashIsItsFieldsInOrder() {
        byte[] bytes = HashValue.bytes(Map.of("größe", "10 µm"));
        assertThat(HashValue.parse(bytes)).isEqualTo(Map.of("größe", "10 µm"));
        assertThat(Optional.of(HashValue.parse(new byte[0]))).contains(Map.of());
    }
}
