package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real thing: the command as a process, photos on an embedded PostgreSQL behind it, signals and kills. */
class UpIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void writeSite() throws IOException {
        Path photos = Path.of("..", "photos", "target", "lib").toRealPath();
        Files.writeString(folder.resolve("site.yaml"), """
                site: photos
                application:
                  command: [java, -Xmx128m, -cp, "%s/*", dev.banyan.photos.Photos]
                  health-path: /health
                  start-timeout: 120s
                database:
                  kind: postgresql
                  router:
                    listen: 127.0.0.1:0
                front-door:
                  listen: 127.0.0.1:0
                console:
                  listen: 127.0.0.1:0
                """.formatted(photos));
    }

    @AfterEach
    void end() {
        http.close();
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void afterAKill_theNextStartEndsWhatIsLeft_andComesBackAtItsStage() throws Exception {
        Process first = up();
        awaitUp(first, 1);
        verb("grow", "--to", "4");
        List<ProcessHandle> orphans = first.descendants().toList();
        first.destroyForcibly().waitFor();
        assertThat(orphans).anyMatch(ProcessHandle::isAlive);

        Process second = up();
        String door = awaitUp(second, 4);
        assertThat(orphans).noneMatch(ProcessHandle::isAlive);
        await("all three serve", () -> servedBy(door).size() == 3);
        assertThat(said(second, "err")).contains("decided  end ").contains("an earlier Banyan was killed").contains("decided  come back at stage 4");
        second.destroy();
        assertThat(second.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isZero();
    }

    private Process up() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        int number = started.size();
        Process process = new ProcessBuilder(java, "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", Path.of("target", "lib").toAbsolutePath() + "/*", "dev.banyan.cli.Banyan", "up", "--json", folder.resolve("site.yaml").toString())
                .redirectOutput(folder.resolve("out-" + number).toFile())
                .redirectError(folder.resolve("err-" + number).toFile())
                .start();
        started.add(process);
        return process;
    }

    /** Its front door, once it has said that it is up at that stage. */
    private String awaitUp(Process banyan, int stage) throws IOException {
        await("the site is up", () -> !banyan.isAlive() || said(banyan, "out").endsWith("\n"));
        assertThat(banyan.isAlive()).as(said(banyan, "err")).isTrue();
        JsonNode up = new JsonMapper().readTree(said(banyan, "out"));
        assertThat(up.path("stage").asInt()).isEqualTo(stage);
        return up.path("frontDoor").get(0).asString();
    }

    private String said(Process banyan, String where) {
        try {
            return Files.readString(folder.resolve(where + "-" + started.indexOf(banyan)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String verb(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-C", folder.toString()));
        Captured captured = new Captured();
        assertThat(captured.run(all.toArray(String[]::new))).as(captured.err()).isZero();
        return captured.out();
    }

    /** Who answered thirty pages. */
    private Set<String> servedBy(String door) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 30; i++) {
            try {
                HttpResponse<Void> page = http.send(HttpRequest.newBuilder(URI.create(door + "/")).build(), HttpResponse.BodyHandlers.discarding());
                assertThat(page.statusCode()).isEqualTo(200);
                names.add(page.headers().firstValue("X-Served-By").orElse("nobody"));
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return names;
    }

    /** The application's processes, by what {@code setsid} became. */
    private static List<ProcessHandle> applications(Process banyan) {
        return banyan.children().filter(child -> child.info().commandLine().orElse("").contains("dev.banyan.photos.Photos")).toList();
    }

    private static void await(String what, BooleanSupplier done) {
        Clock clock = Clock.system();
        long deadline = clock.nanos() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(clock.nanos()).as("waited " + PATIENCE + " until " + what).isLessThan(deadline);
            try {
                clock.sleep(Duration.ofMillis(50));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
