package dev.banyan.bench.bed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RoundsTest {
    private final Rounds rounds = new Rounds("req/s", "ours over theirs");

    /** One second with so many microseconds of processor time a request. */
    private void round(String subject, int requests, double microsARequest) {
        rounds.add(new Rounds.Round(subject, "c64", new Measured(requests, 1, 1.5, 9, 0), new CpuTime(requests * microsARequest / 4, requests * microsARequest * 3 / 4), 20_480));
    }

    @Test
    void theRatioIsTheMedianOfTheRoundsThatRanSideBySide() {
        // The machine is twice as slow in the second round for both, and once for ours alone.
        round("nginx", 1000, 20);
        round("banyan", 1000, 16);
        round("nginx", 500, 40);
        round("banyan", 500, 32);
        round("nginx", 1000, 20);
        round("banyan", 500, 40);
        assertThat(rounds.ratios()).hasSize(1).containsEntry("nginx c64", 0.8);
    }

    @Test
    void withoutOursThereIsNoRatio() {
        round("nginx", 1000, 20);
        assertThat(rounds.ratios()).isEmpty();
    }

    @Test
    void whatNeedsNoProcessHasNoRatio() {
        round("direct", 1000, 0);
        round("banyan", 1000, 16);
        assertThat(rounds.ratios()).isEmpty();
    }

    @Test
    void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
        round("banyan", 1000, 10);
        round("banyan", 3000, 30);
        JsonNode row = json().get("rows").get(0);
        assertThat(row.get("rps").asInt()).isEqualTo(2000);
        assertThat(row.get("cpu_us").asDouble()).isEqualTo(20);
    }

    @Test
    void theReportHasARowForEachSubjectAndCase() {
        round("haproxy", 1000, 25);
        round("banyan", 1000, 20);
        JsonNode report = json();
        assertThat(report.propertyNames()).containsExactly("machine", "rows", "ratios");
        assertThat(report.get("machine").asString()).contains("cores", "Java");
        assertThat(report.get("rows").get(0).propertyNames()).containsExactly("subject", "case", "rps", "p50_ms", "p99_ms", "cpu_us", "rss_mib", "errors");
        assertThat(report.get("rows").get(1).get("subject").asString()).isEqualTo("banyan");
        assertThat(report.get("ratios").get("haproxy c64").asDouble()).isEqualTo(0.8);
        assertThat(rounds.table()).contains("haproxy c64", "0.80");
    }

    private JsonNode json() {
        return new JsonMapper().readTree(rounds.json());
    }
}
