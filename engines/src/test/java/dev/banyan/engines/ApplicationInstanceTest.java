package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.FreePorts;
import dev.banyan.topology.Application;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.CommandLine;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real HTTP server in a real process. */
class ApplicationInstanceTest {
    private static final DatabaseEndpoint DATABASE =
            new DatabaseEndpoint(new HostPort("127.0.0.1", 5432), "photos", new Secret("p w"), "photos", Map.of());

    @TempDir
    private Path folder;

    private Workplace place;
    private final FreePorts ports = new FreePorts();

    @BeforeEach
    void open() throws IOException {
        place = new Workplace(folder);
        Files.createDirectories(folder.resolve("app"));
    }

    @AfterEach
    void close() {
        place.close();
    }

    @Test
    void getsItsPortItsNameAndItsDatabase_andTheSiteFilesWordIsTheLast() throws Exception {
        ApplicationInstance web = start(hello(""), Map.of("COLOUR", new Secret("red"), "PGUSER", new Secret("mine")));
        web.awaitHealthy();
        assertThat(get(web, "PORT,BANYAN_INSTANCE,BANYAN_REGION,BANYAN_OWNER,DATABASE_URL,JDBC_DATABASE_URL,COLOUR,PGUSER,PGPASSWORD")).containsExactly(
                System.getProperty("java.home"),
                Integer.toString(web.address().port()),
                "web-1",
                "local",
                place.folder.toString(),
                "postgresql://photos:p%20w@127.0.0.1:5432/photos",
                "jdbc:postgresql://127.0.0.1:5432/photos?user=photos&password=p%20w",
                "red",
                "mine",
                "p w");
        web.stop();
        assertThat(web.alive()).isFalse();
        assertThat(FreePorts.isFree(web.address().port())).isTrue();
    }

    @Test
    void saysWhatItPrinted_whenItEndsBeforeItIsHealthy() {
        ApplicationInstance web = start(hello("crash"), Map.of());
        assertThatThrownBy(web::awaitHealthy)
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.APPLICATION_FAILED))
                .hasMessageStartingWith("web-1 exited with code 7 after")
                .hasMessageContaining("no configuration, no service");
        web.stop();
    }

    @Test
    void saysWhatItAnswered_whenItDoesNotBecomeHealthyInTime() {
        ApplicationInstance web = start(hello("unwell"), Map.of(), Duration.ofSeconds(2));
        assertThatThrownBy(web::awaitHealthy)
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT))
                .hasMessageMatching("(?s)web-1 was not healthy within 2000 ms: GET http://127\\.0\\.0\\.1:\\d+/health said: status 503; its last lines:\n  hello from web-1");
        web.stop();
    }

    @Test
    void runsInTheFolderThatTheSiteFileNames() {
        ApplicationInstance web = start("pwd; exec sleep 60", Map.of());
        Workplace.await(() -> !web.recentLines(1).isEmpty());
        assertThat(web.recentLines(1).getFirst()).endsWith("/app");
        web.stop();
    }

    @Test
    void isNotStarted_whenItsFolderIsMissing() throws IOException {
        Files.delete(folder.resolve("app"));
        assertThatThrownBy(() -> start("true", Map.of())).isInstanceOf(BanyanException.class).hasMessageEndingWith("/app, which is no folder");
    }

    @Test
    void neverGetsAPortThatAnotherGot() {
        assertThat(IntStream.range(0, 200).map(i -> ports.next()).distinct().count()).isEqualTo(200);
    }

    /** {@code java} is not looked for: it must be the one that runs this test. */
    private static String hello(String mood) {
        return "exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + Path.of("target/test-classes").toAbsolutePath() + "' " + HelloServer.class.getName() + " " + mood;
    }

    private ApplicationInstance start(String command, Map<String, Secret> environment) {
        return start(command, environment, Duration.ofSeconds(30));
    }

    private ApplicationInstance start(String command, Map<String, Secret> environment, Duration startTimeout) {
        Application application = new Application(Optional.of(CommandLine.shell(command)), List.of(), OptionalInt.empty(), Path.of("app"), environment,
                "/health", startTimeout, Duration.ofSeconds(5));
        return ApplicationInstance.start(place.supervisor, application, "web-1", ports.next(), DATABASE.variables(), folder.resolve("site.yaml"));
    }

    private static List<String> get(ApplicationInstance web, String variables) throws IOException {
        try (InputStream body = URI.create("http://" + web.address() + "/?" + variables).toURL().openStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
