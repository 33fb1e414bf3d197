package dev.banyan.bench.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.bench.suite.Expected;
import dev.banyan.bench.suite.SuiteReport;
import dev.banyan.bench.suite.SuiteReport.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the test program of Redis 7.0 printed. */
class UnitOutputTest {
    private static final String OUTPUT = """
            Testing unit/type/set
            [\u001b[0;32;49mok[0m]: SADD, SCARD (1 ms)
            [\u001b[0;33;49mignore[0m]: SDIFF fuzzing: large memory flag not provided
            [\u001b[0;31;49merr[0m]: SMOVE only notify dstset in tests/unit/type/set.tcl
            Expected '1' to be equal to '2'
            [\u001b[0;31;49mexception[0m]: Executing test client: I/O error.
            !!! WARNING The following tests failed:
            *** [\u001b[0;31;49merr[0m]: SMOVE only notify dstset in tests/unit/type/set.tcl
            """.replace("[0m]", "\u001b[0m]");

    @Test
    void countsTests_andNamesThoseThatFailedWithoutBlanks() {
        assertThat(UnitOutput.parse("type/set", OUTPUT, true)).isEqualTo(new SuiteReport(4, 1, List.of(
                new Failure("type/set#SMOVE_only_notify_dstset", "Expected '1' to be equal to '2'"), new Failure("type/set#aborted", "Executing test client: I/O error."))));
    }

    @Test
    void aUnitThatDidNotEndHung() {
        assertThat(UnitOutput.parse("dump", "", false).failures()).containsExactly(new Failure("dump#hung", "said nothing"));
    }

    @Test
    void whatIsKnownToFailThroughTheRouterHasItsReason() throws Exception {
        assertThat(Expected.of(RedisSuite.class, "one").reason("pause#Test_write_commands_are_paused_by_RO")).hasValue("there is no CLIENT PAUSE");
        assertThat(Expected.of(RedisSuite.class, "direct").reasons()).isEmpty();
    }

    @Test
    void whatCannotBeUsedIsRefusedWithASentence() {
        assertThatThrownBy(() -> RedisSuite.Plan.of(new String[] {"--through", "haproxy"})).hasMessageStartingWith("tests cannot run through 'haproxy'; usage: bench/redis-suite");
        assertThatThrownBy(() -> RedisSuite.Plan.of(new String[] {"--tests", "nothing"})).hasMessageStartingWith("--tests are of dump, auth");
    }
}
