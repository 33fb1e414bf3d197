package dev.banyan.control.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Failover;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** db-1 is the primary, db-2 and db-3 follow it, and a commit is surely on one of them, unless a test says otherwise. */
class RemediesTest {
    private static final Failover RULES = new Failover(true, Duration.ofMillis(250), 3, true, Duration.ofSeconds(10));
    private static final ClusterRecord RECORD = new ClusterRecord(1, "db-1", List.of("db-1", "db-2", "db-3"), List.of("db-2", "db-3"), 3);
    private static final long NOW = Duration.ofMinutes(1).toNanos();

    private Situation now = at(RECORD);

    @Test
    void whenAllIsWellNothingIsDone() {
        assertThat(Remedies.next(now)).isEmpty();
    }

    @Test
    void aSlowAnswerIsNoLoss_andTheThirdThatFailsIs() {
        silence("db-1", 2);
        assertThat(Remedies.next(now)).isEmpty();
        silence("db-1", 1);
        assertThat(next()).isEqualTo(new Remedy.Show(now.shown().withoutPrimary()));
    }

    @Test
    void whenTheReplicasAreSilentTooTheMachineIsBusy_andThePrimaryIsLeftAlone_forAWhile() {
        silence("db-1", 5);
        silence("db-3", 1);
        assertThat(Remedies.next(now)).isEmpty();
        now = now.at(NOW + PrimaryRemedies.PATIENCE.toNanos());
        assertThat(next()).isInstanceOf(Remedy.Show.class);
    }

    @Test
    void aLookThatTookTooLongCountsForNothing_forAWhile() {
        Look.Silent silent = new Look.Silent("no answer within 250 ms");
        Sight sight = now.leader();
        for (long at = NOW; at < NOW + PrimaryRemedies.PATIENCE.toNanos(); at += RULES.interval().toNanos()) {
            sight = sight.overslept(silent, at);
            assertThat(sight.lost(RULES.fall())).isFalse();
        }
        for (int i = 0; i < RULES.fall(); i++) {
            sight = sight.overslept(silent, NOW + PrimaryRemedies.PATIENCE.toNanos());
        }
        assertThat(sight.lost(RULES.fall())).isTrue();
    }

    @Test
    void aStartThatFailedMayHaveStartedSomething_soTheServerIsFencedAgain() {
        now = at(RECORD.promising(List.of())).waiting(Waiting.told(List.of(), NOW));
        end("db-1");
        now = now.showing(now.shown().withoutPrimary());
        fence("db-1");
        now = now.with("db-1", now.leader().starting(NOW).ended("it was not ready in time", NOW));
        assertThat(next()).isEqualTo(new Remedy.Fence("db-1"));
    }

    @Test
    void afterTheEndOfThePrimary_itIsFenced_allAreAsked_theLongestLogIsRecordedAndThenPromoted() {
        end("db-1");
        assertThat(perform(now.shown().withoutPrimary())).isEqualTo(new Remedy.Fence("db-1"));
        fence("db-1");
        assertThat(next()).isEqualTo(new Remedy.Ask(List.of("db-2", "db-3")));
        now = now.asked();
        answer("db-2", 900);
        assertThat(Remedies.next(now)).as("db-3 has not answered").isEmpty();
        answer("db-3", 950);
        ClusterRecord next = new ClusterRecord(2, "db-3", List.of("db-2", "db-3"), List.of(), 3);
        assertThat(next()).isEqualTo(new Remedy.Write(next));
        assertThat(told().what()).isEqualTo("fail over from db-1 to db-3");
        assertThat(told().seen()).isEqualTo("db-3 has received 0/3B6, db-2 has received 0/384");
        now = now.recorded(next);
        assertThat(next()).isEqualTo(new Remedy.Promote("db-3"));
        now = now.with("db-3", now.sight("db-3").promoted(NOW + 1));
        assertThat(next()).isEqualTo(new Remedy.Synchronize("db-3", List.of()));
        now = now.waiting(Waiting.told(List.of(), NOW));
        assertThat(next()).isEqualTo(new Remedy.Show(new Shown(2, Optional.of("db-3"), List.of())));
    }

    @Test
    void aStandbyThatStillReadsItsOwnLogHasNotSaidWhatItHas() {
        lost();
        answer("db-2", 950);
        now = now.seen("db-3", answer(400, false), NOW + 1);
        assertThat(Remedies.next(now)).isEmpty();
    }

    @Test
    void whenOneThatMustBeAskedHangs_itIsStartedAgain_andThenTheOldPrimaryWhichHasEverything() {
        lost();
        answer("db-2", 950);
        silence("db-3", 3);
        assertThat(next()).isEqualTo(new Remedy.Fence("db-3"));
        fence("db-3");
        assertThat(next()).isEqualTo(new Remedy.Start("db-3", Role.STANDBY));
        now = now.busy("db-3", true).at(NOW + 1 + RULES.interval().multipliedBy(3).toNanos());
        assertThat(next()).isEqualTo(new Remedy.Start("db-1", Role.PRIMARY));
        assertThat(told().why()).isEqualTo("no replica can be promoted safely before db-3 has said what it has received; db-1 has every commit");
    }

    @Test
    void whereNoCommitWaited_theOldPrimaryIsStartedAgain_forNoReplicaSurelyHasAll() {
        now = at(RECORD.promising(List.of())).waiting(Waiting.told(List.of(), NOW));
        end("db-1");
        now = now.showing(now.shown().withoutPrimary());
        fence("db-1");
        assertThat(next()).isEqualTo(new Remedy.Start("db-1", Role.PRIMARY));
        assertThat(told().why()).isEqualTo("no commit waited for a replica, so that only db-1 has all of them");
    }

