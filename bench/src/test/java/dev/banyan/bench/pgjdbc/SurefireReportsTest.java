package dev.banyan.bench.pgjdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.bench.suite.SuiteReport;
import dev.banyan.bench.suite.SuiteReport.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurefireReportsTest {
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
        assertThat(SurefireReports.read(folder, List.of("a.SlowTest"))).isEqualTo(new SuiteReport(4, 1, List.of(
                new Failure("a.BlobTest#large", "expected: <1>"), new Failure("a.BlobTest#torn", "java.io.EOFException"), new Failure("a.SlowTest", "hung"))));
    }

    @Test
    void whatIsNoReportIsNamed() throws IOException {
        Files.writeString(folder.resolve("TEST-a.BlobTest.xml"), "<testsuite><testcase");
        assertThatThrownBy(() -> SurefireReports.read(folder, List.of())).isInstanceOf(IOException.class).hasMessageContaining("TEST-a.BlobTest.xml is no report");
    }
}
