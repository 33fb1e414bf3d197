package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.drill.site.Drill;
import dev.banyan.drill.site.Drills;
import dev.banyan.topology.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real thing, whole, as a stranger's first command: the launched program, PostgreSQL, Redis, the photos application, clients that post and WebSockets that talk; and while they do, the
 * site grows stage by stage, is deployed anew, loses an application server, a replica, the primary, a node of the cache and an edge, is switched over and purged, loses the primary behind all of it,
 * shrinks, grows again, and shrinks to its first stage, several stages in one move.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class TourIT {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    @TempDir
    private Path folder;

    private Process tour;

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        if (tour != null && tour.isAlive()) {
            tour.destroy();
            assertThat(tour.waitFor(60, TimeUnit.SECONDS)).as("ended by a signal").isTrue();
        }
        assertThat(LaunchedSite.processesOf(folder)).as("processes left behind").isEmpty();
    }

    @Test
    void noPlannedMoveFailsARequest_noAcknowledgedWriteIsLost_everyDrillHolds_andTheReportSaysSo() throws Exception {
        tour = start("tour", "--short", "--json");
        assertThat(tour.waitFor(14, TimeUnit.MINUTES)).as("the tour ends").isTrue();
        String said = Files.readString(folder.resolve("err"));
        System.out.println(said);
        JsonNode report = new JsonMapper().readTree(Files.readString(folder.resolve("out")));

        assertThat(report.path("reasons")).as(said + "\n" + report.path("decisions").toPrettyString()).isEmpty();
        assertThat(tour.exitValue()).isZero();
        assertThat(report.path("phases").valueStream().filter(phase -> phase.path("planned").asBoolean() && phase.path("failed").asLong() > 0)).isEmpty();
        assertThat(report.path("requests").asLong()).isGreaterThan(2_000);
        assertThat(report.path("acknowledged").asLong()).isPositive();
        assertThat(report.path("lost").asLong() + report.path("doubled").asLong() + report.path("unchecked").asLong()).isZero();
        assertThat(report.path("websockets").path("echoed").asLong()).isPositive();
        assertThat(report.path("stages").valueStream().map(stage -> stage.path("stage").asInt())).startsWith(Stream.of(Stage.values()).map(Stage::number).toArray(Integer[]::new)).endsWith(1);
        assertThat(drills(report).filter(drill -> drill.path("passed").asBoolean()).map(drill -> drill.path("name").asString())).containsAll(Drills.all().stream().map(Drill::name).toList());
        assertThat(report.path("stages").valueStream().filter(stage -> stage.has("saturation_rps"))).hasSize(Stage.values().length).allMatch(stage -> stage.path("saturation_rps").asDouble() > 0)
                .allMatch(stage -> stage.path("processes").asInt() > 1);
        assertThat(report.path("seconds").asDouble()).as("a tour is short on a machine that has nothing else to do; this leaves room for one that has").isLessThan(13 * 60);
        page(Files.readString(folder.resolve("tour.html")));
        assertThat(tours()).as("its folder, after a tour that held").isEmpty();
    }

    @Test
    void aTourThatIsInterruptedSaysSo_keepsItsFolder_andLeavesNoProcess() throws Exception {
        tour = start("tour", "--short", "--to", "1");
        awaitErr("steady load");
        tour.destroy();
        assertThat(tour.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(tour.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("out"))).contains("tour: DID NOT HOLD").contains("the tour was interrupted");
        assertThat(tours()).hasSize(1);
    }

    private static Stream<JsonNode> drills(JsonNode report) {
        return report.path("stages").valueStream().flatMap(stage -> stage.path("drills").valueStream());
    }

    private static void page(String html) {
        assertThat(html).startsWith("<!doctype html>").endsWith("</html>\n").contains("class=\"verdict held\"").contains("page/drawing.js").contains("uPlot");
        for (Stage stage : Stage.values()) {
            assertThat(html).contains("<th scope=\"row\">" + stage.title() + "</th>").contains("<figcaption>" + stage.title() + "</figcaption>");
        }
    }

    /** Temporary files are made in our folder, so that what is left is seen. */
    private Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-Xmx256m", "-Djava.io.tmpdir=" + folder, "-Dbanyan.home=" + REPOSITORY,
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", REPOSITORY.resolve("cli/target/lib") + "/*", Banyan.class.getName()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile()).start();
    }

    private List<Path> tours() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.getFileName().toString().startsWith("banyan-tour-")).toList();
        }
    }

    private void awaitErr(String words) throws IOException, InterruptedException {
        for (int i = 0; i < 1_200; i++) {
            if (Files.readString(folder.resolve("err")).contains(words)) {
                return;
            }
            assertThat(tour.waitFor(100, TimeUnit.MILLISECONDS)).as(Files.readString(folder.resolve("err"))).isFalse();
        }
        throw new AssertionError("did not happen in 120 s: " + words + "\n" + Files.readString(folder.resolve("err")));
    }
}
