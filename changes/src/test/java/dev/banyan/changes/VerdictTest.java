package dev.banyan.changes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictTest {
    private static final Verdict.Place HERE = new Verdict.Place("7", 2);

    @ParameterizedTest
    @MethodSource
    void aNewSlotIsNeeded(String why, Optional<Slot> slot, Verdict.Place now, Optional<Verdict.Place> last, Optional<Long> fork) {
        assertThat(Verdict.on("s", slot, now, last, 100, fork)).isInstanceOfSatisfying(Verdict.Renew.class, renew -> assertThat(renew.why()).contains(why));
    }

    static List<Arguments> aNewSlotIsNeeded() {
        Optional<Slot> sound = slot(90);
        Optional<Verdict.Place> none = Optional.empty();
        Optional<Long> noFork = Optional.empty();
        return List.of(
                Arguments.of("first start", Optional.empty(), HERE, none, noFork),
                Arguments.of("slot s is gone", Optional.empty(), HERE, Optional.of(HERE), noFork),
                Arguments.of("wal_status lost", Optional.of(new Slot(true, true, 90, 0, "lost", "", false, 0, 0)), HERE, none, noFork),
                Arguments.of("(rows_removed)", Optional.of(new Slot(true, true, 90, 0, "reserved", "rows_removed", false, 0, 0)), HERE, Optional.of(HERE), noFork),
                Arguments.of("copy from before a promotion", Optional.of(new Slot(true, true, 90, 0, "reserved", "", true, 0, 0)), HERE, none, noFork),
                Arguments.of("another database system (8, was 7)", sound, new Verdict.Place("8", 2), Optional.of(HERE), noFork),
                Arguments.of("does not come from timeline 2", sound, new Verdict.Place("7", 3), Optional.of(HERE), noFork),
                Arguments.of("does not come from timeline 2", sound, new Verdict.Place("7", 1), Optional.of(HERE), noFork),
                Arguments.of("timeline 3 began at 0/63, before 0/64", sound, new Verdict.Place("7", 3), Optional.of(HERE), Optional.of(99L)),
                Arguments.of("stands at 0/65, past 0/64", slot(101), HERE, Optional.of(HERE), noFork));
    }

    @Test
    void readsOnFromWhereAllWasTold() {
        assertThat(Verdict.on("s", slot(90), HERE, Optional.of(HERE), 100, Optional.empty())).isEqualTo(new Verdict.Resume(100));
        assertThat(Verdict.on("s", slot(100), HERE, Optional.of(HERE), 100, Optional.empty())).isEqualTo(new Verdict.Resume(100));
    }

    @Test
    void readsOnFromTheSlotInAnotherLife() {
        assertThat(Verdict.on("s", slot(90), HERE, Optional.empty(), 0, Optional.empty())).isEqualTo(new Verdict.Resume(90));
    }

    @Test
    void readsOnAtAPromotedStandbyThatHasAllThatWasTold() {
        assertThat(Verdict.on("s", slot(90), new Verdict.Place("7", 3), Optional.of(HERE), 100, Optional.of(100L))).isEqualTo(new Verdict.Resume(100));
    }

    @Test
    void leavesAloneWhatIsSomebodyElses() {
        assertThat(Verdict.on("s", Optional.of(new Slot(false, true, 1, 0, "reserved", "", false, 0, 0)), HERE, Optional.empty(), 0, Optional.empty())).hasToString(refusal("is not of the plugin pgoutput"));
        assertThat(Verdict.on("s", Optional.of(new Slot(true, false, 1, 0, "reserved", "", false, 0, 0)), HERE, Optional.empty(), 0, Optional.empty())).hasToString(refusal("belongs to another database"));
        assertThat(Verdict.on("s", Optional.of(new Slot(true, true, 1, 4711, "reserved", "", false, 0, 0)), HERE, Optional.empty(), 0, Optional.empty()))
                .isInstanceOfSatisfying(Verdict.Refuse.class, refused -> assertThat(refused.problem()).contains("read by process 4711"));
    }

    @Test
    void aTimelinesHistoryTellsWhereTheOnesBeforeWereLeft() {
        String history = "1\t0/3000148\tno recovery target specified\n\n2\t1/A0000F8\tno recovery target specified\n# 3\t9/9\n";
        assertThat(TimelineHistory.fork(history, 1)).contains(0x3000148L);
        assertThat(TimelineHistory.fork(history, 2)).contains(0x1_0A00_00F8L);
        assertThat(TimelineHistory.fork(history, 3)).isEmpty();
        assertThat(TimelineHistory.fork("", 1)).isEmpty();
    }

    private static String refusal(String why) {
        return "Refuse[problem=slot s " + why + ": it is somebody else's; drop it with SELECT pg_drop_replication_slot('s') if nobody needs it]";
    }

    private static Optional<Slot> slot(long confirmed) {
        return Optional.of(new Slot(true, true, confirmed, 0, "reserved", "", false, 0, 0));
    }
}
