package dev.banyan.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.bench.suite.SuiteReport.Failure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SuiteResultTest {
    @Test
    void aKnownFailureIsExpected_withItsReason() {
        Expected expected = Expected.parse("# what cannot work\na.BlobTest#large  blobs are too large\n\na.CopyTest*  no copy\n");
        SuiteReport report = new SuiteReport(9, 0, List.of(new Failure("a.BlobTest#large", "no"), new Failure("a.CopyTest#in[1]", "no")));
        SuiteResult result = new SuiteResult("pgjdbc 1", "transaction", report, expected, true, 2);
        assertThat(result.asExpected()).isTrue();
        assertThat(result.text()).contains("expected: blobs are too large", "9 tests in 2 s, 2 failed (2 of them expected)").doesNotContain("take it off");
    }

    @Test
    void anUnknownFailureIsNotExpected_andOneThatPassesNowIsToBeTakenOffTheList() {
        Expected expected = new Expected(Map.of("a.BlobTest#large", "blobs are too large"));
        SuiteReport report = new SuiteReport(9, 0, List.of(new Failure("a.BlobTest#torn", "no")));
        SuiteResult result = new SuiteResult("pgjdbc 1", "transaction", report, expected, true, 2);
        assertThat(result.asExpected()).isFalse();
        assertThat(result.text()).contains("a.BlobTest#large\n    is expected to fail and did not: take it off the list");
        JsonNode json = new JsonMapper().readTree(result.json());
        assertThat(json.get("unexpected").asInt()).isEqualTo(1);
        assertThat(json.get("failures").get(0).get("test").asString()).isEqualTo("a.BlobTest#torn");
        assertThat(new SuiteResult("pgjdbc 1", "transaction", report, expected, false, 2).text()).doesNotContain("take it off the list");
    }

    @Test
    void withoutATestThatRanNothingIsProved() {
        assertThat(new SuiteResult("pgjdbc 1", "direct", new SuiteReport(0, 0, List.of()), new Expected(Map.of()), true, 2).asExpected()).isFalse();
    }

    @Test
    void aReasonIsWanted() {
        assertThatThrownBy(() -> Expected.parse("a.BlobTest#large\n")).hasMessageContaining("has a reason behind it, 'a.BlobTest#large' has none");
    }
}
