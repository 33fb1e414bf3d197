package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** photos at stage 6, as the command runs it: what pages are made of comes from the edge, and what one user is shown never reaches another through it. */
class TwoUsersAtTheEdgeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** One pixel. */
    private static final byte[] PNG = Base64.getDecoder().decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static final Pattern PARTS = Pattern.compile("(?:src|href)=\"((?:/static|/media)/[^\"]+)\"");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Process banyan;
    private String door;

    /** How a user shows who they are. */
    private record Member(String name, String header, String value) {}

    @BeforeEach
    void start() throws IOException {
        Path photos = Path.of("..", "photos", "target", "lib").toRealPath();
        Files.writeString(folder.resolve("site.yaml"), """
                site: photos
                stage: 6
                application:
                  command: [java, -Xmx128m, -cp, "%s/*", dev.banyan.photos.Photos]
                  health-path: /health
                  instances: 2
                  start-timeout: 120s
                database: { kind: postgresql, replicas: 0, router: { listen: 127.0.0.1:0 } }
                front-door: { listen: 127.0.0.1:0 }
                console: { listen: 127.0.0.1:0 }
                """.formatted(photos));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        banyan = new ProcessBuilder(java, "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", Path.of("target", "lib").toAbsolutePath() + "/*", "dev.banyan.cli.Banyan", "up", "--json", folder.resolve("site.yaml").toString())
                .redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile()).start();
        await("the site is up", () -> !banyan.isAlive() || said("out").endsWith("\n"));
        assertThat(banyan.isAlive()).as(said("err")).isTrue();
        JsonNode up = JSON.readTree(said("out"));
        assertThat(up.path("stage").asInt()).isEqualTo(6);
        door = up.path("frontDoor").get(0).asString();
        await("the edge answers", () -> cacheStatus(get("/explore", "Accept", "*/*")).contains("edge-1"));
    }

    @AfterEach
    void end() throws InterruptedException {
        http.close();
        banyan.destroy();
        if (!banyan.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            banyan.destroyForcibly();
        }
    }

    @Test
    void whatOneUserIsShownNeverReachesAnother_andWhatPagesAreMadeOfComesFromTheEdge() throws Exception {
        String ann = joined("ann");
        String bob = joined("bob");
        long photo = JSON.readTree(send("POST", "/api/v1/photos?title=A+tiny+sea", "Authorization", "Bearer " + ann, "image/png", PNG).body()).path("id").asLong();
        List<Member> members = List.of(new Member("ann", "Cookie", "photos_session=" + ann), new Member("bob", "Cookie", "photos_session=" + bob),
                new Member("ann", "Authorization", "Bearer " + ann), new Member("bob", "Authorization", "Bearer " + bob));
        List<String> pages = List.of("/", "/explore", "/search?q=sea", "/u/ann", "/u/bob", "/photos/" + photo, "/upload", "/api/v1/me", "/api/v1/feed", "/api/v1/photos/" + photo,
                "/photos/" + photo + "?nonexistent.css", "/u/ann?x=.js");

        for (int round = 0; round < 3; round++) {
            for (String page : pages) {
                visitorSeesNobody(page);
                for (Member member : members) {
                    memberSeesTheirOwn(member, page);
                }
                visitorSeesNobody(page);
            }
        }
        for (Member member : members) {
            partsComeFromTheEdge(member, "/photos/" + photo);
        }
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> form = get("/login", "Accept", "text/html");
            assertThat(form.headers().firstValue("Set-Cookie")).as("each visitor's form has a cookie of its own").isPresent();
            assertThat(cacheStatus(form)).doesNotContain("hit");
        }
    }

    private void memberSeesTheirOwn(Member member, String page) {
        HttpResponse<String> answer = get(page, member.header(), member.value());
        String other = member.name().equals("ann") ? "bob" : "ann";
        assertThat(answer.statusCode()).as(page).isEqualTo(200);
        assertThat(cacheStatus(answer)).as(page + " of " + member).doesNotContain("hit");
        assertThat(answer.headers().firstValue("Cache-Control")).as(page).hasValue("private, no-store");
        if (!page.startsWith("/api/")) {
            assertThat(answer.body()).as(page + " of " + member).contains("<a class=\"tab\" href=\"/u/" + member.name() + "\"").doesNotContain("<a class=\"tab\" href=\"/u/" + other + "\"");
        } else if (page.equals("/api/v1/me")) {
            assertThat(answer.body()).contains("\"name\":\"" + member.name() + "\"");
        }
    }

    private void visitorSeesNobody(String page) {
        HttpResponse<String> answer = get(page, "Accept", "*/*");
        assertThat(answer.body()).as(page + " of nobody").doesNotContain("<a class=\"tab\" href=\"/u/", "name=\"csrf\" value=\"");
        assertThat(answer.headers().firstValue("Set-Cookie")).as(page).isEmpty();
    }

    /** Asked for twice: the first may be a miss. */
    private void partsComeFromTheEdge(Member member, String page) {
        Matcher part = PARTS.matcher(get(page, member.header(), member.value()).body());
        int parts = 0;
        while (part.find()) {
            get(part.group(1), member.header(), member.value());
            assertThat(cacheStatus(get(part.group(1), member.header(), member.value()))).as(part.group(1)).contains("edge-1; hit");
            parts++;
        }
        assertThat(parts).isGreaterThanOrEqualTo(4);
    }

    private String joined(String name) throws Exception {
        byte[] account = JSON.writeValueAsBytes(java.util.Map.of("name", name, "password", "correct horse"));
        assertThat(send("POST", "/api/v1/users", "Accept", "*/*", "application/json", account).statusCode()).isEqualTo(201);
        return JSON.readTree(send("POST", "/api/v1/sessions", "Accept", "*/*", "application/json", account).body()).path("token").asString();
    }

    private HttpResponse<String> get(String path, String header, String value) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(door + path)).header(header, value).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> send(String method, String path, String header, String value, String type, byte[] body) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(door + path)).header(header, value).header("Content-Type", type).method(method, BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
    }

    private static String cacheStatus(HttpResponse<?> answer) {
        return answer.headers().firstValue("Cache-Status").orElse("nothing");
    }

    private String said(String where) {
        try {
            return Files.readString(folder.resolve(where));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
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
