package dev.banyan.drill.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.drill.AuditReport;
import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.site.DrillReport.Check;
import dev.banyan.drill.site.DrillReport.Verdict;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a drill makes of a site whose every answer, Decision and process is planned, by a clock that only the test moves. */
class SiteDrillTest {
    private static final Drill APPLICATION = Drills.named("application").orElseThrow();
    private static final Drill REPLICA = Drills.named("replica").orElseThrow();

    private static HandMadeSite killed() {
        return new HandMadeSite(APPLICATION, FaultKind.KILL);
    }

    private static List<String> broken(DrillReport report) {
        return report.checks().stream().filter(check -> !check.held()).map(Check::what).toList();
    }

    @Test
    void aSiteThatHealsHolds_andItsTimesAreTakenFromItsDecisions() {
        DrillReport report = killed().healing().drill();
        assertThat(report.verdict()).as(report.table()).isEqualTo(Verdict.HELD);
        assertThat(report.exitCode()).isZero();
        assertThat(report.times().detected()).hasValue(200);
        assertThat(report.times().decided()).hasValue(200);
        assertThat(report.times().detectedBy()).contains("eject application-1 for 10 s");
        assertThat(report.times().served()).as("nobody noticed").hasValue(0);
        assertThat(report.times().healed()).hasValue(1_500);
        assertThat(report.before().requests()).isEqualTo(500);
    }

    @Test
    void theFirstDecisionDetects_andTheOneThatMendsDecides_butNeitherTheFaultsOwnNorOneOfAnotherServer() {
        HandMadeSite site = killed();
        site.after(50, () -> site.decide("eject application-12 for 10 s", "5 requests failed in a row"))
                .after(100, () -> site.decide("warn of the load", "application-1 is slow"))
                .after(300, () -> site.decide("restart application-1 in 0 ms", "its process ended"))
                .after(300, () -> site.victim("up", 101));
        DrillReport later = site.drill();
        assertThat(later.times().detected()).hasValue(100);
        assertThat(later.times().decided()).hasValue(300);
        assertThat(later.times().decidedBy()).contains("restart application-1 in 0 ms");
    }

