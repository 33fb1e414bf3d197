package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Loops;
import dev.banyan.postgres.StatementStatistics.Advice;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Verb;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class StatementTableTest {
    private final StatementTable table = new StatementTable(64);

    private static Statement statement(long fingerprint, Verb verb, String whyNot) {
        return new Statement(fingerprint, verb, 1, whyNot.isEmpty(), whyNot, 0, List.of(), "", Optional.empty(), false, false, Optional.empty());
    }

    private void ran(Statement statement, boolean atReplica, long nanos, long rows, boolean failed) {
        table.of(statement, each -> "text " + each.fingerprint()).ran(statement, atReplica, nanos, rows, failed);
    }

    @Test
    void whatAStatementDidIsCountedByPlace() {
        Statement read = statement(1, Verb.QUERY, "");
        ran(read, true, 30, 2, false);
        ran(read, true, 50, 1, false);
        ran(read, false, 20, 0, true);

        assertThat(table.figures()).containsExactly(new StatementFigures(1, "text 1", true, true, "", 1, 2, 3, 1, 20, 80, 50));
    }

    @Test
    void theTextIsAskedForOnce() {
        int[] asked = new int[1];
        Statement read = statement(1, Verb.QUERY, "");
        for (int i = 0; i < 3; i++) {
            table.of(read, _ -> "asked " + ++asked[0]);
        }
        assertThat(asked[0]).isEqualTo(1);
    }

    @Test
    void theTableStaysSmall_andKeepsWhatIsUsed() {
        RandomGenerator random = Loops.random(3);
        Statement often = statement(random.nextLong(), Verb.QUERY, "");
        for (int i = 0; i < 10_000; i++) {
            ran(often, true, 1, 1, false);
            ran(statement(random.nextLong(), Verb.QUERY, ""), false, 1, 1, false);
        }
        assertThat(table.figures()).hasSize(64);
        assertThat(table.forgotten()).isEqualTo(10_001 - 64);
        assertThat(table.figures()).anyMatch(each -> each.fingerprint() == often.fingerprint() && each.calls() == 10_000);
    }

    @Test
    void loopsAreMergedByFingerprint_thoseThatTookLongestFirst() {
        StatementTable other = new StatementTable(64);
        Statement slow = statement(1, Verb.QUERY, "");
        Statement quick = statement(2, Verb.OTHER, "it is an UPDATE");
        ran(slow, true, 100, 1, false);
        ran(quick, false, 150, 1, false);
        other.of(slow, _ -> "text 1").ran(slow, false, 70, 1, false);

        StatementStatistics merged = StatementStatistics.NONE.plus(table.figures(), table.forgotten()).plus(other.figures(), other.forgotten());
        assertThat(merged.statements()).extracting(StatementFigures::text).containsExactly("text 1", "text 2");
        assertThat(merged.statements().getFirst().calls()).isEqualTo(2);
        assertThat(merged.nanos()).isEqualTo(320);
    }

    @Test
    void adviceNamesQueriesThatStayAtThePrimary_notWrites() {
        ran(statement(1, Verb.QUERY, "it calls audit(), which may write"), false, 400, 1, false);
        ran(statement(2, Verb.OTHER, "it is an UPDATE"), false, 500, 1, false);
        ran(statement(3, Verb.QUERY, ""), true, 50, 1, false);
        ran(statement(4, Verb.QUERY, ""), false, 50, 1, false);

        List<Advice> advice = StatementStatistics.NONE.plus(table.figures(), 0).advice(5);
        assertThat(advice).extracting(each -> each.statement().fingerprint()).containsExactly(1L, 4L);
        assertThat(advice.getFirst().share()).isEqualTo(0.4);
        assertThat(advice.getFirst().why()).isEqualTo("it calls audit(), which may write");
    }
}
