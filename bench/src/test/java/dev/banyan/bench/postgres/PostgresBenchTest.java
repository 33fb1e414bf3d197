package dev.banyan.bench.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The quick form of {@code bench/postgres}, where its tools are installed. */
class PostgresBenchTest {
    @TempDir
    private Path folder;

    @Test
    void theQuickFormMeasuresEverySubjectInEveryModeItCanServe() throws Exception {
        Optional<String> obstacle = PostgresBench.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElseThrow());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path file = folder.resolve("postgres.json");
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            PostgresBench.run(new String[] {"--quick", "--json", file.toString()}, out);
        }
        JsonNode report = new JsonMapper().readTree(Files.readString(file));
        assertThat(report.get("ratios").propertyNames()).containsExactlyInAnyOrder(
                "pgbouncer simple", "pgpool simple", "pgbouncer extended", "pgpool extended", "pgbouncer-session prepared", "pgpool prepared");
        assertThat(report.get("reads")).hasSize(3).allSatisfy(reads -> {
            assertThat(reads.get("shares")).hasSize(reads.get("replicas").asInt() + 1);
            assertThat(reads.get("shares").valueStream().skip(1).mapToDouble(JsonNode::asDouble).sum()).as("the replicas do reading; how much of it, on a busy machine, is left open").isPositive();
        });
        JsonNode rows = report.get("rows");
        assertThat(rows.valueStream().map(row -> row.get("subject").asString() + " " + row.get("case").asString())).containsExactly(
                "direct simple", "pgbouncer simple", "pgpool simple", "banyan simple",
                "direct extended", "pgbouncer extended", "pgpool extended", "banyan extended",
                "direct prepared", "pgbouncer-session prepared", "pgpool prepared", "banyan prepared");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.get("rps").asLong()).isPositive();
            assertThat(row.get("p99_ms").asDouble()).isGreaterThanOrEqualTo(row.get("p50_ms").asDouble());
            assertThat(row.get("errors").asLong()).isZero();
            assertThat(row.get("cpu_us").asDouble() > 0).isEqualTo(!row.get("subject").asString().equals("direct"));
        });
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("tps", "pgbouncer-session");
    }

    @Test
    void whatCannotBeUsedIsRefusedWithASentence() {
        assertThatThrownBy(() -> PostgresBench.run(new String[] {"--scale"}, System.out)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("--scale needs a value");
        assertThatThrownBy(() -> PostgresBench.run(new String[] {"--fast"}, System.out)).hasMessageStartingWith("usage: bench/postgres");
    }
}
