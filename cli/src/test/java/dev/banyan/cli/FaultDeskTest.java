package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.console.Fault;
import dev.banyan.console.FaultKind;
import dev.banyan.console.FaultOrder;
import dev.banyan.engines.StateFolder;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The book of faults in made-up time, over places that only note what is done to them. */
class FaultDeskTest {
    @TempDir
    private Path temp;

    private final MadeUpTime time = new MadeUpTime();
    private final List<String> decisions = new ArrayList<>();
    private final List<NotingPlace> places = new ArrayList<>(List.of(new NotingPlace("web-1"), new NotingPlace("web-2")));
    private StateFolder folder;
    private FaultDesk desk;

    @BeforeEach
    void open() {
        folder = StateFolder.at(temp.resolve(".banyan"));
        desk = new FaultDesk(() -> List.copyOf(places), new FaultNotes(folder), time::after, (what, why, _) -> decisions.add(what + ": " + why), time);
    }

    @Test
    void aFaultUndoesItselfWhenItsTimeIsOver_andBothEndsAreDecisions() {
        Fault begun = inject("web-1", Duration.ofSeconds(30));
        assertThat(begun.until()).isEqualTo(begun.since().plusSeconds(30));
        time.pass(Duration.ofMillis(29_999));
        assertThat(desk.active()).containsExactly(begun);
        time.pass(Duration.ofMillis(1));
        assertThat(desk.active()).isEmpty();
        Fault over = desk.past().getFirst();
        assertThat(over.state()).isEqualTo(Fault.State.EXPIRED);
        assertThat(over.ended()).contains(begun.until());
        assertThat(over.sentence()).isEqualTo("web-1 is broken; its 30s were over");
        assertThat(places.getFirst().undone).isEqualTo(1);
        assertThat(decisions).containsExactly("inject fault 1: stop web-1: asked for by page, for 30s", "end fault 1: stop web-1: its 30s were over");
    }

    @Test
    void aLiftedFaultIsUndoneOnce_andItsTimeLimitDoesNothingMore() {
        inject("web-1", Duration.ofSeconds(30));
        assertThat(desk.lift(1, "token").state()).isEqualTo(Fault.State.LIFTED);
        assertThat(desk.lift(1, "token").sentence()).as("again").endsWith("lifted by token");
        time.pass(Duration.ofMinutes(1));
        assertThat(places.getFirst().undone).isEqualTo(1);
        assertThat(desk.past()).hasSize(1);
    }

    @Test
    void whatIsWholeAgainByItselfIsDone() {
        inject("web-1", Duration.ofMinutes(10));
        places.getFirst().over = "it runs again";
        time.pass(Duration.ofMillis(300));
        assertThat(desk.past().getFirst().state()).isEqualTo(Fault.State.DONE);
        assertThat(desk.past().getFirst().sentence()).endsWith("it runs again");
    }

    @Test
    void whatCannotBeUndoneIsFailed_saysWhy_andIsLeftForTheNextStart() {
        inject("web-1", Duration.ofSeconds(1));
        places.getFirst().refuses = true;
        time.pass(Duration.ofSeconds(1));
        assertThat(desk.past().getFirst().state()).isEqualTo(Fault.State.FAILED);
        assertThat(desk.past().getFirst().sentence()).contains("could not be undone: it does not let go");
        assertThat(new FaultNotes(folder).takeLeft()).containsExactly(new FaultNotes.Note("stop", "web-1"));
    }

    @Test
    void whatIsBrokenIsOnDiskUntilItIsUndone() {
        inject("web-1", Duration.ofSeconds(30));
        inject("web-2", Duration.ofSeconds(30));
        desk.lift(2, "page");
        assertThat(new FaultNotes(folder).takeLeft()).containsExactly(new FaultNotes.Note("stop", "web-1"));
        assertThat(new FaultNotes(folder).takeLeft()).isEmpty();
    }

    @Test
    void unknownTargets_otherKinds_thoseThatDoNotRun_andTheSameTwice_areRefusedWithWords() {
        refused("web-9", FaultKind.STOP, ErrorCode.NO_SUCH_THING, "nothing of the site that can be broken is called 'web-9'; there is web-1, web-2");
        refused("web-1", FaultKind.LATENCY, ErrorCode.USAGE, "latency is not possible at web-1; possible there: kill, stop");
        places.getFirst().runs = false;
        refused("web-1", FaultKind.STOP, ErrorCode.ENGINE_FAILED, "web-1 does not run now: there is nothing to break");
        inject("web-2", Duration.ofSeconds(30));
        refused("web-2", FaultKind.STOP, ErrorCode.BUSY, "a stop of web-2 is active already: number 1; lift it, or wait until 2026-01-01T00:00:30Z");
        assertThat(desk.active()).hasSize(1);
        assertThat(desk.possible()).extracting(possible -> possible.target()).containsExactly("web-2");
    }

    @Test
    void aBreakingThatFailsLeavesNothing() {
        places.getFirst().refuses = true;
        refused("web-1", FaultKind.STOP, ErrorCode.ENGINE_FAILED, "it does not let go");
        assertThat(desk.active()).isEmpty();
        assertThat(new FaultNotes(folder).takeLeft()).isEmpty();
    }

