package dev.banyan.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssemblerTest {
    private static final byte[] BEGIN = LogBytes.begin(100, Instant.EPOCH, 5);
    private static final byte[] END = LogBytes.end(100, 120);

    private final Assembler assembler = new Assembler();
    private final List<Told.Part> parts = new ArrayList<>();

    AssemblerTest() {
        add(LogBytes.relation(7, "public", "t", "*id"));
    }

    @Test
    void aTransactionIsOnePart() {
        add(BEGIN);
        add(insert("1"));
        assertThat(assembler.within()).isTrue();
        add(insert("2"));
        add(END);
        assertThat(assembler.within()).isFalse();
        assertThat(assembler.end()).isEqualTo(120);
        assertThat(parts).hasSize(1);
        assertThat(parts.getFirst().changes()).hasSize(2);
        assertThat(parts.getFirst().end()).isEqualTo(120);
        assertThat(parts.getFirst().commit()).isEqualTo(new Commit(5, 100, Instant.EPOCH));
    }

    @Test
    void aTransactionThatChangedNothingWantedIsNoPart() {
        add(BEGIN);
        add(END);
        assertThat(parts).isEmpty();
        assertThat(assembler.end()).isEqualTo(120);
    }

    @Test
    void aLargeTransactionComesInPartsOfBoundedSize() {
        add(BEGIN);
        for (int i = 0; i < 25_000; i++) {
            add(insert("" + i));
        }
        add(END);
        assertThat(parts).extracting(part -> part.changes().size()).containsExactly(10_000, 10_000, 5_000);
        assertThat(parts).extracting(Told.Part::end).containsExactly(0L, 0L, 120L);
        parts.clear();
        add(BEGIN);
        for (int i = 0; i < 25; i++) {
            add(insert("x".repeat(100_000)));
        }
        add(END);
        assertThat(parts).hasSize(3).allMatch(part -> part.bytes() < Assembler.PART_BYTES + 200_000);
    }

    @Test
    void aTransactionWhosePartsAreAllToldEndsWithAnEmptyOne() {
        add(BEGIN);
        for (int i = 0; i < Assembler.PART_CHANGES; i++) {
            add(insert("" + i));
        }
        add(END);
        assertThat(parts).extracting(part -> part.changes().size()).containsExactly(Assembler.PART_CHANGES, 0);
        assertThat(parts.getLast().end()).isEqualTo(120);
    }

    @Test
    void whatIsOutOfTurnIsRefused() {
        assertThatExceptionOfType(BadMessage.class).isThrownBy(() -> add(insert("1"))).withMessageContaining("no transaction");
        assertThatExceptionOfType(BadMessage.class).isThrownBy(() -> add(END)).withMessageContaining("has not begun");
        add(BEGIN);
        assertThatExceptionOfType(BadMessage.class).isThrownBy(() -> add(BEGIN)).withMessageContaining("within transaction 5");
    }

    private void add(byte[] message) {
        assembler.add(message, 0).ifPresent(parts::add);
    }

    private static byte[] insert(String id) {
        return new LogBytes('I').four(7).tuple('N', id).bytes();
    }
}
