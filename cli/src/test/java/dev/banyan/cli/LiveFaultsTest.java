package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Outcome;
import dev.banyan.control.Request;
import dev.banyan.net.Clock;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole site in this process, before two tiny servers, whose ways are broken through its admin API and by the verb. */
@Timeout(60)
class LiveFaultsTest {
    private static final Duration LATE = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    private Origins origins;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private LiveSite live;

    @BeforeEach
    void open() throws IOException {
        origins = new Origins("one", "two");
        Files.writeString(siteFile(), """
                site: shop
                stage: 3
                application:
                  servers: [http://%s, http://%s]
                front-door: {listen: "127.0.0.1:0", health: {interval: 200ms, timeout: 5s, ejection: 1s}, timeouts: {connect: 500ms}}
                console: {listen: "127.0.0.1:0"}
                edge: {nodes: [{name: edge-1}, {name: edge-2, networks: [192.0.2.0/24]}]}
                """.formatted(origins.address(0), origins.address(1)));
        live = LiveSite.open(siteFile(), SiteFile.read(siteFile(), _ -> Optional.empty()).orThrow("site.yaml"));
        Outcome up = live.site().begin(new Request.Up()).outcome().orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(up).isInstanceOf(Outcome.Done.class);
        awaitAnswers(Set.of("one", "two"));
    }

    @AfterEach
    void close() {
        http.close();
        live.close();
        origins.close();
    }

    @Test
    void anArrowIsSlow_andTheAnswersOfThatServerAlone_untilItIsLifted() throws Exception {
        assertThat(fault("latency", arrow(0), "--latency", "300ms", "--for", "1m")).contains("1   active   latency 300ms " + arrow(0) + ": a round trip takes so much longer on");
        assertThat(slowest("one")).isGreaterThan(LATE);
        assertThat(quickest("two")).isLessThan(LATE);
        assertThat(fault()).contains("active   latency 300ms " + arrow(0)).containsPattern(java.util.regex.Pattern.quote(arrow(1)) + " +latency, drop, partition");
        assertThat(fault("lift", "all")).contains("1   lifted   latency 300ms");
        assertThat(quickest("one")).isLessThan(LATE);
        assertThat(live.decisions().latest(10)).extracting(each -> each.decision().what())
                .contains("inject fault 1: latency 300ms " + arrow(0), "end fault 1: latency 300ms " + arrow(0));
    }

    @Test
    void aServerThatIsCutOffIsPassedBy_noRequestFails_andItComesBack() throws Exception {
        fault("partition", arrow(0));
        for (int i = 0; i < 100; i++) {
            assertThat(get().body()).isEqualTo("two");
        }
        fault("lift", "1");
        awaitAnswers(Set.of("one", "two"));
        assertThat(live.decisions().latest(50)).as("its checks, and they alone, said that it is away").anyMatch(each -> each.decision().what().contains(origins.address(0)));
    }

    @Test
    void aFaultEndsWithItsTime_andTheUsersOwnArrowHasItToo() throws Exception {
        JsonNode fault = read(fault("latency", "users>front-door", "--latency", "300ms", "--for", "2s", "--json"));
        assertThat(fault.path("sentence").asString()).endsWith("(users of the front door)");
        assertThat(timed().took()).isGreaterThan(LATE);
        await("the fault's end", () -> read(fault("--json")).path("active").isEmpty());
        await("an answer in time", () -> timed().took().compareTo(LATE) < 0);
        assertThat(read(fault("--json")).at("/past/0/state").asString()).isEqualTo("expired");
    }

