package dev.banyan.bench.edge;

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

/** The quick form of {@code bench/edge}, where its tools are installed. */
class EdgeBenchTest {
    @TempDir
    private Path folder;

    @Test
    void theQuickFormMeasuresEveryCache_andACrowdReachesTheOriginOnce() throws Exception {
        assumeTrue(EdgeBench.obstacle().isEmpty(), () -> EdgeBench.obstacle().orElseThrow());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path file = folder.resolve("edge.json");
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            EdgeBench.run(new String[] {"--quick", "--json", file.toString()}, out);
        }
        JsonNode report = new JsonMapper().readTree(Files.readString(file));
        assertThat(report.get("rows")).hasSize(6).allSatisfy(row -> {
            assertThat(row.get("rps").asLong()).isPositive();
            assertThat(row.get("cpu_us").asDouble()).isPositive();
            assertThat(row.get("errors").asLong()).isLessThan(row.get("rps").asLong() / 10);
        });
        assertThat(report.get("ratios").propertyNames()).containsExactly("varnish 1k", "nginx 1k", "varnish 100k", "nginx 100k");
        JsonNode ours = report.get("coalescing").valueStream().filter(crowd -> crowd.get("subject").asString().equals("banyan")).findFirst().orElseThrow();
        assertThat(ours.get("origin_requests").asInt()).isEqualTo(1);
        assertThat(ours.get("whole").asInt()).isEqualTo(500);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("500 clients asked for one cold object at once: 1 requests at the origin, 500 whole answers, 0 others");
    }

    @Test
    void whatCannotBeUsedIsRefusedWithASentence() {
        assertThatThrownBy(() -> EdgeBench.run(new String[] {"--subjects", "squid"}, System.out)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("--subjects are of varnish");
        assertThatThrownBy(() -> EdgeBench.run(new String[] {"--fast"}, System.out)).hasMessageStartingWith("usage: bench/edge");
    }
}
