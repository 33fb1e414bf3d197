package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.banyan.control.Outcome;
import dev.banyan.control.Request;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.testing.FreePort;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole site in this process that grows to stage 6 and back while clients ask it for this and that. */
class LiveEdgesTest {
    @TempDir
    private Path folder;

    private final List<String> forwarded = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger pictures = new AtomicInteger();
    private HttpServer origin;
    private HttpServer search;
    private LiveSite live;

    @BeforeEach
    void open() throws IOException {
        origin = server("one");
        search = server("found");
        writeSite("edge: {nodes: [{name: edge-1}, {name: edge-2, networks: [192.0.2.0/24]}], shield: true}");
        live = LiveSite.open(siteFile(), SiteFile.read(siteFile(), _ -> Optional.empty()).orThrow("site.yaml"));
        assertThat(live.site().begin(new Request.Up()).outcome().orTimeout(60, TimeUnit.SECONDS).join()).isInstanceOf(Outcome.Done.class);
        try (HttpClient http = client()) {
            await("an answer", () -> get(http, "/").statusCode() == 200);
        }
    }

    @AfterEach
    void close() {
        live.close();
        origin.stop(0);
        search.stop(0);
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @Test
    void growsToStage6AndBackUnderRequests_andNoneFails() throws Exception {
        long failedBefore = status().path("totals").path("failed").asLong(); // those that came before the first server was known to be well
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<String> failures = new CopyOnWriteArrayList<>();
        List<Thread> users = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            users.add(Thread.ofVirtual().start(() -> browse(over, answered, failures)));
        }
        for (int round = 0; round < 2; round++) {
            forwarded.clear();
            move("grow", "6");
            assertThat(live.site().observed().edges().running()).containsExactly("edge-1", "edge-2", "shield");
            int before = answered.get();
            await("requests through edges", () -> answered.get() > before + 50);
            assertThat(forwarded).as("what the last requests went through").anyMatch(way -> way.startsWith("127.0.0.1, 127.0.0.1"));
            assertThat(status().path("nodes").valueStream().filter(node -> node.path("kind").asString().equals("edge")).map(node -> node.path("id").asString()))
                    .containsExactly("edge-1", "edge-2", "shield");
            move("shrink", "5");
            int then = answered.get();
            await("requests without edges", () -> answered.get() > then + 50);
            assertThat(live.site().observed().edges().running()).isEmpty();
        }
        over.set(true);
        for (Thread user : users) {
            user.join();
        }
        assertThat(failures).isEmpty();
        assertThat(status().path("totals").path("failed").asLong()).isEqualTo(failedBefore);
        assertThat(status().path("totals").path("requests").asLong()).isGreaterThanOrEqualTo(answered.get());
    }

    private void browse(AtomicBoolean over, AtomicInteger answered, List<String> failures) {
        try (HttpClient http = client()) {
            while (!over.get()) {
                try {
                    int status = get(http, "/" + answered.get()).statusCode();
                    if (status != 200) {
                        failures.add("status " + status);
                    }
                    answered.incrementAndGet();
                } catch (RuntimeException e) {
                    failures.add(e.toString());
                }
            }
        }
    }

