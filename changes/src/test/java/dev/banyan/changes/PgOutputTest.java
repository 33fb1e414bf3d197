package dev.banyan.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PgOutputTest {
    private static final byte[] TABLE = LogBytes.relation(7, "public", "t", "*id", "name", "big");

    private final PgOutput output = new PgOutput();

    @BeforeEach
    void describe() {
        output.read(TABLE, 0);
    }

    @Test
    void aTransactionBeginsWithWhatItIs_andEndsWithItsPosition() {
        Instant at = Instant.parse("2026-05-04T03:02:01.123456Z");
        assertThat(output.read(LogBytes.begin(0x1_0000_0010L, at, 0xffff_fff0L), 0)).isEqualTo(new PgOutput.Message.Begin(new Commit(0xffff_fff0L, 0x1_0000_0010L, at)));
        assertThat(output.read(LogBytes.end(0x1_0000_0010L, 0x1_0000_0040L), 0)).isEqualTo(new PgOutput.Message.End(0x1_0000_0040L));
    }

    @Test
    void aNewRowHasTextsNullsAndNothingOfWhatDidNotChange() {
        Change.Inserted inserted = (Change.Inserted) change(new LogBytes('I').four(7).tuple('N', "1", null, "?").bytes());
        assertThat(inserted.table()).isEqualTo("public.t");
        assertThat(inserted.row()).isEqualTo(Map.of("id", Optional.of("1"), "name", Optional.empty())).hasSize(2).hasToString("{id=Optional[1], name=Optional.empty}");
        assertThat(inserted.row().containsKey("big")).isFalse();
        assertThat(inserted.row().get("other")).isNull();
        var entries = inserted.row().entrySet().iterator();
        entries.next();
        entries.next();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(entries::next);
    }

    @Test
    void ofAnOldRowOnlyTheIdentityIsKnown() {
        Change.Updated updated = (Change.Updated) change(new LogBytes('U').four(7).tuple('K', "1", null, null).tuple('N', "2", "b", "?").bytes());
        assertThat(updated.old()).isEqualTo(Map.of("id", Optional.of("1")));
        assertThat(updated.row()).isEqualTo(Map.of("id", Optional.of("2"), "name", Optional.of("b")));
        Change.Deleted deleted = (Change.Deleted) change(new LogBytes('D').four(7).tuple('K', "2", null, null).bytes());
        assertThat(deleted.old()).isEqualTo(Map.of("id", Optional.of("2")));
    }

    @Test
    void anUpdateMayTellNothingOfTheOldRow() {
        assertThat(change(new LogBytes('U').four(7).tuple('N', "2", "b", "c").bytes()))
                .isEqualTo(new Change.Updated("public.t", Map.of(), Map.of("id", Optional.of("2"), "name", Optional.of("b"), "big", Optional.of("c"))));
    }

    @Test
    void aWholeOldRowFillsInWhatDidNotChange() {
        output.read(LogBytes.relation(7, "public", "t", "*id", "*name", "*big"), 0);
        Change.Updated updated = (Change.Updated) change(new LogBytes('U').four(7).tuple('O', "1", null, "large").tuple('N', "1", "b", "?").bytes());
        assertThat(updated.old()).isEqualTo(Map.of("id", Optional.of("1"), "name", Optional.empty(), "big", Optional.of("large")));
        assertThat(updated.row().get("big")).contains("large");
    }

    @Test
    void aTableOfTheCatalogueHasItsSchemaLeftOutInTheLog() {
        output.read(LogBytes.relation(9, "", "pg_x", "*a"), 0);
        assertThat(change(new LogBytes('D').four(9).tuple('K', "1").bytes()).table()).isEqualTo("pg_catalog.pg_x");
    }

    @Test
    void whatIsNoChangeIsReadAndLeftAside() {
        List<byte[]> asides = List.of(
                new LogBytes('Y').four(1).name("public").name("mood").bytes(),
                new LogBytes('O').eight(5).name("origin").bytes(),
                new LogBytes('M').one(1).eight(5).name("prefix").four(3).raw(new byte[3]).bytes());
        assertThat(asides).allSatisfy(bytes -> assertThat(output.read(bytes, 0)).isEqualTo(new PgOutput.Message.Aside()));
    }

    @Test
    void aMessageMayLieBehindAHead() {
        byte[] insert = new LogBytes('I').four(7).tuple('N', "1", "x", "y").bytes();
        byte[] behind = new byte[25 + insert.length];
        System.arraycopy(insert, 0, behind, 25, insert.length);
        var changed = (PgOutput.Message.Changed) output.read(behind, 25);
        assertThat(((Change.Inserted) changed.changes().getFirst()).row().get("big")).contains("y");
    }

    @ParameterizedTest
    @MethodSource
    void isRefused(String why, byte[] bytes) {
        assertThatExceptionOfType(BadMessage.class).isThrownBy(() -> output.read(bytes, 0)).withMessageContaining(why);
    }

    static List<Arguments> isRefused() {
        return List.of(
                Arguments.of("a byte needs 1", new byte[0]),
                Arguments.of("begins with 'X'", new LogBytes('X').bytes()),
                Arguments.of("begins with 0x0", new byte[1]),
                Arguments.of("begins with 'S'", new LogBytes('S').four(1).one(1).bytes()),
                Arguments.of("bytes are left over", new LogBytes('C').one(0).eight(1).eight(2).eight(3).one(0).bytes()),
                Arguments.of("64-bit number needs 8 bytes, 3 are left", new LogBytes('B').raw(new byte[3]).bytes()),
                Arguments.of("table 8 was not described", new LogBytes('I').four(8).tuple('N', "1").bytes()),
                Arguments.of("table 4294967295 was not", new LogBytes('D').four(-1).tuple('K', "1").bytes()),
                Arguments.of("has 2 columns, the table 3", new LogBytes('I').four(7).tuple('N', "1", "2").bytes()),
                Arguments.of("has 65535 columns, the table 3", new LogBytes('I').four(7).one('N').two(65_535).bytes()),
                Arguments.of("new row begins with N, not 'K'", new LogBytes('I').four(7).tuple('K', "1", "2", "3").bytes()),
                Arguments.of("new row begins with N, not 'O'", new LogBytes('U').four(7).tuple('K', "1", "2", "3").tuple('O', "1", "2", "3").bytes()),
                Arguments.of("old row begins with K or O, not 'N'", new LogBytes('D').four(7).tuple('N', "1", "2", "3").bytes()),
                Arguments.of("column 1 is 'b'", new LogBytes('I').four(7).one('N').two(3).one('b').four(1).one(1).bytes()),
                Arguments.of("column 1 has the length -1", new LogBytes('I').four(7).one('N').two(3).one('t').four(-1).bytes()),
                Arguments.of("column 1 needs 2147483647 bytes, 0 are left", new LogBytes('I').four(7).one('N').two(3).one('t').four(Integer.MAX_VALUE).bytes()),
                Arguments.of("1601 columns, more than 1600", new LogBytes('R').four(1).name("s").name("t").one('d').two(1_601).bytes()),
                Arguments.of("a name has no end", new LogBytes('R').four(1).raw("public".getBytes(StandardCharsets.US_ASCII)).bytes()),
                Arguments.of("a name has 2000 bytes", new LogBytes('O').eight(1).name("x".repeat(2_000)).bytes()),
                Arguments.of("truncation of 2147483647 tables has room for 1", new LogBytes('T').four(Integer.MAX_VALUE).one(0).four(7).bytes()),
                Arguments.of("truncation of -1 tables", new LogBytes('T').four(-1).one(0).bytes()),
                Arguments.of("application's message has the length -5", new LogBytes('M').one(0).eight(0).name("p").four(-5).bytes()));
    }

    @Test
    void whatIsCutShortAnywhereIsRefused() {
        List<byte[]> whole = List.of(
                TABLE, LogBytes.begin(1, Instant.EPOCH, 1), LogBytes.end(1, 2), new LogBytes('I').four(7).tuple('N', "1", null, "abc").bytes(),
                new LogBytes('U').four(7).tuple('K', "1", null, null).tuple('N', "2", "b", "?").bytes(), new LogBytes('D').four(7).tuple('O', "1", null, "x").bytes(),
                new LogBytes('T').four(1).one(0).four(7).bytes(), new LogBytes('Y').four(1).name("public").name("mood").bytes(), new LogBytes('O').eight(5).name("origin").bytes(),
                new LogBytes('M').one(1).eight(5).name("prefix").four(3).raw(new byte[3]).bytes());
        for (byte[] message : whole) {
            for (int length = 0; length < message.length; length++) {
                byte[] cut = Arrays.copyOf(message, length);
                assertThat(catchThrowable(() -> output.read(cut, 0))).as((char) message[0] + " of " + length + " bytes").isInstanceOf(BadMessage.class);
            }
        }
    }

    @Test
    void moreTablesThanTheCapAreRefused() {
        for (int id = 100; id < 100 + PgOutput.MOST_RELATIONS - 1; id++) {
            output.read(LogBytes.relation(id, "s", "t"), 0);
        }
        output.read(LogBytes.relation(100, "s", "again"), 0);
        assertThatExceptionOfType(BadMessage.class).isThrownBy(() -> output.read(LogBytes.relation(1, "s", "t"), 0)).withMessageContaining("100000 tables");
    }

    private Change change(byte[] bytes) {
        return ((PgOutput.Message.Changed) output.read(bytes, 0)).changes().getFirst();
    }
}
