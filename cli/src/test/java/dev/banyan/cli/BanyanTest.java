package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BanyanTest {
    @TempDir
    private Path folder;

    private final Captured banyan = new Captured();
    private Path site;

    @BeforeEach
    void writeSite() throws IOException {
        site = Files.writeString(folder.resolve("site.yaml"), """
                site: shop
                application:
                  command: ./shop
                """);
    }

    @Test
    void withoutAVerbItSaysHowToBegin_asWrongUsage() {
        assertThat(banyan.run()).isEqualTo(2);
        assertThat(banyan.err()).contains("Begin with: banyan up").contains("Exit codes: 0 done, 1 failed, 2 wrong usage or a bad site file.");
        assertThat(banyan.out()).isEmpty();
    }

    @Test
    void helpIsDataAndNoFailure() {
        assertThat(banyan.run("--help")).isZero();
        assertThat(banyan.out()).contains("up").contains("grow").doesNotContain("warm-up");
    }

    @Test
    void theVersionNamesTheBuildAndItsJava() {
        assertThat(banyan.run("--version")).isZero();
        assertThat(banyan.out()).matches("(?s)banyan \\d+\\.\\d+\\.\\d+\\S*( \\(commit \\S+\\))?\nJava " + java.util.regex.Pattern.quote(Runtime.version().toString()) + " .*");
    }

    @Test
    void aNegativeNumberOfLinesIsWrongUsage() {
        assertThat(banyan.run("logs", "-n", "-3", "web-1")).isEqualTo(2);
        assertThat(banyan.err()).isEqualTo("banyan: --lines is -3: give 0 or more\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "grow", "shrink", "deploy", "apply", "status", "logs", "load", "validate", "schema"})
    void everyVerbSaysWhatItTakes(String verb) {
        assertThat(banyan.run(verb, "--help")).isZero();
        assertThat(banyan.out()).startsWith("Usage: banyan " + verb);
    }

    @Test
    void drillWithoutANameListsThem_withTheStageThatEachNeeds() {
        assertThat(banyan.run("drill")).isZero();
        assertThat(banyan.out()).contains("application   stage 3  an application server is killed", "edge          stage 6", "reads         stage 1", "bank          stage 4", "cache         stage 5", "all           stage 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application", "replica", "primary", "cache-node", "edge", "all", "reads", "bank", "cache"})
    void everyDrillSaysWhatItTakes(String drill) {
        assertThat(banyan.run("drill", drill, "--help")).isZero();
        assertThat(banyan.out()).startsWith("Usage: banyan drill " + drill);
    }

    @Test
    void aDrillOfASiteThatDoesNotRunFails_andAWrongShareIsWrongUsage() {
        assertThat(banyan.run("drill", "replica", "-C", folder.toString())).isEqualTo(1);
        assertThat(banyan.err()).contains("no site runs in");
        assertThat(banyan.run("drill", "replica", "-C", folder.toString(), "--abort-above", "5")).isEqualTo(2);
        assertThat(banyan.err()).contains("a share is a number and %, as 5%, not '5'");
    }

    @Test
    void aMistypedVerbIsAnsweredWithTheNearestOne() {
        assertThat(banyan.run("grwo")).isEqualTo(2);
        assertThat(banyan.err()).isEqualTo("banyan: Unmatched argument at index 0: 'grwo'; did you mean 'grow'?; see: banyan --help\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"grow", "shrink", "deploy", "apply", "status"})
    void whereNoSiteRunsAPlainSentenceSaysSo(String verb) {
        assertThat(banyan.run(verb, "-C", folder.toString())).isEqualTo(1);
        assertThat(banyan.err()).isEqualTo("banyan: no site runs in " + folder.resolve(".banyan") + "; start it with 'banyan up', or say where it is with -C FOLDER\n");
    }

    @Test
    void aGoodSiteFileIsSaidToBeRight() {
        assertThat(banyan.run("validate", site.toString())).isZero();
        assertThat(banyan.out()).isEqualTo(site + ": shop at stage 1 single server, all right\n");
    }

    @Test
    void aBadSiteFileIsReportedWhole_andNothingIsStarted() throws IOException {
        Files.writeString(site, "site: Shop\naplication:\n  command: x\n");
        assertThat(banyan.run("up", site.toString())).isEqualTo(2);
        assertThat(banyan.err()).contains(site + ":1:").contains(site + ":2:").contains("did you mean 'application'?");
        assertThat(folder.resolve(".banyan")).doesNotExist();
    }

    @Test
    void edgesThatNeedMoreMemoryThanThereIsForThemAreAProblem_andWhatHelpsIsSaid() throws IOException {
        Files.writeString(site, "site: shop\napplication: { command: x }\nedge: { memory: 1TiB, shield: true }\n");
        assertThat(banyan.run("validate", site.toString())).isEqualTo(2);
        assertThat(banyan.err()).contains("edge.memory is 1TiB for each of 2 caches (edges and shield): that is 2097152 MiB, and this process may keep ", "BANYAN_JAVA_OPTS=-XX:MaxDirectMemorySize=2396746m");
    }

    @Test
    void validateAsJsonHasEveryProblemWithItsPlace() throws IOException {
        Files.writeString(site, "site: Shop\naplication:\n  command: x\n");
        assertThat(banyan.run("validate", "--json", "-C", folder.toString())).isEqualTo(2);
        JsonNode report = new JsonMapper().readTree(banyan.out());
        assertThat(report.path("valid").asBoolean()).isFalse();
        assertThat(report.path("problems").size()).isGreaterThanOrEqualTo(2);
        report.path("problems").forEach(problem -> assertThat(problem.propertyNames()).containsExactly("line", "column", "path", "message"));
        assertThat(report.path("warnings").isArray()).isTrue();
    }

    @Test
    void theSchemaIsJson() {
        assertThat(banyan.run("schema")).isZero();
        assertThat(new JsonMapper().readTree(banyan.out()).path("$schema").asString()).startsWith("https://json-schema.org/");
    }

    @Test
    void withoutAnyLogTheAnswerNamesThePlace() {
        assertThat(banyan.run("logs", "-C", folder.toString(), "web-1")).isEqualTo(1);
        assertThat(banyan.err()).contains("there is no " + folder.resolve(".banyan"));
    }

    @Test
    void theLastLinesOfALogArePrinted() throws IOException {
        Path logs = Files.createDirectories(folder.resolve(".banyan/logs"));
        Files.writeString(logs.resolve("web-1.log"), "one\ntwo\nthree\n");
        assertThat(banyan.run("logs", "-C", folder.toString(), "-n", "2", "web-1")).isZero();
        assertThat(banyan.out()).isEqualTo("two\nthree\n");
        assertThat(banyan.run("logs", "-C", folder.toString(), "web-2")).isEqualTo(1);
        assertThat(banyan.err()).contains("there are: web-1");
    }

    @Test
    void durationsAreWrittenAsInTheSiteFile() {
        assertThat(banyan.run("load", "--url", "http://127.0.0.1:1/", "--duration", "soon")).isEqualTo(2);
        assertThat(banyan.err()).contains("a duration is a whole number and ms, s, m, h or d, as 250ms, not 'soon'");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void wrongUsageAndABadSiteFileAreTwo_allElseThatFailsIsOne(ErrorCode code) {
        boolean usage = Stream.of(ErrorCode.USAGE, ErrorCode.BAD_SITE_FILE).anyMatch(code::equals);
        assertThat(Failures.code(code)).isEqualTo(usage ? 2 : 1);
    }
}
