package dev.banyan.bench.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The quick form of {@code bench/telemetry}, where its tools are installed. */
class TelemetryBenchTest {
    @TempDir
    private Path folder;

    @Test
    void theQuickFormMeasuresEachRecordingOverNone() throws Exception {
        assumeTrue(TelemetryBench.obstacle().isEmpty(), () -> TelemetryBench.obstacle().orElseThrow());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path file = folder.resolve("telemetry.json");
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            TelemetryBench.run(new String[] {"--quick", "--json", file.toString()}, out);
        }
        JsonNode report = new JsonMapper().readTree(Files.readString(file));
        assertThat(report.get("rows")).hasSize(5).allSatisfy(row -> {
            assertThat(row.get("rps").asLong()).isPositive();
            assertThat(row.get("cpu_us").asDouble()).isPositive();
        });
        assertThat(report.get("ratios").propertyNames()).containsExactly("metrics c64", "log c64", "traces-1% c64", "traces-100% c64");
    }

    @Test
    void whatCannotBeUsedIsRefusedWithASentence() {
        assertThatThrownBy(() -> TelemetryBench.run(new String[] {"--fast"}, System.out)).hasMessageStartingWith("usage: bench/telemetry");
    }
}
