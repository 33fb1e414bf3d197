package dev.banyan.bench.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.bench.bed.TestBed;
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

/** The quick form of {@code bench/cache}, where its tools are installed. */
class CacheBenchTest {
    @TempDir
    private Path folder;

    @Test
    void theQuickFormMeasuresEverySubjectUnderEveryWorkload() throws Exception {
        Optional<String> obstacle = CacheBench.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElseThrow());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path file = folder.resolve("cache.json");
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            CacheBench.run(new String[] {"--quick", "--json", file.toString()}, out);
        }
        JsonNode report = new JsonMapper().readTree(Files.readString(file));
        boolean twemproxy = TestBed.missing(Nutcracker.PROGRAM).isEmpty();
        List<String> peers = twemproxy ? List.of("direct", Nutcracker.PROGRAM) : List.of("direct");
        assertThat(names(report.get("rows"))).hasSize(8 * (1 + peers.size())).startsWith("direct get p1").endsWith("banyan hot p16");
        assertThat(report.get("ratios").propertyNames()).hasSize(8 * peers.size()).contains("direct get p1", "direct hot p1");
        assertThat(report.get("rows")).allSatisfy(row -> {
            assertThat(row.get("rps").asLong()).isPositive();
            assertThat(row.get("cpu_us").asDouble()).isPositive();
            assertThat(row.get("p99_ms").asDouble()).isGreaterThanOrEqualTo(row.get("p50_ms").asDouble());
            assertThat(row.get("errors").asLong()).isZero();
        });
        assertThat(names(report.get("behind"))).hasSize(8 * peers.size()).contains("banyan zipf p1");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("ops/s", "the Redis behind");
    }

    private static List<String> names(JsonNode rows) {
        return rows.valueStream().map(row -> row.get("subject").asString() + " " + row.get("case").asString()).toList();
    }

    @Test
    void whatCannotBeUsedIsRefusedWithASentence() {
        assertThatThrownBy(() -> CacheBench.run(new String[] {"--rounds"}, System.out)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("--rounds needs a value");
        assertThatThrownBy(() -> CacheBench.run(new String[] {"--fast"}, System.out)).hasMessageStartingWith("usage: bench/cache");
    }
}
