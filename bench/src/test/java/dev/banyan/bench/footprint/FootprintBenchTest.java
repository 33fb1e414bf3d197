package dev.banyan.bench.footprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FootprintBenchTest {
    @TempDir
    private Path folder;

    @Test
    void aConnectionThatWaitsCostsAtMostFourKibibytesOfHeapAndBuffers() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/limits")), "needs Linux");
        Optional<String> obstacle = FootprintBench.obstacle(1000);
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElseThrow());
        Path file = folder.resolve("footprint.json");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Findings findings;
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            findings = FootprintBench.run(folder, List.of("--quick", "--only", "connections", "--json", file.toString()), out);
        }
        Findings.Row ours = findings.rows().stream().filter(row -> row.subject().equals("banyan")).findFirst().orElseThrow();
        assertThat(ours.figures().get("heap KiB each") + ours.figures().get("direct KiB each")).isBetween(0.5, 4.0);
        assertThat(ours.figures().get("files")).isBetween(1000.0, 1200.0);
        JsonNode report = new JsonMapper().readTree(Files.readString(file));
        assertThat(report.get("rows")).hasSize(findings.rows().size());
        assertThat(report.get("ratios").propertyNames()).contains("nginx, resident memory a connection");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1000 idle connections", "RSS KiB each");
    }

    @Test
    void theReportIsATableForEachCaseAndRowsOfJson() {
        Findings findings = new Findings();
        findings.add(Findings.Row.of("nginx", "at rest").with("RSS MiB", 12.3456));
        findings.add(Findings.Row.of("banyan", "at rest").with("RSS MiB", 100).with("CPU ms/s", 0.5));
        findings.ratio("nginx", 8.1);
        assertThat(findings.table()).containsSubsequence("at rest", "RSS MiB", "CPU ms/s", "nginx", "12.35", "-", "banyan", "100.00", "0.50", "banyan over nginx: 8.10");
        JsonNode report = new JsonMapper().readTree(findings.json());
        assertThat(report.propertyNames()).containsExactly("machine", "rows", "ratios", "notes");
        assertThat(report.get("rows").get(0).toString()).isEqualTo("{\"subject\":\"nginx\",\"case\":\"at rest\",\"rss_mib\":12.346}");
        assertThat(report.get("rows").get(1).get("cpu_ms_s").asDouble()).isEqualTo(0.5);
    }

    @Test
    void bothPartsAreMeasuredUnlessOneIsNamed() {
        assertThat(FootprintBench.Plan.of(List.of())).isEqualTo(new FootprintBench.Plan(5, 10_000, 10, Optional.empty()));
        assertThat(FootprintBench.Plan.of(List.of("--quick", "--only", "site")).connections()).isZero();
        assertThat(FootprintBench.Plan.of(List.of("--only", "connections")).starts()).isZero();
    }

    @Test
    void whatCannotBeUsedIsRefusedWithASentence() throws Exception {
        assertThatThrownBy(() -> FootprintBench.Plan.of(List.of("--only", "cpu"))).hasMessageStartingWith("--only is 'site' or 'connections', not 'cpu'");
        assertThatThrownBy(() -> FootprintBench.Plan.of(List.of("--json"))).hasMessageStartingWith("--json needs a value");
        assumeTrue(Files.exists(Path.of("/proc/self/limits")), "needs Linux");
        assertThat(FootprintBench.obstacle(Integer.MAX_VALUE / 2).orElseThrow()).containsAnyOf("open files", "bench/footprint needs");
    }
}