    @Test
    void atMostEightAreActiveAtOnce_andTwentyAreRemembered() {
        for (int i = 3; i <= 40; i++) {
            places.add(new NotingPlace("web-" + i));
        }
        for (int i = 1; i <= 8; i++) {
            inject("web-" + i, Duration.ofSeconds(30));
        }
        refused("web-9", FaultKind.STOP, ErrorCode.BUSY, "8 faults are active, the most there may be; lift one, as: banyan fault lift 1");
        for (int i = 9; i <= 40; i++) {
            desk.lift(i - 8, "page");
            inject("web-" + i, Duration.ofSeconds(30));
        }
        assertThat(desk.past()).hasSize(20).last().extracting(Fault::number).isEqualTo(32L);
    }

    @Test
    void aStoppingSiteEndsAll_andBeginsNoMore() {
        inject("web-1", Duration.ofSeconds(30));
        desk.close();
        assertThat(places.getFirst().undone).isEqualTo(1);
        refused("web-1", FaultKind.STOP, ErrorCode.SITE_IS_DOWN, "the site is stopping");
    }

    @Test
    void whatFailsAtItsEndByABugKeepsNoOtherFromEnding() {
        inject("web-1", Duration.ofSeconds(30));
        inject("web-2", Duration.ofSeconds(30));
        places.getFirst().bug = true;
        desk.close();
        assertThat(places.get(1).undone).isEqualTo(1);
        assertThat(desk.past()).extracting(Fault::state).containsExactly(Fault.State.FAILED, Fault.State.LIFTED);
    }

    @Test
    void aFaultThatCouldNotBeToldOfEndsInTimeAllTheSame() {
        FaultDesk mute = new FaultDesk(() -> List.copyOf(places), new FaultNotes(folder), time::after, (_, _, _) -> {
            throw new IllegalStateException("nobody can be told");
        }, time);
        assertThatThrownBy(() -> mute.inject(order("web-1", FaultKind.STOP, Duration.ofSeconds(1)), "page")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> time.pass(Duration.ofSeconds(1))).isInstanceOf(IllegalStateException.class);
        assertThat(places.getFirst().undone).isEqualTo(1);
    }

    @Test
    void whoListensHearsOfEachBeginningAndEnd() {
        List<Integer> heard = new ArrayList<>();
        Runnable ending = desk.listen(() -> heard.add(desk.active().size()));
        inject("web-1", Duration.ofSeconds(1));
        time.pass(Duration.ofSeconds(1));
        ending.run();
        inject("web-1", Duration.ofSeconds(1));
        assertThat(heard).containsExactly(1, 0);
    }

    private Fault inject(String target, Duration lasts) {
        return desk.inject(order(target, FaultKind.STOP, lasts), "page");
    }

    private static FaultOrder order(String target, FaultKind kind, Duration lasts) {
        return FaultOrder.of(kind, target, Optional.of(lasts), Optional.empty(), Optional.empty());
    }

    private void refused(String target, FaultKind kind, ErrorCode code, String words) {
        assertThatThrownBy(() -> desk.inject(order(target, kind, Duration.ofSeconds(30)), "page")).isInstanceOf(BanyanException.class).hasMessage(words)
                .extracting(e -> ((BanyanException) e).code()).isEqualTo(code);
    }

    private static final class NotingPlace implements FaultPlace {
        private final String target;
        private boolean runs = true;
        private boolean refuses;
        private boolean bug;
        private String over = "";
        private int undone;

        NotingPlace(String target) {
            this.target = target;
        }

        @Override
        public String target() {
            return target;
        }

        @Override
        public List<FaultKind> kinds() {
            return List.of(FaultKind.KILL, FaultKind.STOP);
        }

        @Override
        public boolean runs() {
            return runs;
        }

        @Override
        public Broken breaking(FaultOrder order) {
            refuse();
            return new Broken() {
                @Override
                public String sentence() {
                    return target + " is broken";
                }

                @Override
                public Optional<String> over() {
                    return Optional.of(over).filter(why -> !why.isEmpty());
                }

                @Override
                public void undo() {
                    undone++;
                    refuse();
                }
            };
        }

        private void refuse() {
            if (bug) {
                throw new IllegalStateException("a bug");
            }
            if (refuses) {
                throw new BanyanException(ErrorCode.ENGINE_FAILED, "it does not let go");
            }
        }
    }

    /** Time that passes when it is told to, with what is to be done then. */
    private static final class MadeUpTime implements Clock {
        private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::at));
        private long nanos;

        private record Task(long at, Runnable what) {}

        void after(Duration wait, Runnable task) {
            tasks.add(new Task(nanos + wait.toNanos(), task));
        }

        void pass(Duration time) {
            long until = nanos + time.toNanos();
            while (!tasks.isEmpty() && tasks.peek().at <= until) {
                Task next = tasks.poll();
                nanos = next.at;
                next.what.run();
            }
            nanos = until;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Instant now() {
            return Instant.parse("2026-01-01T00:00:00Z").plusNanos(nanos);
        }

        @Override
        public void sleep(Duration time) {
            pass(time);
        }
    }
}
