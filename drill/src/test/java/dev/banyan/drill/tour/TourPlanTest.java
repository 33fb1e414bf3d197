package dev.banyan.drill.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.drill.site.Drill;
import dev.banyan.drill.site.Drills;
import dev.banyan.drill.tour.TourPlan.Leg;
import dev.banyan.drill.tour.TourStep.Break;
import dev.banyan.drill.tour.TourStep.Change;
import dev.banyan.drill.tour.TourStep.Move;
import dev.banyan.drill.tour.TourStep.Saturate;
import dev.banyan.drill.tour.TourStep.Settle;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Stage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

class TourPlanTest {
    private static final Stage FIRST = Stage.values()[0];

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyStageIsGrownTo_pressed_andLeftAgainUntilTheFirst(boolean shortForm) {
        List<Leg> legs = TourPlan.of(TourOptions.of(shortForm), Drills.all()).legs();
        assertThat(moves(legs).filter(Move::up).map(Move::to).distinct()).containsExactly(Stream.of(Stage.values()).skip(1).toArray(Stage[]::new));
        assertThat(legs.stream().filter(leg -> leg.step() instanceof Saturate).map(Leg::stage)).containsExactly(Stage.values());
        assertThat(legs.getLast().stage()).isEqualTo(FIRST);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachMoveBeginsWhereTheOneBeforeItEnded_andIsFollowedByWaitingForWhatItStarted(boolean shortForm) {
        List<Leg> legs = TourPlan.of(TourOptions.of(shortForm), Drills.all()).legs();
        Stage at = FIRST;
        for (int i = 0; i < legs.size(); i++) {
            if (legs.get(i).step() instanceof Move move) {
                assertThat(move.from()).isEqualTo(at);
                assertThat(move.to()).isEqualTo(legs.get(i).stage());
                at = move.to();
            }
            assertThat(legs.get(i).stage()).isEqualTo(at);
            if (legs.get(i).step().move()) {
                assertThat(legs.get(i + 1).step()).isInstanceOf(Settle.class);
            }
        }
    }

    @Test
    void theLongFormMakesEveryDrillAndChangeAtEveryStageThatHasWhatItTakes() {
        List<Leg> legs = TourPlan.of(TourOptions.of(false), Drills.all()).legs();
        for (Stage stage : Stage.values()) {
            assertThat(drills(legs, stage)).containsExactlyElementsOf(Drills.at(stage.number()).stream().map(Drill::name).toList());
            assertThat(changes(legs, stage)).containsExactlyElementsOf(Stream.of(Change.values()).filter(change -> stage.atLeast(change.since())).toList());
        }
    }

    @Test
    void theShortFormMakesEachDrillAndChangeOnce_andThePrimarysAndADeployAgainBehindEverything() {
        List<Leg> legs = TourPlan.of(TourOptions.of(true), Drills.all()).legs();
        Stage last = Stage.values()[Stage.values().length - 1];
        for (Stage stage : Stage.values()) {
            assertThat(drills(legs, stage)).containsExactlyInAnyOrderElementsOf(Drills.all().stream()
                    .filter(drill -> drill.stage() == stage.number() || stage == last && drill.name().equals("primary")).map(Drill::name).toList());
            assertThat(changes(legs, stage)).containsExactlyElementsOf(Stream.of(Change.values()).filter(change -> change.since() == stage || stage == last && change == Change.DEPLOY).toList());
        }
    }

    @Test
    void theShortFormGrowsAgainAfterShrinking_andTakesSeveralStagesInOneMove() {
        List<Move> moves = moves(TourPlan.of(TourOptions.of(true), List.of()).legs()).skip(Stage.values().length - 1).toList();
        assertThat(moves).extracting(Move::up).containsExactly(false, true, false, false);
        assertThat(moves.get(2).from().number() - moves.get(2).to().number()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void itNeverGoesHigherThanAskedFor(Stage to) {
        for (boolean shortForm : new boolean[] {true, false}) {
            List<Leg> legs = TourPlan.of(TourOptions.of(shortForm).upTo(to), Drills.all()).legs();
            assertThat(legs).allMatch(leg -> leg.stage().number() <= to.number()).anyMatch(leg -> leg.stage() == to);
            assertThat(legs.getLast().stage()).isEqualTo(FIRST);
        }
    }

    @Test
    void aRateOutOfBoundsIsRefused() {
        assertThatThrownBy(() -> TourOptions.of(true).at(0.5)).isInstanceOf(BanyanException.class).hasMessageContaining("--rate is 1 to 1000");
        assertThatThrownBy(() -> TourOptions.of(true).at(Double.NaN)).isInstanceOf(BanyanException.class);
        assertThat(TourOptions.of(true).at(50).rate()).isEqualTo(50);
    }

    private static Stream<Move> moves(List<Leg> legs) {
        return legs.stream().map(Leg::step).filter(Move.class::isInstance).map(Move.class::cast);
    }

    private static List<String> drills(List<Leg> legs, Stage stage) {
        return legs.stream().filter(leg -> leg.stage() == stage && leg.step() instanceof Break).map(leg -> ((Break) leg.step()).drill()).toList();
    }

    private static List<Change> changes(List<Leg> legs, Stage stage) {
        return legs.stream().filter(leg -> leg.stage() == stage && leg.step() instanceof Change).map(leg -> (Change) leg.step()).toList();
    }
}