    @Test
    void aSinglePrimaryThatHangsIsGivenTenSeconds() {
        now = at(ClusterRecord.first()).showing(new Shown(1, Optional.of("db-1"), List.of()));
        silence("db-1", 5);
        assertThat(Remedies.next(now)).isEmpty();
        now = now.at(NOW + PrimaryRemedies.PATIENCE.toNanos());
        assertThat(next()).isInstanceOf(Remedy.Show.class);
    }

    @Test
    void aReplicaThatDiesGetsNoReadsAndIsStartedAgain() {
        end("db-3");
        assertThat(next()).as("the primary has not been seen since").isEqualTo(new Remedy.Show(new Shown(1, Optional.of("db-1"), List.of("db-2"))));
        assertThat(told().why()).isEqualTo("db-3: it ended");
        now = now.showing(new Shown(1, Optional.of("db-1"), List.of("db-2")));
        assertThat(next()).isEqualTo(new Remedy.Start("db-3", Role.STANDBY));
    }

    @Test
    void thePromiseIsWithdrawnBeforeCommitsStopToWait_andOnlyWhenThePrimaryOutlivedTheReplica() {
        end("db-3");
        now = now.showing(new Shown(1, Optional.of("db-1"), List.of("db-2"))).busy("db-3", true);
        assertThat(Remedies.next(now)).isEmpty();
        now = now.seen("db-1", primary(), NOW + 1);
        assertThat(next()).isEqualTo(new Remedy.Write(RECORD.promising(List.of())));
        now = now.recorded(RECORD.promising(List.of()));
        assertThat(next()).isEqualTo(new Remedy.Synchronize("db-1", List.of()));
    }

    @Test
    void thePromiseIsMadeWhenAReplicaHasAllThatWasBeforeCommitsWaited() {
        ClusterRecord without = RECORD.promising(List.of());
        now = at(without).waiting(Waiting.told(List.of(), NOW));
        assertThat(next()).isEqualTo(new Remedy.Synchronize("db-1", List.of("db-2", "db-3")));
        now = now.waiting(new Waiting(Optional.of(List.of("db-2", "db-3")), NOW, OptionalLong.of(1_000)));
        answer("db-2", 999);
        answer("db-3", 990);
        assertThat(Remedies.next(now)).isEmpty();
        answer("db-2", 1_000);
        assertThat(next()).isEqualTo(new Remedy.Write(RECORD));
    }

    @Test
    void aReplicaThatCanNeverFollowAgainIsLetGo_onceNoCommitIsOnItAlone_andAnotherIsMade() {
        now = now.wishing(Wishes.NONE.of(2).mending(true));
        now = now.seen("db-3", new Look.Answered(true, 1, 900, 900, Optional.of("db-1"), false, true, Set.of(), Optional.of("the log it needs is gone")), NOW + 1);
        now = now.seen("db-1", primary(), NOW + 2).showing(new Shown(1, Optional.of("db-1"), List.of("db-2")));
        assertThat(next()).isEqualTo(new Remedy.Write(RECORD.promising(List.of())));
        now = now.recorded(RECORD.promising(List.of())).waiting(Waiting.told(List.of(), NOW));
        assertThat(next()).isEqualTo(new Remedy.Write(RECORD.promising(List.of()).without("db-3")));
        assertThat(told().why()).isEqualTo("the log it needs is gone");
        now = now.recorded(RECORD.promising(List.of()).without("db-3"));
        assertThat(next()).isEqualTo(new Remedy.Clone("db-4", "db-1"));
    }

    @Test
    void aReplicaThatTakesWritesIsFenced() {
        now = now.seen("db-3", primary(), NOW + 1).showing(new Shown(1, Optional.of("db-1"), List.of("db-2")))
                .recorded(RECORD.promising(List.of())).waiting(Waiting.told(List.of(), NOW));
        assertThat(next()).isEqualTo(new Remedy.Fence("db-3"));
    }

    private static Situation at(ClusterRecord record) {
        Situation all = Situation.of(RULES, record, Set.of(), 0).showing(new Shown(1, Optional.of("db-1"), record.replicas()))
                .waiting(Waiting.told(record.synchronous(), 0)).at(NOW);
        all = all.seen("db-1", primary(), NOW);
        for (String replica : record.replicas()) {
            all = all.seen(replica, answer(1_000, true), NOW);
        }
        return all;
    }

    private static Look primary() {
        return new Look.Answered(false, 1, 1_000, 1_000, Optional.empty(), false, true, Set.of("db-2", "db-3"), Optional.empty());
    }

    private static Look answer(long received, boolean settled) {
        return new Look.Answered(true, 1, received, received, Optional.of("db-1"), true, settled, Set.of(), Optional.empty());
    }

    private void answer(String name, long received) {
        now = now.seen(name, answer(received, true), NOW + 1);
    }

    private void silence(String name, int looks) {
        for (int i = 0; i < looks; i++) {
            now = now.seen(name, new Look.Silent("no answer within 250 ms"), NOW);
        }
    }

    private void end(String name) {
        now = now.with(name, now.sight(name).ended("it ended", NOW));
    }

    private void fence(String name) {
        now = now.with(name, now.sight(name).fenced(NOW + 1)).at(NOW + 1);
    }

    /** The primary is fenced, and all were asked. */
    private void lost() {
        end("db-1");
        now = now.showing(now.shown().withoutPrimary());
        fence("db-1");
        now = now.asked();
    }

    private Remedy perform(Shown shown) {
        assertThat(next()).isEqualTo(new Remedy.Show(shown));
        now = now.showing(shown);
        return next();
    }

    private Remedy next() {
        return Remedies.next(now).orElseThrow().remedy();
    }

    private Order.Reason told() {
        return Remedies.next(now).orElseThrow().told().orElseThrow();
    }
}
