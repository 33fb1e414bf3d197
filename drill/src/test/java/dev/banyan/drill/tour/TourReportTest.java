package dev.banyan.drill.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.drill.tour.TourPlan.Leg;
import dev.banyan.drill.tour.TourStep.Steady;
import dev.banyan.topology.Stage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TourReportTest {
    @Test
    void aTourWithoutFaultPasses_whateverFailedWhileSomethingWasBrokenOrPressed() {
        TourReport report = new TourExample().report();
        assertThat(report.reasons()).isEmpty();
        assertThat(report.exitCode()).isZero();
        assertThat(report.failedPlanned()).isZero();
        assertThat(report.requests()).isEqualTo(100 + 50 + 120 + 1_000 + 80 + 30);
        assertThat(report.visits().get(1).failedOtherwise()).isEqualTo(5);
    }

    @Test
    void aRequestThatFailedInAPlannedMove_aLostWrite_aDrillThatDidNotHold_andAnEarlyEnd_eachFailIt() {
        assertThat(new TourExample().failingInMove(2).report().reasons()).singleElement().asString().startsWith("2 of 50 requests failed in 'grow to 2 separate database'").contains("status_502=2");
        assertThat(new TourExample().losing(1).report().reasons()).singleElement().asString().contains("of 40 acknowledged writes 1 are lost");
        assertThat(new TourExample().drillFailing().report().reasons()).singleElement().asString().startsWith("drill application at stage 2 separate database did not hold: healed within 60 s: never");
        TourReport all = new TourExample().failingInMove(1).losing(1).drillFailing().brokenOff("the tour was interrupted").report();
        assertThat(all.reasons()).hasSize(4).startsWith("the tour was interrupted");
        assertThat(all.exitCode()).isEqualTo(1);
    }

    @Test
    void aStepThatWasNotDoneIsSaidOnce() {
        TourLog log = new TourLog();
        log.begin(new Leg(Stage.values()[0], new Steady(Duration.ofSeconds(1))), 0);
        log.failed("the site is down", 1);
        TourReport good = new TourExample().report();
        TourReport report = new TourReport(good.command(), good.options(), good.machine(), good.began(), log.phases(), List.of(), List.of(), List.of(), good.load(), "the site is down");
        assertThat(report.reasons()).containsExactly("steady load at stage 1 single server was not done: the site is down");
    }

    @Test
    void eachStayAtAStageIsARow_withWhatWasMeasuredInIt() {
        List<Visit> visits = new TourExample().report().visits();
        assertThat(visits).extracting(visit -> visit.stage().number()).containsExactly(1, 2, 1);
        Visit two = visits.get(1);
        assertThat(two.steady().orElseThrow().p99Ms()).isBetween(5.0, 5.1);
        assertThat(two.saturation().orElseThrow().rate()).isEqualTo(500);
        assertThat(two.moveSeconds()).hasValue(2);
        assertThat(two.drills()).hasSize(1);
        assertThat(visits.getFirst().facts().orElseThrow().processes()).isEqualTo(3);
        assertThat(visits.getFirst().moveSeconds()).isEmpty();
    }

    @Test
    void whatIsCutShortIsPlottedWithTheNext_andNothingIsLost() {
        TourLog log = new TourLog();
        log.begin(new Leg(Stage.values()[0], new Steady(Duration.ofSeconds(1))), 0);
        log.heard(TourExample.interval(10, 1, 1_000), 0.1);
        log.heard(TourExample.interval(10, 0, 3_000), 1);
        assertThat(log.samples()).containsExactly(new Sample(1, 20, 1, 1.0, 3.001));
        assertThat(log.done(1).requests()).isEqualTo(20);
        assertThatThrownBy(() -> log.done(2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theTableHasARowForEachStayAndALineForEachDrill() {
        String table = new TourExample().failingInMove(2).report().table();
        assertThat(table.lines().findFirst().orElseThrow()).isEqualTo("tour: DID NOT HOLD in 0:11, 1,380 requests, 2 failed where none may");
        assertThat(table).containsPattern("stage +move +requests +failed +p50 ms +p99 ms +at most /s +processes +memory +drill")
                .containsPattern("2 separate database +2\\.0 s +1,250 +2 +5\\.0 +5\\.0 +500 +– +– +application held, detected 0\\.02 s, healed 3\\.10 s")
                .contains("writes      acknowledged 40, lost 0").contains("comment: POST /api/photos/1/comments status_502 from web-2, after 3.3 ms");
    }

    @Test
    void theJsonSaysItAllUnderASchemaNumber() {
        JsonNode json = new JsonMapper().readTree(new TourExample().report().json());
        assertThat(json.path("schema").asInt()).isEqualTo(1);
        assertThat(json.path("passed").asBoolean()).isTrue();
        assertThat(json.path("failed").asLong()).isZero();
        assertThat(json.path("lost").asLong()).isZero();
        assertThat(json.path("stages").get(1).path("saturation_rps").asDouble()).isEqualTo(500);
        assertThat(json.path("stages").get(1).path("drills").get(0).path("healed_ms").asDouble()).isEqualTo(3_100);
        assertThat(json.path("stages").get(1).path("drills").get(0).path("report").path("hypothesis").asString()).startsWith("no request fails");
        assertThat(json.path("stages").get(0).path("site").path("name").asString()).isEqualTo("as usual");
        assertThat(json.path("phases").valueStream().map(phase -> phase.path("kind").asString())).containsExactly("steady", "grow", "steady", "saturate", "drill", "shrink");
        assertThat(json.path("series").path("at_s").size()).isEqualTo(json.path("series").path("p99_ms").size()).isEqualTo(6);
        assertThat(json.path("machine").path("cores").asInt()).isEqualTo(2);
        assertThat(json.path("decisions").get(0).path("why").asString()).isEqualTo("five in a row");
    }
}