    @Test
    void aKilledEdgeIsPassedBy_andServesAgainAfterwards() throws Exception {
        Captured grow = new Captured();
        assertThat(grow.run("grow", "-C", folder.toString(), "--to", "6")).as(grow.err()).isZero();
        awaitAnswers(Set.of("one", "two"));
        assertThat(read(fault("--json")).path("possible").findValuesAsString("target")).contains("edge-1", "edge-2", "users>edge-1", "edge-1>front-door").doesNotContain("front-door");
        fault("kill", "edge-1", "--for", "1m");
        await("answers without it", () -> status(own()) == 200);
        assertThat(live.decisions().latest(20)).extracting(each -> each.decision().what()).contains("pass by edge-1");
        fault("lift", "1");
        await("it serves again", () -> live.decisions().latest(20).stream().anyMatch(each -> each.decision().what().startsWith("give new connections to edge-1 again")));
        assertThat(status(own())).isEqualTo(200);
        fault("partition", "edge-1>front-door");
        await("what it asks is refused", () -> status(own()) >= 500);
        fault("lift", "2");
        await("answers again", () -> status(own()) == 200);
    }

    @Test
    void whatMakesNoSenseIsRefusedKindly() {
        refused(2, "say what: banyan fault stop TARGET", "stop");
        refused(2, "there is no kind of fault 'melt'", "melt", "web-1");
        refused(1, "nothing of the site that can be broken is called 'web-1'; there is", "stop", "web-1");
        refused(2, "kill is not possible at " + arrow(0), "kill", arrow(0));
        refused(1, "there is no fault 7", "lift", "7");
    }

    private void refused(int code, String words, String... said) {
        Captured captured = new Captured();
        assertThat(captured.run(words(said))).isEqualTo(code);
        assertThat(captured.err()).contains(words);
    }

    private String[] words(String... said) {
        List<String> words = new ArrayList<>(List.of("fault", "-C", folder.toString()));
        words.addAll(List.of(said));
        return words.toArray(String[]::new);
    }

    private String fault(String... said) {
        Captured captured = new Captured();
        assertThat(captured.run(words(said))).as(captured.err()).isZero();
        return captured.out();
    }

    private String arrow(int origin) {
        return "front-door>" + origins.address(origin);
    }

    /** The slowest of twenty answers that came from there. */
    private Duration slowest(String origin) throws Exception {
        return answers(origin).stream().max(Duration::compareTo).orElseThrow();
    }

    /** The quickest of them: what all have to wait for, whatever else the machine does. */
    private Duration quickest(String origin) throws Exception {
        return answers(origin).stream().min(Duration::compareTo).orElseThrow();
    }

    private List<Duration> answers(String origin) throws Exception {
        List<Duration> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Timed timed = timed();
            if (timed.body().equals(origin)) {
                answers.add(timed.took());
            }
        }
        return answers;
    }

    private record Timed(String body, Duration took) {}

    private Timed timed() throws IOException, InterruptedException {
        long began = Clock.system().nanos();
        String body = get().body();
        return new Timed(body, Duration.ofNanos(Clock.system().nanos() - began));
    }

    private HttpResponse<String> get() throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response;
    }

    /** By a connection of its own. */
    private static int status(HttpClient client, HttpRequest request) {
        try (client) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (IOException away) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private int status(HttpClient client) {
        return status(client, request());
    }

    private static HttpClient own() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(URI.create(live.addresses().getFirst() + "/")).timeout(Duration.ofSeconds(5)).build();
    }

    private void awaitAnswers(Set<String> wanted) {
        await("answers of " + wanted, () -> {
            Set<String> bodies = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                HttpResponse<String> response = http.send(request(), HttpResponse.BodyHandlers.ofString());
                bodies.add(response.statusCode() == 200 ? response.body() : "status " + response.statusCode());
            }
            return bodies.equals(wanted);
        });
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) {
        long deadline = Clock.system().nanos() + TimeUnit.SECONDS.toNanos(20);
        try {
            while (!condition.holds()) {
                assertThat(Clock.system().nanos()).as("waited 20 s for " + what).isLessThan(deadline);
                Clock.system().sleep(Duration.ofMillis(20));
            }
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }

    private static JsonNode read(String json) {
        return new JsonMapper().readTree(json);
    }

    private Path siteFile() {
        return folder.resolve("site.yaml");
    }
}
