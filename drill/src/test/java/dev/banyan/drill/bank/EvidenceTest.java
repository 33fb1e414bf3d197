package dev.banyan.drill.bank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.drill.Gaps;
import dev.banyan.net.Clock;
import dev.banyan.topology.Secret;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from what was seen: of failures, of gaps, and of servers' answers. */
class EvidenceTest {
    private static final Instant STARTED = Instant.EPOCH;

    private static PrimaryWatch watch(String name) {
        return new PrimaryWatch(new Server(name, new Secret("postgresql://ann@127.0.0.1:1/bank")), Optional.empty(), Clock.system(), () -> false);
    }

    @ParameterizedTest
    @CsvSource({
        "08006, true, UNKNOWN", "08007, true, UNKNOWN", "57P01, true, UNKNOWN", "XX000, true, UNKNOWN", ", true, UNKNOWN",
        "40001, true, REFUSED", "40P01, true, REFUSED", "57P03, true, REFUSED", "25006, true, REFUSED",
        "08006, false, REFUSED", "57P01, false, REFUSED", ", false, REFUSED"})
    void onlyACommitWhoseAnswerWasLostMayHaveBeenDone(String state, boolean committing, Verdict verdict) {
        assertThat(Verdict.of(new SQLException("no", state), committing)).isEqualTo(verdict);
    }

    @Test
    void aGapCountsForTheFaultThatItReachesInto() {
        Gaps gaps = new Gaps();
        long milli = 1_000_000;
        gaps.acknowledged(0);
        gaps.acknowledged(40 * milli);
        gaps.acknowledged(1_000 * milli);
        gaps.acknowledged(1_070 * milli);
        assertThat(gaps.longest(500 * milli, 2_000 * milli)).as("it began before the fault").isEqualTo(960 * milli);
        assertThat(gaps.longest(1_010 * milli, 2_000 * milli)).isEqualTo(70 * milli);
        assertThat(gaps.longest(1_080 * milli, 2_000 * milli)).isZero();
        assertThat(gaps.longest(0, 30 * milli)).as("40 ms are no gap").isZero();
    }

    @Test
    void aServerThatGoesOnAsAPrimaryWasOneAllAlong_soThatTwoAreFoundOut() {
        PrimaryWatch old = watch("db-1");
        old.seen(true, STARTED, 0, 10);
        PrimaryWatch promoted = watch("db-2");
        promoted.seen(false, STARTED, 0, 10);
        promoted.seen(true, STARTED, 100, 110);
        promoted.seen(true, STARTED, 200_000_000, 200_000_010);
        assertThat(doubles(old, promoted)).as("the old one has not answered since").isEmpty();
        old.seen(true, STARTED, 90_000_110, 300_000_000);
        assertThat(doubles(old, promoted)).containsExactly("db-1 and db-2 both took writes for 90 ms");
    }

    @Test
    void aServerThatWasStartedAnewOrBecameAStandbyWasNoPrimaryInBetween() {
        PrimaryWatch one = watch("db-1");
        one.seen(true, STARTED, 0, 10);
        one.seen(true, STARTED, 90, 100);
        one.seen(true, STARTED.plusSeconds(1), 290, 300);
        one.seen(false, STARTED.plusSeconds(1), 390, 400);
        one.seen(true, STARTED.plusSeconds(1), 590, 600);
        PrimaryWatch other = watch("db-2");
        other.seen(true, STARTED, 110, 120);
        other.seen(true, STARTED, 280, 285);
        other.seen(false, STARTED, 286, 287);
        other.seen(true, STARTED, 400, 410);
        other.seen(true, STARTED, 580, 585);
        assertThat(doubles(one, other)).isEmpty();
    }

    private static List<String> doubles(PrimaryWatch one, PrimaryWatch other) {
        List<Reign> all = new java.util.ArrayList<>(one.reigns());
        all.addAll(other.reigns());
        return Watchers.doubles(all);
    }
}
