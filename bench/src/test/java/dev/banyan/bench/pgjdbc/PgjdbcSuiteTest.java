package dev.banyan.bench.pgjdbc;

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

/** A few of pgjdbc's tests, where Maven is installed; the source stays in target. */
class PgjdbcSuiteTest {
    @TempDir
    private Path folder;

    @Test
    void testsRunAgainstTheEmbeddedServer() throws Exception {
        assumeTrue(PgjdbcSuite.obstacle("direct").isEmpty(), () -> PgjdbcSuite.obstacle("direct").orElseThrow());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Path file = folder.resolve("pgjdbc.json");
        PgjdbcSuite.Plan plan = PgjdbcSuite.Plan.of(new String[] {"--tests", "*BlobTest,*AuthenticationPluginTest", "--json", file.toString()});
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            assertThat(PgjdbcSuite.run(plan, out)).as(printed.toString(StandardCharsets.UTF_8)).isTrue();
        }
        JsonNode report = new JsonMapper().readTree(Files.readString(file));
        assertThat(report.get("run").asInt()).as("tests of JUnit 4 and of JUnit 5").isGreaterThan(10);
        assertThat(report.get("failed").asInt()).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("pgjdbc " + TestSource.VERSION + " through direct:");
    }

    @Test
    void whatCannotBeUsedIsRefusedWithASentence() {
        assertThatThrownBy(() -> PgjdbcSuite.Plan.of(new String[] {"--through", "haproxy"})).hasMessageStartingWith("tests cannot run through 'haproxy'; usage: bench/pgjdbc");
        assertThatThrownBy(() -> PgjdbcSuite.Plan.of(new String[] {"--tests"})).hasMessageStartingWith("--tests needs a value");
        assertThatThrownBy(() -> PgjdbcSuite.Plan.of(new String[] {"--fast"})).hasMessageStartingWith("usage: bench/pgjdbc");
    }
}
