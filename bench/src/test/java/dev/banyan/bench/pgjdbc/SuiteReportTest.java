package dev.banyan.bench.pgjdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.bench.pgjdbc.SuiteReport.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SuiteReportTest {
    private static final String REPORT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="a.BlobTest" time="0.1" tests="4" errors="1" skipped="1" failures="1">
              <properties><property name="x" value="y"/></properties>
              <testcase name="small" classname="a.BlobTest" time="0.01"/>
              <testcase name="large" classname="a.BlobTest" time="0.01"><failure message="expected: &lt;1&gt;&#10;but was 2" type="AssertionError">trace</failure></testcase>
              <testcase name="late" classname="a.BlobTest" time="0.01"><skipped message="not today"/></testcase>
              <testcase name="torn" classname="a.BlobTest" time="0.01"><error type="java.io.EOFException">trace</error></testcase>
            </testsuite>
            """;

    @TempDir
    private Path folder;

    @Test
    void countsWhatSurefireReported_andAClassThatHungIsAFailure() throws IOException {
        Files.writeString(folder.resolve("TEST-a.BlobTest.xml"), REPORT);
        Files.writeString(folder.resolve("a.BlobTest.txt"), "for people");
        assertThat(SuiteReport.read(folder, List.of("a.SlowTest"))).isEqualTo(new SuiteReport(4, 1, List.of(
                new Failure("a.BlobTest#large", "expected: <1>"), new Failure("a.BlobTest#torn", "java.io.EOFException"), new Failure("a.SlowTest", "hung"))));
    }

    @Test
    void whatIsNoReportIsNamed() throws IOException {
        Files.writeString(folder.resolve("TEST-a.BlobTest.xml"), "<testsuite><testcase");
        assertThatThrownBy(() -> SuiteReport.read(folder, List.of())).isInstanceOf(IOException.class).hasMessageContaining("TEST-a.BlobTest.xml is no report");
    }

    @Test
    void aKnownFailureIsExpected_withItsReason() {
        Expected expected = Expected.parse("# what cannot work\na.BlobTest#large  blobs are too large\n\na.CopyTest*  no copy\n");
        SuiteReport report = new SuiteReport(9, 0, List.of(new Failure("a.BlobTest#large", "no"), new Failure("a.CopyTest#in[1]", "no")));
        SuiteResult result = new SuiteResult("transaction", report, expected, true, 2);
        assertThat(result.asExpected()).isTrue();
        assertThat(result.text()).contains("expected: blobs are too large", "9 tests in 2 s, 2 failed (2 of them expected)").doesNotContain("take it off");
    }

    @Test
    void anUnknownFailureIsNotExpected_andOneThatPassesNowIsToBeTakenOffTheList() {
        Expected expected = new Expected(Map.of("a.BlobTest#large", "blobs are too large"));
        SuiteReport report = new SuiteReport(9, 0, List.of(new Failure("a.BlobTest#torn", "no")));
        SuiteResult result = new SuiteResult("transaction", report, expected, true, 2);
        assertThat(result.asExpected()).isFalse();
        assertThat(result.text()).contains("a.BlobTest#large\n    is expected to fail and did not: take it off the list");
        JsonNode json = new JsonMapper().readTree(result.json());
        assertThat(json.get("unexpected").asInt()).isEqualTo(1);
        assertThat(json.get("failures").get(0).get("test").asString()).isEqualTo("a.BlobTest#torn");
        assertThat(new SuiteResult("transaction", report, expected, false, 2).text()).doesNotContain("take it off the list");
    }

    @Test
    void withoutATestThatRanNothingIsProved() {
        assertThat(new SuiteResult("direct", new SuiteReport(0, 0, List.of()), new Expected(Map.of()), true, 2).asExpected()).isFalse();
    }

    @Test
    void aReasonIsWanted() {
        assertThatThrownBy(() -> Expected.parse("a.BlobTest#large\n")).hasMessageContaining("has a reason behind it, 'a.BlobTest#large' has none");
    }
}
