package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandingQueryTest {
    private static final String STREAMS = "LOG:  started streaming WAL from primary at 0/3000000 on timeline 1";
    private static final String REMOVED = "FATAL:  could not receive data from WAL stream: ERROR:  requested WAL segment 000000010000000000000003 has already been removed";

    @ParameterizedTest
    @ValueSource(strings = {
        REMOVED,
        "FATAL:  could not start WAL streaming: ERROR:  can no longer get changes from replication slot \"db_2\"",
        "FATAL:  could not start WAL streaming: ERROR:  can no longer access replication slot \"db_2\"",
        "LOG:  new timeline 2 forked off current database system timeline 1 before current recovery point 0/5000A28",
        "FATAL:  requested timeline 2 is not a child of this server's history"})
    void aStandbyIsStranded_whenPostgresqlSaysSo(String line) {
        assertThat(StandingQuery.stranded(List.of(STREAMS, line, "LOG:  waiting for WAL to become available"))).isPresent();
    }

    @Test
    void theLastWordCounts() {
        assertThat(StandingQuery.stranded(List.of())).isEmpty();
        assertThat(StandingQuery.stranded(List.of(REMOVED, STREAMS))).isEmpty();
        assertThat(StandingQuery.stranded(List.of(REMOVED, "banyan: follows db-3"))).isEmpty();
        assertThat(StandingQuery.stranded(List.of("banyan: follows db-3", REMOVED))).contains("requested WAL segment 000000010000000000000003 has already been removed");
    }

    @Test
    void positionsAreReadAndWritten() {
        assertThat(WalPosition.parse("16/B374D848")).isEqualTo(new WalPosition(0x16_B374_D848L)).hasToString("16/B374D848");
        assertThat(WalPosition.parse("0/0")).isEqualTo(WalPosition.NONE);
        assertThat(WalPosition.parse("")).isEqualTo(WalPosition.NONE);
        assertThat(WalPosition.parse("1/0")).isGreaterThan(WalPosition.parse("0/FFFFFFFF"));
        assertThat(WalPosition.parse("0/10").behind(WalPosition.parse("0/30"))).isEqualTo(32);
        assertThat(WalPosition.parse("0/30").behind(WalPosition.parse("0/10"))).isZero();
    }
}
