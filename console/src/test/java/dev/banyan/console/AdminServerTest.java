package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class AdminServerTest {
    @TempDir
    Path folder;

    private LivingConsole console;

    @BeforeEach
    void start() {
        console = new LivingConsole(folder);
        console.site.load(100);
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void theSiteIsToldWithItsNodesArrowsAndFigures() {
        JsonNode site = console.json("/api/site");
        assertThat(site.get("name").asString()).isEqualTo("photos");
        assertThat(site.get("nodes").findValuesAsString("id")).containsExactly("users", "front-door", "web-1", "router", "db-1");
        assertThat(site.at("/nodes/2/health").asString()).isEqualTo("up");
        assertThat(site.at("/nodes/1/kind").asString()).isEqualTo("front_door");
        assertThat(site.at("/arrows/0/figures/rate").doubleValue()).isGreaterThan(50);
        assertThat(site.at("/arrows/2/figures").isNull()).as("from an application to the router").isTrue();
    }

    @Test
    void healthMetricsLogsAndDecisionsAnswer() {
        console.decisions.announce(new Decision("eject web-2", "5 failures", "web-1 up", console.clock.now()));
        assertThat(console.json("/health").get("status").asString()).isEqualTo("up");
        HttpResponse<String> metrics = console.send(console.request("/metrics"));
        assertThat(metrics.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(metrics.body()).contains("banyan_decisions_total{act=\"eject\"} 1.0", "banyan_console_readers 0.0");
        assertThat(console.json("/api/decisions").at("/0/decision/what").asString()).isEqualTo("eject web-2");
        assertThat(console.json("/api/logs").get(0).asString()).isEqualTo("banyan");
        assertThat(console.json("/api/logs/web-1?lines=5").at("/lines/0").asString()).isEqualTo("web-1 listens");
        assertThat(console.json("/api/plan?do=grow&to=3").get("steps")).hasSize(4);
    }

    @Test
    void aStatementIsExplained_andThoseThatWereAskedAreListed() {
        JsonNode read = console.json("/api/explain?sql=select+1");
        assertThat(read.get("kind").asString()).isEqualTo("reads only");
        assertThat(read.get("servers").get(0).asString()).isEqualTo("db-2");
        JsonNode write = JsonMapper.shared().readTree(console.send(console.change("/api/explain", "{\"sql\":\"insert into t values (1)\"}")).body());
        assertThat(write.get("why").asString()).isEqualTo("INSERT writes");
        assertThat(console.json("/api/statements").at("/kinds/0/calls").longValue()).isPositive();
        assertThat(console.json("/api/statements").at("/advice/0/why").asString()).contains("database.router.reads.functions");
    }

    @Test
    void aRequestIsExplained_andOneThatMakesNoSenseIsRefused() {
        JsonNode said = JsonMapper.shared().readTree(console.send(console.change("/api/explain/request", "{\"url\":\"/a\",\"headers\":[\"Accept: text/html\"],\"from\":\"192.0.2.7\"}")).body());
        assertThat(said.get("request").asString()).isEqualTo("GET /a");
        assertThat(said.get("from").asString()).isEqualTo("192.0.2.7");
        assertThat(said.at("/steps/0/does").asString()).isEqualTo("lets it on to the application");
        assertThat(said.at("/steps/0/facts/0/value").asString()).isEqualTo("1");
        assertThat(console.send(console.change("/api/explain/request", "{\"url\":\"/a\",\"headers\":[\"no colon\"]}")).statusCode()).isEqualTo(400);
    }

    @Test
    void whatTheCacheWasAsked_andWhatItKnowsOfAKey_isToldFromStage5On() {
        assertThat(console.send(console.request("/api/cache")).statusCode()).isEqualTo(404);
        assertThat(console.send(console.request("/api/explain?key=photo:81")).body()).contains("from stage 5 on");
        console.site.stage(5);
        assertThat(console.json("/api/cache").at("/prefixes/1/strategy").asString()).isEqualTo("read-through");
        assertThat(console.json("/api/cache").at("/hot/0/near").asBoolean()).isTrue();
        JsonNode key = JsonMapper.shared().readTree(console.send(console.change("/api/explain", "{\"key\":\"photo:81\"}")).body());
        assertThat(key.get("node").asString()).isEqualTo("cache-1");
        assertThat(key.at("/facts/0/value").asString()).isEqualTo("yes, for 8 s more");
    }

    @Test
    void theDatabaseIsSwitchedOver_toTheReplicaThatIsNamed() {
        console.site.stage(4).database("db-2", Site.Health.UP).database("db-3", Site.Health.UP);
        assertThat(console.json("/api/plan?do=switchover&to=db-3").get("title").asString()).isEqualTo("switch the database over to db-3");
        assertThat(console.json("/api/plan?do=switchover").get("title").asString()).isEqualTo("switch the database over to db-2");
        assertThat(console.send(console.change("/api/switchover", "{\"to\":3}")).statusCode()).isEqualTo(400);
        assertThat(console.send(console.change("/api/switchover", "{\"to\":\"db-3\"}").header("Accept", "application/x-ndjson")).body()).contains("\"state\":\"done\"");
        assertThat(console.json("/api/site").get("nodes").valueStream().filter(node -> node.get("kind").asString().equals("database")).map(node -> node.get("id").asString()))
                .containsExactly("db-3");
    }

    @Test
    void aPurgeNeedsTheToken_andTellsOfEachEdge() {
        assertThat(console.send(console.request("/api/purge").POST(HttpRequest.BodyPublishers.ofString("{\"all\": true}"))).statusCode()).isEqualTo(401);
        HttpResponse<String> answer = console.send(console.change("/api/purge", "{\"tag\": \"photo-42\", \"soft\": true}"));
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode report = JsonMapper.shared().readTree(answer.body());
        assertThat(report.at("/purge/kind").asString()).isEqualTo("tag");
        assertThat(report.at("/edges/0/responses").asLong()).isEqualTo(3);
        assertThat(report.path("complete").asBoolean()).isFalse();
        assertThat(console.send(console.change("/api/purge", "{\"url\": \"/photos/42\"}")).statusCode()).isEqualTo(400);
    }

    @Test
    void anEdgeJoinsAsksForNewsAndLeaves() {
        assertThat(console.send(console.request("/api/edges").POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"lisbon-1\"}"))).statusCode()).isEqualTo(401);
        assertThat(console.send(console.change("/api/edges/lisbon-1/poll", "{}")).statusCode()).isEqualTo(404);
        assertThat(console.send(console.change("/api/edges", "{\"name\": \"lisbon-1\"}")).body()).contains("welcome");
        assertThat(console.send(console.change("/api/edges/lisbon-1/poll", "{}")).body()).contains("purges");
        assertThat(console.send(console.change("/api/edges/lisbon-1/leave", "{}")).statusCode()).isEqualTo(200);
        assertThat(console.send(console.change("/api/edges/lisbon-1/poll", "{}")).statusCode()).isEqualTo(404);
        assertThat(console.send(console.change("/api/edges/lisbon-1/nothing", "{}")).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/nothing", "/api/logs/none", "/api/logs/..%2f..%2fetc%2fpasswd", "/api/moves/7", "/nothing.js", "/package-info.class", "/../page/index.html"})
    void whatIsNotThereIsAProblem404(String path) {
        HttpResponse<String> answer = console.send(console.request(path));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(JsonMapper.shared().readTree(answer.body()).get("code").asString()).isEqualTo("NO_SUCH_THING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/logs/web-1?lines=0", "/api/logs/web-1?lines=10001", "/api/decisions?most=x", "/api/plan", "/api/plan?do=grow&to=7", "/api/explain", "/api/explain?sql=+", "/api/explain?sql=select+1&key=a", "/api/plan?do=%zz"})
    void whatMakesNoSenseIsAProblem400(String path) throws IOException {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    @Test
    void everyAnswerCarriesTheHeadersThatKeepABrowserSafe() {
        for (String path : List.of("/", "/console.js", "/api/site", "/api/nothing", "/metrics")) {
            HttpResponse<String> answer = console.send(console.request(path));
            assertThat(answer.headers().firstValue("content-security-policy").orElse("")).as(path)
                    .contains("default-src 'self'", "frame-ancestors 'none'").doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("access-control-allow-origin")).isEmpty();
        }
    }

    @Test
    void aPageFileIsNotSentAgainToWhoHasIt() {
        HttpResponse<String> first = console.send(console.request("/console.js"));
        String etag = first.headers().firstValue("etag").orElseThrow();
        assertThat(console.send(console.request("/console.js").header("If-None-Match", etag)).statusCode()).isEqualTo(304);
        assertThat(console.send(console.request("/console.js").method("HEAD", BodyPublishers.noBody())).statusCode()).isEqualTo(200);
    }

    @Test
    void aChangeWithoutTheTokenIsRefused() {
        HttpResponse<String> without = console.send(console.request("/api/grow").POST(BodyPublishers.ofString("{\"to\":3}")));
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.body()).contains("console.token").doesNotContain(console.token.reveal());
        HttpResponse<String> wrong = console.send(console.request("/api/grow").header("Authorization", "Bearer wrong").POST(BodyPublishers.ofString("{\"to\":3}")));
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(console.json("/api/moves")).isEmpty();
    }

    @Test
    void theTokenIsMadeOnce_andOnlyItsOwnerReadsIt() throws IOException {
        Path file = folder.resolve("console.token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(Token.in(file).reveal()).isEqualTo(console.token.reveal()).hasSize(43);
        Files.writeString(file, "short");
        assertThatThrownBy(() -> Token.in(file)).isInstanceOf(BanyanException.class).hasMessageContaining("delete it");
        assertThat(console.token.toString()).doesNotContain(console.token.reveal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:9900", "127.0.0.1.evil.example", "localhost.evil.example", "[::2]", "10.0.0.1", ""})
    void aNameThatIsNotOursIsMisdirected(String host) throws IOException {
        assertThat(raw("GET /api/site HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 421");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:1234", "127.0.0.1:9900", "[::1]:9900", "LOCALHOST"})
    void anyNameOfThisMachineIsOurs(String host) throws IOException {
        assertThat(raw("GET /api/site HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void anotherSitesPageMayNeitherReadNorChange() {
        assertThat(console.send(console.request("/api/site").header("Origin", "http://evil.example")).statusCode()).isEqualTo(403);
        assertThat(console.send(console.request("/api/site").header("Sec-Fetch-Site", "cross-site")).statusCode()).isEqualTo(403);
        assertThat(console.send(console.request("/api/site").header("Sec-Fetch-Site", "same-site")).statusCode()).isEqualTo(403);
        assertThat(console.send(console.request("/").header("Sec-Fetch-Site", "cross-site")).statusCode()).isEqualTo(200);
        assertThat(console.send(console.change("/api/deploy", "{}").header("Origin", "http://localhost:3000")).statusCode()).isEqualTo(403);
    }

    @Test
    void theLinkWithTheTokenLetsABrowserIn_andItsCookieAloneDoesNotDo() {
        assertThat(console.send(console.request("/?token=wrong")).statusCode()).isEqualTo(403);
        HttpResponse<String> answer = console.send(console.request("/?token=" + console.token.reveal()));
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("location")).hasValue("/");
        String set = answer.headers().firstValue("set-cookie").orElseThrow();
        assertThat(set).contains("HttpOnly", "SameSite=Strict").doesNotContain(console.token.reveal());
        String cookie = set.substring(0, set.indexOf(';'));

        assertThat(JsonMapper.shared().readTree(console.send(console.request("/api/session").header("Cookie", "a=b; " + cookie)).body()).get("mayChange").booleanValue()).isTrue();
        var without = console.request("/api/grow").header("Cookie", cookie).POST(BodyPublishers.ofString("{\"to\":3}"));
        assertThat(console.send(without).statusCode()).as("no Origin").isEqualTo(401);
        var foreign = console.request("/api/grow").header("Cookie", cookie).header("Origin", "http://evil.example").POST(BodyPublishers.ofString("{\"to\":3}"));
        assertThat(console.send(foreign).statusCode()).isEqualTo(403);
        var ours = console.request("/api/grow").header("Cookie", cookie).header("Origin", console.url()).POST(BodyPublishers.ofString("{\"to\":3}"));
        assertThat(console.send(ours).statusCode()).isEqualTo(202);
    }

    @Test
    void bodiesHeadersAndMethodsHaveTheirBounds() throws IOException {
        assertThat(console.send(console.change("/api/apply", " ".repeat(64 * 1024 + 1))).statusCode()).isEqualTo(413);
        assertThat(console.send(console.change("/api/apply", "{nonsense")).statusCode()).isEqualTo(400);
        assertThat(console.send(console.change("/api/grow", "{\"to\":\"three\"}")).statusCode()).isEqualTo(400);
        assertThat(console.send(console.change("/api/apply", "a=b").header("Content-Type", "application/x-www-form-urlencoded")).statusCode()).isEqualTo(415);
        assertThat(console.send(console.request("/api/site").header("Authorization", "Bearer " + console.token.reveal()).DELETE()).statusCode()).isEqualTo(405);
        String many = IntStream.range(0, 100).mapToObj(i -> "X-" + i + ": b\r\n").collect(Collectors.joining());
        assertThat(raw("GET /health HTTP/1.1\r\nHost: localhost\r\n" + many + "Connection: close\r\n\r\n")).doesNotStartWith("HTTP/1.1 200");
        String large = ("X-A: " + "b".repeat(1_000) + "\r\n").repeat(40);
        assertThat(raw("GET /health HTTP/1.1\r\nHost: localhost\r\n" + large + "Connection: close\r\n\r\n")).doesNotStartWith("HTTP/1.1 200");
    }

    @Test
    void aMoveIsToldStepByStepToTheCommandLine() {
        HttpResponse<Stream<String>> answer = console.send(
                console.change("/api/grow", "{\"to\":3}").header("Accept", "application/x-ndjson"), HttpResponse.BodyHandlers.ofLines());
        List<JsonNode> lines = answer.body().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines.getFirst().get("state").asString()).isEqualTo("running");
        assertThat(lines.getLast().get("state").asString()).isEqualTo("done");
        assertThat(lines.getLast().at("/plan/steps").valueStream().map(step -> step.get("state").asString())).containsOnly("done");
        assertThat(lines.getLast().get("failed").intValue()).isZero();
        assertThat(console.json("/api/moves/1").get("who").asString()).isEqualTo("token");
        assertThat(console.json("/api/site").get("stage").intValue()).isEqualTo(3);
    }

    @Test
    void oneMoveRunsAtATime() throws IOException {
        try (LivingConsole slow = new LivingConsole(folder.resolve("slow"), "127.0.0.1", Duration.ofSeconds(20))) {
            HttpResponse<String> first = slow.send(slow.change("/api/grow", "{\"to\":3}"));
            assertThat(first.statusCode()).isEqualTo(202);
            assertThat(first.headers().firstValue("location")).hasValue("/api/moves/1");
            HttpResponse<String> second = slow.send(slow.change("/api/deploy", ""));
            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(second.body()).contains("grow to stage 3");
            assertThat(slow.send(slow.change("/api/servers/web-9/drain", "")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theStreamBeginsWithEverything_andTellsDecisionsAtOnce() throws IOException {
        try (BufferedReader stream = stream()) {
            assertThat(event(stream).name()).isEqualTo("site");
            assertThat(event(stream).name()).isEqualTo("decisions");
            assertThat(event(stream).name()).isEqualTo("moves");
            assertThat(event(stream).name()).isEqualTo("faults");
            console.decisions.announce(new Decision("eject web-1", "slow", "p99 900 ms", console.clock.now()));
            Event next = event(stream);
            while (next.name().equals("site")) {
                next = event(stream);
            }
            assertThat(next.name()).isEqualTo("decision");
            assertThat(next.data().at("/decision/why").asString()).isEqualTo("slow");
            assertThat(next.data().at("/node").asString()).isEqualTo("web-1");
            assertThat(next.data().at("/tier").asString()).isEqualTo("application");
            Event beat = event(stream);
            assertThat(beat.name()).as("a second later at most").isEqualTo("site");
        }
    }

    @Test
    void theStreamTellsAMoveToItsEnd() throws IOException {
        try (BufferedReader stream = stream()) {
            console.send(console.change("/api/grow", "{\"to\":3}"));
            Event last = event(stream);
            while (!last.name().equals("move") || last.data().get("state").asString().equals("running")) {
                last = event(stream);
            }
            assertThat(last.data().get("state").asString()).isEqualTo("done");
        }
    }

    @Test
    void sixtyFourFollowTheStream_andTheNextIsToldToComeAgain() throws IOException {
        List<BufferedReader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < Feed.MOST_READERS; i++) {
                readers.add(stream());
            }
            HttpResponse<String> refused = console.send(console.request("/api/stream"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
        } finally {
            for (BufferedReader reader : readers) {
                reader.close();
            }
        }
        awaitPlace();
    }

    @Test
    void aReaderThatDoesNotReadIsCutOff_andHarmsNoOther() throws IOException {
        try (Socket lazy = new Socket("127.0.0.1", console.server.address().port()); BufferedReader good = stream()) {
            lazy.setReceiveBufferSize(4096);
            lazy.getOutputStream().write("GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            awaitMetric("banyan_console_readers 2.0");
            String long_ = "x".repeat(200_000);
            long deadline = console.clock.nanos() + Duration.ofSeconds(60).toNanos();
            int told = 0;
            while (!metrics().contains("banyan_console_slow_readers_total 1.0") && console.clock.nanos() < deadline) {
                console.decisions.announce(new Decision("test " + told++, long_, "", console.clock.now()));
                Event event = event(good);
                while (!event.name().equals("decision")) {
                    event = event(good);
                }
            }
            assertThat(metrics()).contains("banyan_console_slow_readers_total 1.0");
            awaitMetric("banyan_console_readers 1.0");
        }
    }

    @Test
    void beyondThisMachineReadingNeedsTheTokenToo() {
        try (LivingConsole open = new LivingConsole(folder.resolve("open"), "0.0.0.0", Duration.ofMillis(1))) {
            assertThat(open.send(open.request("/api/site")).statusCode()).isEqualTo(401);
            assertThat(open.send(open.request("/metrics")).statusCode()).isEqualTo(401);
            assertThat(open.send(open.request("/api/site").header("Authorization", "Bearer " + open.token.reveal())).statusCode()).isEqualTo(200);
            assertThat(open.send(open.request("/api/site").header("Host", "evil.example")).statusCode()).isEqualTo(421);
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        assertThatThrownBy(() -> AdminServer.start(console.server.address(), console.token, console.site, console.site, console.registry, console.decisions,
                        console.log, console.loops, console.clock))
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_IN_USE))
                .hasMessageContaining(":" + console.server.address().port());
    }

    private String metrics() {
        return console.send(console.request("/metrics")).body();
    }

    private void awaitMetric(String line) {
        long deadline = console.clock.nanos() + Duration.ofSeconds(60).toNanos();
        while (!metrics().contains(line)) {
            assertThat(console.clock.nanos()).as("waiting for " + line).isLessThan(deadline);
        }
    }

    @Test
    void aLittleTrafficIsSent_withTheTokenAndWithinBounds() {
        console.site.load(0);
        assertThat(console.send(console.request("/api/load").POST(HttpRequest.BodyPublishers.ofString("{}"))).statusCode()).isEqualTo(401);
        HttpResponse<String> tooMuch = console.send(console.change("/api/load", "{\"rate\":51,\"seconds\":30}"));
        assertThat(tooMuch.statusCode()).isEqualTo(400);
        assertThat(tooMuch.body()).contains("1 to 50 requests a second for 1 to 30 s, not 51 for 30 s; banyan load sends more");
        assertThat(console.send(console.change("/api/load", "{\"rate\":\"many\"}")).statusCode()).isEqualTo(400);
        HttpResponse<String> begun = console.send(console.change("/api/load", "{\"rate\":30}"));
        assertThat(begun.statusCode()).isEqualTo(202);
        assertThat(begun.body()).isEqualTo("{\"rate\":30,\"seconds\":20}");
        assertThat(console.send(console.change("/api/load", "{}")).statusCode()).isEqualTo(409);
    }

    /** The place of a reader that left is free once a write to it has failed: two beats later at most. */
    private void awaitPlace() throws IOException {
        long deadline = console.clock.nanos() + Duration.ofSeconds(60).toNanos();
        HttpResponse<InputStream> answer = console.send(console.request("/api/stream"), HttpResponse.BodyHandlers.ofInputStream());
        while (answer.statusCode() != 200) {
            answer.body().close();
            assertThat(console.clock.nanos()).isLessThan(deadline);
            answer = console.send(console.request("/api/stream"), HttpResponse.BodyHandlers.ofInputStream());
        }
        answer.body().close();
    }

    private BufferedReader stream() {
        HttpResponse<InputStream> answer = console.send(console.request("/api/stream"), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static Event event(BufferedReader stream) throws IOException {
        String name = "";
        String data = "";
        for (String line = stream.readLine(); line != null; line = stream.readLine()) {
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && !data.isEmpty()) {
                return new Event(name, JsonMapper.shared().readTree(data));
            }
        }
        throw new IOException("the stream ended");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", console.server.address().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            return "closed by the server: " + e.getMessage();
        }
    }

    private record Event(String name, JsonNode data) {}
}
