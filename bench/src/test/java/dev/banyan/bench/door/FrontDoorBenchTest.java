package dev.banyan.bench.door;

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

/** The quick form of {@code bench/front-door}, where its tools are installed. */
class FrontDoorBenchTest {
    @TempDir
    private Path folder;

    @Test
    void theQuickFormMeasuresEverySubjectUnderEveryLoad() throws Exception {
        assumeTrue(FrontDoorBench.obstacle().isEmpty(), () -> FrontDoorBench.obstacle().orElseThrow());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path file = folder.resolve("front-door.json");
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            FrontDoorBench.run(new String[] {"--quick", "--json", file.toString()}, out);
        }
        JsonNode report = new JsonMapper().readTree(Files.readString(file));
        assertThat(report.get("rows")).hasSize(6).allSatisfy(row -> {
            assertThat(row.get("rps").asLong()).isPositive();
            assertThat(row.get("cpu_us").asDouble()).isPositive();
            // A busy machine may let one time out; answers that are not 200 would be all of them.
            assertThat(row.get("errors").asLong()).isLessThan(row.get("rps").asLong() / 10);
        });
        assertThat(report.get("ratios").propertyNames()).containsExactly("haproxy c64", "nginx c64", "haproxy c512", "nginx c512");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("haproxy", "nginx", "processor time a request over the peer's");
    }

    @Test
    void whatCannotBeUsedIsRefusedWithASentence() {
        assertThatThrownBy(() -> FrontDoorBench.run(new String[] {"--rounds"}, System.out)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("--rounds needs a value");
        assertThatThrownBy(() -> FrontDoorBench.run(new String[] {"--fast"}, System.out)).hasMessageStartingWith("usage: bench/front-door");
    }
}
