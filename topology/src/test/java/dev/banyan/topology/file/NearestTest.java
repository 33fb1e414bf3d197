package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> NAMES = List.of("connect", "head", "response", "body", "idle", "server-idle", "tunnel");

    @ParameterizedTest
    @CsvSource({"conect, connect", "connetc, connect", "Connect, connect", "heads, head", "serverIdle, server-idle", "server_idle, server-idle", "tunel, tunnel", "boyd, body"})
    void findsWhatWasMeant(String written, String meant) {
        assertThat(Nearest.of(written, NAMES)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"zebra", "x", "''", "connection-timeout-of-the-thing"})
    void saysNothing_whenNothingIsNear(String written) {
        assertThat(Nearest.of(written, NAMES)).isEmpty();
    }

    @Test
    void countsInsertionsDeletionsChangesAndSwaps() {
        assertThat(Nearest.edits("head", "head")).isZero();
        assertThat(Nearest.edits("head", "heads")).isEqualTo(1);
        assertThat(Nearest.edits("head", "hed")).isEqualTo(1);
        assertThat(Nearest.edits("head", "hear")).isEqualTo(1);
        assertThat(Nearest.edits("head", "haed")).isEqualTo(1);
        assertThat(Nearest.edits("", "head")).isEqualTo(4);
    }

    @Test
    void aVeryLongNameIsNotCompared() {
        assertThat(Nearest.of("connect".repeat(1000), NAMES)).isEmpty();
    }
}
