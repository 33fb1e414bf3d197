package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.Outcome;
import dev.banyan.control.Request;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole site in this process, before two tiny servers; the verbs speak to it as to any other. */
class LiveSiteTest {
    @TempDir
    private Path folder;

    private Origins origins;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private LiveSite live;

    @BeforeEach
    void open() throws IOException {
        origins = new Origins("one", "two");
        writeSite("");
        live = LiveSite.open(siteFile(), SiteFile.read(siteFile(), _ -> Optional.empty()).orThrow("site.yaml"));
    }

    @AfterEach
    void close() {
        http.close();
        live.close();
        origins.close();
        assertThat(folder.resolve(".banyan/running.json")).doesNotExist();
    }

    @Test
    void beforeTheSiteIsUp_theConsoleAnswers_andTheFrontDoorSaysTryLater() throws Exception {
        assertThat(get(live.console() + "/health").statusCode()).isEqualTo(200);
        HttpResponse<String> early = get(live.addresses().getFirst() + "/");
        assertThat(early.statusCode()).isEqualTo(503);
        assertThat(early.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void stagesOfRunningServersChangeWhichAreUsed() throws Exception {
        up();
        assertThat(answers()).containsExactly("one");
        Captured grow = new Captured();
        assertThat(grow.run("grow", "-C", folder.toString(), "--to", "3")).as(grow.err()).isZero();
        assertThat(grow.err()).contains("grow to stage 3 (2 servers)").contains("0 to start, 0 to stop, 1 server to use, 0 to leave; clients wait: 0 ms");
        assertThat(grow.out()).contains("done: grow to stage 3 (2 servers)");
        awaitAnswers(Set.of("one", "two"));
        Captured shrink = new Captured();
        assertThat(shrink.run("shrink", "-C", folder.toString(), "--to", "1", "--json")).isZero();
        JsonNode report = new JsonMapper().readTree(shrink.out());
        assertThat(report.path("state").asString()).isEqualTo("done");
        assertThat(answers()).containsExactly("one");
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        up();
        Captured grow = new Captured();
        assertThat(grow.run("grow", "-C", folder.toString(), "--to", "3", "--dry-run")).isZero();
        assertThat(grow.out()).contains("1. send requests to " + origins.address(1));
        assertThat(grow.err()).contains("nothing was changed");
        assertThat(answers()).containsExactly("one");
    }

    @Test
    void movesThatMakeNoSenseAreRefusedKindly() {
        up();
        Captured deploy = new Captured();
        assertThat(deploy.run("deploy", "-C", folder.toString())).isEqualTo(2);
        assertThat(deploy.err()).contains("deploy them yourself");
        Captured shrink = new Captured();
        assertThat(shrink.run("shrink", "-C", folder.toString())).isEqualTo(2);
        assertThat(shrink.err()).contains("the site is at stage 1 single server, the lowest there is");
        Captured grow = new Captured();
        assertThat(grow.run("grow", "-C", folder.toString(), "--to", "7")).isEqualTo(2);
        assertThat(grow.err()).contains("there is no stage 7 yet");
    }

    @Test
    void anEditedFileIsApplied_andAWrongOneChangesNothing() throws Exception {
        up();
        writeSite("stage: 3\n");
        Captured apply = new Captured();
        assertThat(apply.run("apply", "-C", folder.toString())).as(apply.err()).isZero();
        awaitAnswers(Set.of("one", "two"));
        writeSite("stagge: 1\n");
        Captured wrong = new Captured();
        assertThat(wrong.run("apply", "-C", folder.toString())).isEqualTo(2);
        assertThat(wrong.err()).contains("did you mean 'stage'?");
        writeSite("database:\n  kind: postgresql\n");
        Captured restart = new Captured();
        assertThat(restart.run("apply", "-C", folder.toString())).isEqualTo(2);
        assertThat(restart.err()).contains("nothing was changed: database.kind: none -> postgresql");
    }

    @Test
    void statusShowsEveryServer() throws Exception {
        up();
        answers();
        Captured status = new Captured();
        assertThat(status.run("status", "-C", folder.toString())).isZero();
        assertThat(status.out()).contains("shop at stage 1").contains("front door").contains(origins.address(0));
        Captured json = new Captured();
        assertThat(json.run("status", "-C", folder.toString(), "--json")).isZero();
        JsonNode site = new JsonMapper().readTree(json.out());
        assertThat(site.path("console").asString()).isEqualTo(live.console());
        assertThat(site.path("decisions").isArray()).isTrue();
        assertThat(site.path("totals").path("requests").asLong()).isPositive();
    }

    @Test
    void aSecondOneOnTheSameFolderIsRefused() {
        assertThatThrownBy(() -> LiveSite.open(siteFile(), SiteFile.read(siteFile(), _ -> Optional.empty()).orThrow("site.yaml")))
                .isInstanceOf(BanyanException.class).extracting(e -> ((BanyanException) e).code()).isEqualTo(ErrorCode.SITE_IS_HELD);
        assertThat(Running.find(folder.resolve(".banyan"))).isPresent();
    }

    @Test
    void whatCannotOpenWholeLeavesNothingOpen(@TempDir Path other) throws IOException {
        int taken = URI.create(live.console()).getPort();
        String yaml = "site: other\napplication:\n  servers: [http://127.0.0.1:1]\nfront-door:\n  listen: 127.0.0.1:0\nconsole:\n  listen: 127.0.0.1:%d\n";
        Path file = Files.writeString(other.resolve("site.yaml"), yaml.formatted(taken));
        assertThatThrownBy(() -> LiveSite.open(file, SiteFile.read(file, _ -> Optional.empty()).orThrow("site.yaml")))
                .isInstanceOf(BanyanException.class).hasMessageContaining("cannot listen on 127.0.0.1:" + taken);
        Files.writeString(file, yaml.formatted(0));
        LiveSite.open(file, SiteFile.read(file, _ -> Optional.empty()).orThrow("site.yaml")).close();
    }

    @Test
    void aServerIsSetAsideThroughTheAdminApi() throws Exception {
        up();
        String name = origins.address(0);
        try (AdminClient client = AdminClient.of(folder.resolve(".banyan"))) {
            client.move("/api/servers/" + name + "/drain", "", _ -> {});
            assertThat(get(live.addresses().getFirst() + "/").statusCode()).isEqualTo(503);
            client.move("/api/servers/" + name + "/undrain", "", _ -> {});
        }
        awaitAnswers(Set.of("one"));
    }

    @Test
    void aSecondCtrlCCutsOffWhatIsInFlight() throws Exception {
        up();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        origins.server(0).removeContext("/");
        origins.server(0).createContext("/", exchange -> {
            asked.countDown();
            try (exchange) {
                never.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        var slow = http.sendAsync(HttpRequest.newBuilder(URI.create(live.addresses().getFirst() + "/slow")).build(), HttpResponse.BodyHandlers.discarding());
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
        long began = Clock.system().nanos();
        live.hurry();
        live.close();
        assertThat(Duration.ofNanos(Clock.system().nanos() - began)).isLessThan(Duration.ofSeconds(25));
        assertThatThrownBy(() -> slow.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        never.countDown();
    }

    private void up() {
        Outcome outcome = live.site().begin(new Request.Up()).outcome().orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        try {
            awaitAnswers(Set.of("one"));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The bodies of twenty answers. */
    private Set<String> answers() throws IOException, InterruptedException {
        Set<String> bodies = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> response = get(live.addresses().getFirst() + "/");
            bodies.add(response.statusCode() == 200 ? response.body() : "status " + response.statusCode());
        }
        return bodies;
    }

    /** A server that runs already gets requests once a check of it has passed. */
    private void awaitAnswers(Set<String> wanted) throws IOException, InterruptedException {
        long deadline = Clock.system().nanos() + TimeUnit.SECONDS.toNanos(20);
        Set<String> now = answers();
        while (!now.equals(wanted)) {
            assertThat(Clock.system().nanos()).as("waited 20 s for " + wanted + ", had " + now).isLessThan(deadline);
            now = answers();
        }
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private Path siteFile() {
        return folder.resolve("site.yaml");
    }

    private void writeSite(String more) throws IOException {
        Files.writeString(siteFile(), """
                site: shop
                application:
                  servers: [http://%s, http://%s]
                front-door:
                  listen: 127.0.0.1:0
                console:
                  listen: 127.0.0.1:0
                """.formatted(origins.address(0), origins.address(1)) + more);
    }
}
