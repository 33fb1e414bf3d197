package dev.banyan.bench.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.bench.policies.EdgePoliciesBench.Row;
import dev.banyan.topology.Edge.Eviction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The quick form of {@code bench/edge-policies}: it runs, and what its policies are known for shows. */
class EdgePoliciesBenchTest {
    private static final ByteArrayOutputStream PRINTED = new ByteArrayOutputStream();
    private static List<Row> rows;
    private static JsonNode json;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void runTheQuickForm() throws Exception {
        Path file = folder.resolve("policies.json");
        try (PrintStream out = new PrintStream(PRINTED, true, StandardCharsets.UTF_8)) {
            rows = EdgePoliciesBench.run(new String[] {"--quick", "--json", file.toString()}, out);
        }
        json = new ObjectMapper().readTree(Files.readString(file));
    }

    private static double hits(String subject, String trace, double cache) {
        return rows.stream().filter(row -> row.subject().equals(subject) && row.trace().equals(trace) && row.cache() == cache).findFirst().orElseThrow().hits();
    }

    @Test
    void everyPolicyIsPrintedAndWrittenForEveryTrace() {
        assertThat(rows).hasSize(7 * 3 * 6);
        assertThat(json.get("rows").size()).isEqualTo(rows.size());
        assertThat(json.get("ratios").size()).isEqualTo(21);
        assertThat(PRINTED.toString(StandardCharsets.UTF_8)).contains("w-tiny-lfu", "s3-fifo", "lru", "lfu", "fifo", "[the future known]", "zipf 0.9 and scans");
    }

    @Test
    void nobodyBeatsWhoKnowsTheFuture() {
        for (Row row : rows) {
            assertThat(row.hits()).as(row.toString()).isLessThanOrEqualTo(hits("[the future known]", row.trace(), row.cache()) + 0.02);
        }
    }

    @Test
    void whatWasMadeForScansBeatsLru_andLruBeatsFifo() {
        for (double cache : new double[] {0.01, 0.05}) {
            double lru = hits("lru", "zipf 0.9 and scans", cache);
            assertThat(hits("w-tiny-lfu", "zipf 0.9 and scans", cache)).isGreaterThan(lru + 0.02);
            assertThat(hits("s3-fifo", "zipf 0.9 and scans", cache)).isGreaterThan(lru + 0.02);
            assertThat(lru).isGreaterThan(hits("fifo", "zipf 0.9 and scans", cache));
        }
    }

    @Test
    void aLoopThatDoesNotFitGivesLruAndFifoNothing() {
        assertThat(hits("lru", "loop", 0.2)).isLessThan(0.001);
        assertThat(hits("fifo", "loop", 0.2)).isLessThan(0.001);
        assertThat(hits("w-tiny-lfu", "loop", 0.2)).isGreaterThan(0.05);
    }

    @Test
    void theSameSeedMakesTheSameTrace() {
        assertThat(Requests.shifting(1_000, 5).objects()).isEqualTo(Requests.shifting(1_000, 5).objects()).isNotEqualTo(Requests.shifting(1_000, 6).objects());
    }

    @Test
    void whatAHitCostsIsMeasuredForEachPolicy() throws InterruptedException {
        for (Eviction eviction : Eviction.values()) {
            assertThat(new HotHits(100_000).nanos(eviction, 2)).isPositive();
        }
    }

    @Test
    void aWrongArgumentIsAnsweredWithTheUsage() {
        assertThatThrownBy(() -> EdgePoliciesBench.run(new String[] {"--fast"}, System.out)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("usage: bench/edge-policies");
    }
}