    @Test
    void anEdgeOfItsOwnAddressAnswersThere_andAnEditAddsAndRemovesEdges() throws Exception {
        move("grow", "6");
        int port = FreePort.choose();
        writeSite("edge: {nodes: [{name: west, listen: '127.0.0.1:" + port + "'}]}");
        verb("apply");
        try (HttpClient http = client()) {
            assertThat(http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/west")).build(), HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("one");
            assertThat(get(http, "/").body()).isEqualTo("one");
        }
        assertThat(live.site().observed().edges().running()).containsExactly("west");
        writeSite("edge: {nodes: [{name: west}], stale: {if-error: 5m}}");
        verb("apply");
        assertThat(live.site().wanted().site().edge().stale().ifError()).hasMinutes(5);
        move("shrink", "5");
    }

    @Test
    void whatIsStoredIsNotAskedForAgain_untilItIsPurged_byUrlTagPrefixOrAll() throws Exception {
        move("grow", "6");
        try (HttpClient http = client()) {
            String here = live.addresses().getFirst() + "/pictures/";
            for (int i = 0; i < 5; i++) {
                assertThat(get(http, "/pictures/1").body()).isEqualTo("one");
            }
            assertThat(pictures.get()).isEqualTo(1);
            purgedAndAskedAgain(http, here + "1");
            purgedAndAskedAgain(http, "--tag", "picture-1");
            purgedAndAskedAgain(http, "--prefix", here);
            purgedAndAskedAgain(http, "--all");
            assertThat(purge("--tag", "picture-1", "--soft")).contains("edge-1", "edge-2", "shield").contains("1 response in ");
        }
        Captured wrong = new Captured();
        assertThat(wrong.run("purge", "/pictures/1", "-C", folder.toString())).isEqualTo(2);
        assertThat(wrong.err()).contains("is not a URL as clients ask for it");
    }

    @Test
    void whatOneEdgeSeesChangedIsSoonGoneFromTheOthers() throws Exception {
        int port = FreePort.choose();
        writeSite("edge: {nodes: [{name: edge-1}, {name: west, listen: '127.0.0.1:" + port + "'}]}");
        verb("apply");
        move("grow", "6");
        String host = URI.create(live.addresses().getFirst()).getAuthority();
        say("GET", port, host);
        int before = pictures.get();
        say("GET", port, host);
        assertThat(pictures.get()).as("stored in the west").isEqualTo(before);
        say("POST", URI.create(live.addresses().getFirst()).getPort(), host);
        await("the news in the west", () -> {
            int asked = pictures.get();
            say("GET", port, host);
            return pictures.get() > asked;
        });
    }

    /** Whole answers only. */
    private static void say(String method, int port, String host) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write((method + " /pictures/3 HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void purgedAndAskedAgain(HttpClient http, String... what) {
        int before = pictures.get();
        get(http, "/pictures/1");
        assertThat(pictures.get()).as("stored before").isEqualTo(before);
        purge(what);
        get(http, "/pictures/1");
        assertThat(pictures.get()).as("asked again after the purge of " + List.of(what)).isEqualTo(before + 1);
    }

    private String purge(String... what) {
        List<String> words = new ArrayList<>(List.of("purge", "-C", folder.toString()));
        words.addAll(List.of(what));
        Captured purge = new Captured();
        assertThat(purge.run(words.toArray(String[]::new))).as(purge.err()).isZero();
        return purge.out();
    }

    @Test
    void anEdgeOfAnotherMachineJoins_purgesWithTheOthers_andServesWhatItHasWhileTheSiteIsAway() throws Exception {
        writeSite("edge: {nodes: [{name: edge-1}], remote: {listen: '127.0.0.1:0'}, stale: {if-error: 1h}}");
        live.close();
        live = LiveSite.open(siteFile(), SiteFile.read(siteFile(), _ -> Optional.empty()).orThrow("site.yaml"));
        assertThat(live.site().begin(new Request.Up()).outcome().orTimeout(60, TimeUnit.SECONDS).join()).isInstanceOf(Outcome.Done.class);
        move("grow", "6");
        Secret token = new Secret(Files.readString(folder.resolve(".banyan/console.token")).strip());
        List<String> told = new CopyOnWriteArrayList<>();
        JoinedEdge.Wish wish = new JoinedEdge.Wish("lisbon", new HostPort("127.0.0.1", 0), Optional.empty(), settings -> settings);
        try (Loops loops = Loops.open(); AdminClient client = AdminClient.at(live.console(), ConsoleTrust.SYSTEM, token); HttpClient http = client();
                JoinedEdge lisbon = JoinedEdge.join(wish, client, "127.0.0.1", new RunningEdge.Surroundings(loops, Clock.system(), lisbonFolder(), told::add), told::add)) {
            String picture = "http://" + lisbon.address() + "/pictures/7";
            await("the first server to be well", () -> ask(http, picture).statusCode() == 200);
            int before = pictures.get();
            assertThat(ask(http, picture).body()).isEqualTo("one");
            assertThat(pictures.get()).isEqualTo(before);
            assertThat(forwarded).contains("127.0.0.1, 127.0.0.1"); // checks of the front door by the edge go between

            Captured silent = new Captured(); // it has joined, and does not ask for news yet
            assertThat(silent.run("purge", "--tag", "pictures", "-C", folder.toString())).isEqualTo(1);
            assertThat(silent.out()).contains("lisbon           did not answer in 5 s");
            lisbon.turn(); // it hears of the purge now
            assertThat(ask(http, picture).body()).isEqualTo("one");
            assertThat(pictures.get()).isEqualTo(before + 1);

            Thread.ofVirtual().start(() -> {
                try {
                    lisbon.serve();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(purge(picture)).contains("lisbon           1 response in ");
            ask(http, picture);
            await("the edge to be seen", () -> status().path("nodes").valueStream().anyMatch(node -> node.path("id").asString().equals("lisbon")
                    && node.path("health").asString().equals("up") && node.path("figures").path("total").asLong() > 0));
            live.close();
            assertThat(ask(http, picture).body()).isEqualTo("one");
            await("it to be told", () -> told.stream().anyMatch(sentence -> sentence.startsWith("the site does not answer, stored responses are served meanwhile")));
            live = LiveSite.open(siteFile(), SiteFile.read(siteFile(), _ -> Optional.empty()).orThrow("site.yaml"));
        }
    }

    private Path lisbonFolder() throws IOException {
        Files.createDirectories(folder.resolve("lisbon/logs"));
        return folder.resolve("lisbon");
    }

    @Test
    void whatAnEdgeIsToldSurvivesItsWriting() {
        EdgeSettings settings = new EdgeSettings(live.site().wanted().site().frontDoor(), live.site().wanted().site().edge(), "/health", Optional.empty());
        assertThat(EdgeLetters.read(new JsonMapper().readTree(EdgeLetters.write(settings).toString()), EdgeSettings.class)).isEqualTo(settings);
    }

    private static HttpResponse<String> ask(HttpClient http, String url) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRequestIsExplained_fromTheNearestEdgeToTheServer_withoutBeingSent() throws Exception {
        assertThat(explain("/pictures/1")).contains("gateway", "lets it on to the application", "no routes are set", "service application").doesNotContain("edge ");
        move("grow", "6");
        writeSite("edge: {nodes: [{name: edge-1}, {name: edge-2, networks: [192.0.2.0/24]}], shield: true}\ngateway: {routes: [{name: pictures, path: /pictures, methods: [GET]}, {name: old, path: /old, redirect: /new}]}");
        verb("apply");
        assertThat(explain("/pictures/1?token=sesame", "--from", "192.0.2.9", "-H", "Authorization: Bearer open.sesame", "-H", "Cookie: sid=abcdef"))
                .contains("GET " + live.addresses().getFirst() + "/pictures/1?token=*** from 192.0.2.9", "edge edge-2 ", "asks for it, for this client alone", "nothing is stored (RFC 9111 section 4)", "shield shield",
                        "gateway pictures", "sends /pictures/1?token=*** to application", "service application", " answer\n", "weight 1, 0 of ")
                .doesNotContain("sesame", "abcdef");
        assertThat(explain("/pictures/1", "-X", "POST")).contains("stored responses answer GET and HEAD only", "its methods are GET", "no route takes it");
        assertThat(explain("/old/x")).contains("gateway old", "answers 308 /new").doesNotContain("service");
        assertThat(pictures.get()).isZero();
        try (HttpClient http = client()) {
            get(http, "/pictures/1");
        }
        assertThat(explain("/pictures/1")).contains("edge edge-1 ", "answers 200 from what is stored", "it is within its lifetime (RFC 9111 section 4.2)", "3 bytes, age ", "(max-age)", "tagged ").doesNotContain("gateway", "service");
        JsonNode record = new JsonMapper().readTree(explain("/pictures/1", "--from", "192.0.2.9", "--json"));
        assertThat(record.path("steps").valueStream().map(step -> step.path("name").asString())).containsExactly("edge-2", "shield");
        assertThat(record.at("/steps/1/section").asString()).isEqualTo("RFC 9111 section 4.2");
        assertThat(pictures.get()).isEqualTo(1);
        for (String wrong : List.of("pictures", "/a b")) {
            assertThat(new Captured().run("explain", wrong, "-C", folder.toString())).as(wrong).isEqualTo(2);
        }
    }

    private String explain(String... words) {
        List<String> all = new ArrayList<>(List.of("explain", "-C", folder.toString()));
        all.addAll(List.of(words));
        Captured captured = new Captured();
        assertThat(captured.run(all.toArray(String[]::new))).as(captured.err()).isZero();
        return captured.out();
    }

    @Test
    void aServiceIsAnotherApplicationOfTheSite_withServersOfItsOwn() throws Exception {
        writeSite("services: {search: {servers: ['http://127.0.0.1:" + search.getAddress().getPort() + "']}}");
        verb("apply");
        String name = "127.0.0.1:" + search.getAddress().getPort();
        await("the service's server to be healthy", () -> status().path("nodes").valueStream()
                .anyMatch(node -> node.path("id").asString().equals(name) && node.path("health").asString().equals("up")));
        Captured deploy = new Captured();
        assertThat(deploy.run("deploy", "search", "-C", folder.toString())).isEqualTo(2);
        assertThat(deploy.err()).contains("services.search.servers");
        Captured unknown = new Captured();
        assertThat(unknown.run("deploy", "mail", "-C", folder.toString())).isNotZero();
        assertThat(unknown.err()).contains("there is no service 'mail'; there are application, search");
    }

    private void move(String verb, String stage) {
        verb(verb, "--to", stage);
    }

    private void verb(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(1, List.of("-C", folder.toString()));
        Captured captured = new Captured();
        assertThat(captured.run(all.toArray(String[]::new))).as(captured.err()).isZero();
    }

    private JsonNode status() {
        Captured status = new Captured();
        assertThat(status.run("status", "-C", folder.toString(), "--json")).isZero();
        return new JsonMapper().readTree(status.out());
    }

    private HttpResponse<String> get(HttpClient http, String path) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(live.addresses().getFirst() + path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = Clock.system().nanos() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(Clock.system().nanos()).as("waited 30 s for " + what).isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    private HttpServer server(String says) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            forwarded.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Forwarded-For")));
            byte[] body = says.getBytes(StandardCharsets.US_ASCII);
            if (exchange.getRequestURI().getPath().startsWith("/pictures/")) {
                exchange.getResponseHeaders().set("Cache-Control", "max-age=3600");
                exchange.getResponseHeaders().set("Surrogate-Key", "pictures picture-" + exchange.getRequestURI().getPath().replace("/pictures/", ""));
                pictures.incrementAndGet();
            }
            exchange.sendResponseHeaders(200, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server;
    }

    private Path siteFile() {
        return folder.resolve("site.yaml");
    }

    private void writeSite(String more) throws IOException {
        Files.writeString(siteFile(), """
                site: shop
                stage: 5
                application:
                  servers: [http://127.0.0.1:%d]
                front-door:
                  listen: 127.0.0.1:0
                  health: {timeout: 5s}
                console:
                  listen: 127.0.0.1:0
                %s
                """.formatted(origin.getAddress().getPort(), more));
    }
}