    @Test
    void aFailedRequestBreaksThePromise() {
        HandMadeSite site = killed().healing();
        DrillReport report = site.after(300, () -> site.request("GET", Optional.of("status_502"), 1)).drill();
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.exitCode()).isOne();
        assertThat(broken(report)).singleElement().asString().startsWith("no request fails");
        assertThat(report.during().failedByKind()).containsEntry("status_502", 1L);
        assertThat(report.examples()).singleElement().asString().contains("comment (GET) failed with status_502");
    }

    @Test
    void aPostThatTheKilledOneHadInHandIsPardoned_butNoneThatWasSentLaterAndNoOtherFailure() {
        HandMadeSite site = killed().healing();
        DrillReport report = site.after(20, () -> site.request("POST", Optional.of("status_502"), 100)).drill();
        assertThat(report.verdict()).as(report.table()).isEqualTo(Verdict.HELD);
        assertThat(report.during().pardoned()).isOne();

        HandMadeSite late = killed().healing();
        assertThat(broken(late.after(500, () -> late.request("POST", Optional.of("status_502"), 100)).drill())).hasSize(1);
        HandMadeSite other = killed().healing();
        assertThat(broken(other.after(20, () -> other.request("POST", Optional.of("wrong_body"), 100)).drill())).hasSize(1);
        HandMadeSite repeatable = killed().healing();
        assertThat(broken(repeatable.after(20, () -> repeatable.request("PUT", Optional.of("status_502"), 100)).drill())).hasSize(1);
    }

    @Test
    void connectionsOfAnEdgeMayBeCutUntilItIsPassedBy_withoutUsingUpTheErrorBudget_andNotLater() {
        HandMadeSite site = new HandMadeSite(Drills.named("edge").orElseThrow(), FaultKind.PARTITION);
        DrillReport report = site.after(0, () -> site.fails("reset")).after(4_000, site::served).drill();
        assertThat(report.verdict()).as(report.table()).isEqualTo(Verdict.HELD);
        assertThat(report.during().pardoned()).isEqualTo(report.during().failed()).isGreaterThan(300);
        HandMadeSite late = new HandMadeSite(Drills.named("edge").orElseThrow(), FaultKind.PARTITION);
        assertThat(late.after(0, () -> late.fails("reset")).after(8_000, late::served).drill().verdict()).isEqualTo(Verdict.ABORTED);
    }

    @Test
    void aRequestThatTakesTooLongBreaksThePromise() {
        HandMadeSite site = killed().healing();
        DrillReport report = site.after(1_000, () -> site.request("GET", Optional.empty(), 5_001)).drill();
        assertThat(broken(report)).containsExactly("none takes longer than 5s");
        assertThat(report.during().slowestMs()).isEqualTo(5_001);
    }

    @Test
    void aLostWriteBreaksThePromise_andSoDoWritesThatNobodyMade() {
        DrillReport report = killed().healing().audit(new AuditReport(12, 1, 0, 0, 0, 0, List.of("comment 7 is not there"))).drill();
        assertThat(broken(report)).containsExactly("every acknowledged write is there, once");
        assertThat(report.examples()).contains("comment 7 is not there");
        assertThat(broken(killed().healing().audit(new AuditReport(12, 0, 1, 0, 0, 0, List.of())).drill())).hasSize(1);
        assertThat(broken(killed().healing().audit(new AuditReport(12, 0, 0, 1, 0, 0, List.of())).drill())).hasSize(1);
        assertThat(broken(killed().healing().audit(AuditReport.NONE).drill())).hasSize(1);
    }

    @Test
    void twoPrimariesBreakThePromise_andSoDoServersThatNobodyCouldAsk() {
        DrillReport report = killed().healing().primaries(1_000, "db-1 and db-2 both took writes for 90 ms").drill();
        assertThat(broken(report)).containsExactly("there are never two primaries");
        assertThat(report.doublePrimaries()).isOne();
        assertThat(report.examples()).contains("db-1 and db-2 both took writes for 90 ms");
        assertThat(broken(killed().healing().primaries(0).drill())).hasSize(1);
    }

    @Test
    void aStaleReadBreaksThePromise() {
        DrillReport report = killed().healing().ownReads(1_000, "session 3 does not see its own write").drill();
        assertThat(broken(report)).containsExactly("no session's read misses its own write");
        assertThat(report.staleReads()).isOne();
    }

    @Test
    void aServerThatNeverComesBackBreaksThePromise() {
        HandMadeSite site = killed();
        DrillReport report = site.after(200, () -> site.decide("eject application-1 for 10 s", "5 requests failed")).after(200, () -> site.victim("down", 0)).drill();
        assertThat(broken(report)).containsExactly("all is as before within 1m");
        assertThat(report.times().healed()).isEmpty();
        assertThat(report.times().whole()).isEmpty();
        assertThat(report.table()).contains("healed      never");
    }

    @Test
    void aKilledServerThatLooksWellIsNotWhole_asLongAsNobodyHasMissedIt() {
        DrillReport report = killed().drill();
        assertThat(broken(report)).containsExactly("all is as before within 1m");
    }

    @Test
    void usersWhoAreSlowerForEverBreakThePromise_andSoDoThoseWhoGetNoAnswer() {
        HandMadeSite slow = killed().healing();
        assertThat(broken(slow.after(0, () -> slow.slow(500)).drill())).containsExactly("all is as before within 1m");
        HandMadeSite hung = killed().healing();
        assertThat(broken(hung.after(0, hung::hangs).drill())).containsExactly("no request fails but POSTs that it had in hand, with 502 to 504", "all is as before within 1m");
    }

    @Test
    void usersAreServedAgainAfterTheLastSecondThatWasNotAsBefore() {
        HandMadeSite site = killed().healing();
        DrillReport report = site.after(0, () -> site.slow(500)).after(3_200, site::served).drill();
        assertThat(report.verdict()).as(report.table()).isEqualTo(Verdict.HELD);
        assertThat(report.times().served()).hasValue(4_000);
        assertThat(report.times().healed()).hasValue(4_000);
    }

    @Test
    void tooManyFailuresAbort_theFaultIsLiftedAtOnceAndTheReportSaysSo() {
        HandMadeSite site = new HandMadeSite(APPLICATION, FaultKind.STOP);
        DrillReport report = site.after(1_000, () -> site.fails("status_503")).drill();
        assertThat(report.verdict()).isEqualTo(Verdict.ABORTED);
        assertThat(report.exitCode()).isOne();
        assertThat(report.reason()).contains("requests of the last 2 s failed").contains("5.0 % are allowed");
        assertThat(site.lifted()).containsExactly("stop application-1");
        assertThat(report.times().ended().orElseThrow()).as("within 200 ms of the first failures").isBetween(1_000.0, 1_200.0);
        assertThat(report.table()).startsWith("application: ABORTED: ");
    }

    @Test
    void aFaultThatLastsIsLiftedAtItsEnd_andHealingCountsFromThere() {
        HandMadeSite site = new HandMadeSite(REPLICA, FaultKind.STOP);
        DrillReport report = site.after(100, () -> site.decide("send no reads to replica-1", "it has not answered for 100 ms")).after(100, () -> site.victim("down", 100)).after(11_000, () -> site.victim("up", 100)).drill();
        assertThat(report.verdict()).as(report.table()).isEqualTo(Verdict.HELD);
        assertThat(report.times().ended()).hasValue(10_000);
        assertThat(report.times().healed()).hasValue(11_000);
        HandMadeSite never = new HandMadeSite(REPLICA, FaultKind.STOP);
        assertThat(broken(never.after(100, () -> never.victim("down", 100)).drill())).containsExactly("all is as before within 1m of its end");
    }

    @Test
    void aStoppedServerThatGoesOnIsWholeAgain() {
        HandMadeSite site = new HandMadeSite(REPLICA, FaultKind.LATENCY);
        DrillReport report = site.drill();
        assertThat(report.verdict()).as(report.table()).isEqualTo(Verdict.HELD);
        assertThat(report.times().ended()).hasValue(10_000);
        assertThat(report.times().detected()).as("nothing had to be decided").isEmpty();
        assertThat(site.lifted()).containsExactly("latency replica-1");
    }

    @Test
    void aPageThatMissesWhatItsUserChangedIsToldOf_andBreaksNoPromise() {
        DrillReport report = killed().healing().ownPages(100, "GET /photos/7 answered 200 without a comment that its user had made").drill();
        assertThat(report.verdict()).isEqualTo(Verdict.HELD);
        assertThat(report.stalePages()).isOne();
        assertThat(report.ownPages()).isEqualTo(100);
        assertThat(report.examples()).contains("GET /photos/7 answered 200 without a comment that its user had made");
        assertThat(report.table()).contains("own pages   100, of which 1 did not show what their user had just changed");
        assertThat(killed().healing().ownPages(0).drill().table()).doesNotContain("own pages");
    }

    @Test
    void whoHangsOnTheConnectionsOfAFrozenEdgeIsPardoned_whenTheirPatienceIsOver_butNotWhoCameLater() {
        HandMadeSite site = new HandMadeSite(Drills.named("edge").orElseThrow(), FaultKind.STOP);
        DrillReport report = site.after(9_990, () -> site.request("GET", Optional.of("timeout"), 9_980)).drill();
        assertThat(report.verdict()).as(report.table()).isEqualTo(Verdict.HELD);
        assertThat(report.during().pardoned()).isOne();
        HandMadeSite full = new HandMadeSite(Drills.named("edge").orElseThrow(), FaultKind.STOP);
        assertThat(full.after(10_010, () -> full.dropped(10_000)).drill().during().pardoned()).as("all users wait for the edge, so nobody asked").isOne();
        HandMadeSite late = new HandMadeSite(Drills.named("edge").orElseThrow(), FaultKind.STOP);
        assertThat(broken(late.after(9_990, () -> late.request("GET", Optional.of("timeout"), 1_000)).drill())).singleElement().asString().startsWith("no request fails");
    }

    @Test
    void aWriteThatAFrozenServerKeepsIsPardoned_whenItsUsersPatienceIsOver_butNothingThatCouldBeAskedAgain() {
        HandMadeSite site = new HandMadeSite(APPLICATION, FaultKind.STOP);
        DrillReport report = site.after(9_990, () -> site.request("PUT", Optional.of("timeout"), 9_980)).drill();
        assertThat(report.verdict()).as(report.table()).isEqualTo(Verdict.HELD);
        assertThat(report.during().pardoned()).isOne();
        HandMadeSite get = new HandMadeSite(APPLICATION, FaultKind.STOP);
        assertThat(broken(get.after(9_990, () -> get.request("GET", Optional.of("timeout"), 9_985)).drill())).singleElement().asString().startsWith("no request fails");
    }

    @Test
    void whatTheSiteEndedItselfIsNotSaidToBeLifted() {
        HandMadeSite site = new HandMadeSite(REPLICA, FaultKind.STOP);
        site.after(2_000, site::mended).drill();
        assertThat(site.progress()).anyMatch(line -> line.endsWith("stop replica-1 is over, for the site has ended what was broken")).noneMatch(line -> line.contains("lifted"));
    }

    @Test
    void anInterruptBeforeItBeginsSaysThatNothingWasBroken() {
        HandMadeSite site = new HandMadeSite(APPLICATION, FaultKind.STOP).awayWhenInterrupted();
        DrillOptions options = DrillOptions.at(LoadOptions.at(URI.create("http://127.0.0.1:1/"), LoadOptions.Script.URL));
        Thread.currentThread().interrupt();
        try (Loops loops = Loops.open()) {
            assertThatThrownBy(() -> SiteDrill.run(APPLICATION, options, site, loops, site, Loops.random(1), _ -> {})).hasMessage("the drill application was interrupted before anything was broken");
        }
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anInterruptLiftsTheFaultAndEndsTheDrill() {
        HandMadeSite site = new HandMadeSite(APPLICATION, FaultKind.STOP);
        DrillReport report = site.after(1_000, () -> Thread.currentThread().interrupt()).drill();
        assertThat(report.verdict()).isEqualTo(Verdict.ABORTED);
        assertThat(report.reason()).isEqualTo("it was interrupted; the fault is lifted");
        assertThat(report.table()).contains("not shown   all is as before").doesNotContain("NOT HELD");
        assertThat(site.lifted()).containsExactly("stop application-1");
        assertThat(site.usersWentHome()).isTrue();
    }

    @Test
    void aBugInTheSiteLiftsTheFaultToo_andSendsTheUsersHome() {
        HandMadeSite site = new HandMadeSite(APPLICATION, FaultKind.STOP);
        site.after(1_000, () -> {
            throw new BanyanException(ErrorCode.SITE_IS_DOWN, "the console does not answer any more");
        });
        assertThatThrownBy(site::drill).isInstanceOf(BanyanException.class).hasMessageContaining("does not answer");
        assertThat(site.lifted()).containsExactly("stop application-1");
        assertThat(site.usersWentHome()).isTrue();
    }

    @Test
    void aSiteThatIsNotSteadyIsLeftAlone() {
        HandMadeSite failing = killed();
        failing.fails("status_500");
        assertThatThrownBy(failing::drill).isInstanceOf(BanyanException.class).hasMessageContaining("500 of 500 requests failed").hasMessageContaining("nothing was broken");
        HandMadeSite silent = killed();
        silent.hangs();
        assertThatThrownBy(silent::drill).hasMessageContaining("0 of 0 requests failed");
        HandMadeSite slow = killed();
        slow.slow(5_100);
        assertThatThrownBy(slow::drill).hasMessageContaining("ms is over the 5s that a request may take while something is broken");
        HandMadeSite sick = killed();
        sick.victim("sick", 100);
        assertThatThrownBy(sick::drill).hasMessageContaining("application-1 is sick");
        HandMadeSite moving = killed().underWay("a move runs (grow to stage 4)");
        assertThatThrownBy(moving::drill).hasMessageContaining("a move runs (grow to stage 4)");
        assertThat(List.of(failing, silent, slow, sick, moving)).allSatisfy(site -> {
            assertThat(site.lifted()).isEmpty();
            assertThat(site.usersWentHome()).isTrue();
        });
    }

    @Test
    void theJsonHasEachFigureAndCheck() {
        DrillReport report = killed().healing().drill();
        assertThat(report.json()).contains("\"verdict\" : \"held\"", "\"detected_ms\" : 200.0", "\"healed_ms\" : 1500.0", "\"acknowledged\" : 12", "\"double_primaries\" : 0", "\"stale_reads\" : 0",
                "\"what\" : \"every acknowledged write is there, once\"", "\"passed\" : true");
    }

    @Test
    void boundsOfOptionsAreTold() {
        DrillOptions usual = DrillOptions.at(LoadOptions.at(URI.create("http://127.0.0.1:1/"), LoadOptions.Script.URL));
        assertThatThrownBy(() -> new DrillOptions(usual.load(), Optional.empty(), Optional.empty(), Duration.ofMillis(1), usual.steady(), 2, Optional.empty()).check())
                .hasMessage("--for is 1 s to 10 min, not 1 ms; --abort-above is over 0 % and at most 100 %, not 200.0 %");
    }
}
