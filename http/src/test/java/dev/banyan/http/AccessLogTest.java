package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One JSON line a request, whatever a client says, and no secret of its. */
class AccessLogTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private List<JsonNode> lines(int count) {
        Path log = folder.resolve("access.log");
        Site.await(count + " lines", () -> text(log).lines().count() >= count);
        return text(log).lines().map(JSON::readTree).toList();
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (java.io.IOException notYet) {
            return "";
        }
    }

    @Test
    void saysWhoAskedWhatAndHowItWent() throws Exception {
        Instant before = Instant.now();
        try (Origin origin = Origin.saying("hello"); Site site = Site.logging(folder.resolve("access.log"), "", origin)) {
            Client.ask(site, "GET /a?b=c HTTP/1.1\r\nHost: shop.example\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n");
            JsonNode line = lines(1).getFirst();
            assertThat(line.propertyNames()).containsExactly("time", "client", "method", "host", "path", "status", "bytes", "ms", "waited_ms", "server", "id");
            assertThat(Instant.parse(line.get("time").asString())).isBetween(before.minusMillis(2), Instant.now().plusMillis(2));
            assertThat(line.get("time").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            assertThat(line.get("client").asString()).isEqualTo("127.0.0.1");
            assertThat(line.get("method").asString()).isEqualTo("GET");
            assertThat(line.get("host").asString()).isEqualTo("shop.example");
            assertThat(line.get("path").asString()).isEqualTo("/a?b=c");
            assertThat(line.get("status").asInt()).isEqualTo(200);
            assertThat(line.get("bytes").asInt()).isEqualTo(5);
            assertThat(line.get("ms").asDouble()).isGreaterThanOrEqualTo(line.get("waited_ms").asDouble());
            assertThat(line.get("server").asString()).isEqualTo("web-1");
            assertThat(line.get("id").asString()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        }
    }

    @Test
    void isJson_whateverAClientSays() throws Exception {
        String path = "/\"\\'}{<script>\\u0000%00%22|^`~" + "z".repeat(3000);
        try (Origin origin = Origin.saying("x"); Site site = Site.logging(folder.resolve("access.log"), "", origin)) {
            Client.ask(site, "\"BREW\\\" / HTTP/1.1\r\n\r\n");
            Client.ask(site, "B'R|E~W / HTTP/1.1\r\nHost: a\r\n\r\n");
            Client.ask(site, "GET " + path + " HTTP/1.1\r\nHost: a%2f[:x\r\n\r\n");
            Client.ask(site, "GET " + path + " HTTP/1.1\r\nHost: a%2f\r\n\r\n");
            Client.ask(site, "GET /\u0001\u00ff HTTP/1.1\r\nHost: a\r\n\r\n");
            List<JsonNode> lines = lines(5);
            assertThat(lines).extracting(line -> line.get("status").asInt()).containsExactly(400, 200, 400, 200, 400);
            assertThat(lines.get(1).get("method").asString()).isEqualTo("B'R|E~W");
            assertThat(lines.get(3).get("path").asString()).isEqualTo(path.substring(0, 1024));
            assertThat(lines.get(4).get("note").asString()).isEqualTo("the target is malformed");
        }
    }

    @Test
    void holdsNoSecret() throws Exception {
        Origin.Script answer = (_, out) -> Origin.write(out, "HTTP/1.1 200 OK\r\nSet-Cookie: s=hunter2\r\nContent-Length: 0\r\n\r\n");
        try (Origin origin = new Origin(answer); Site site = Site.logging(folder.resolve("access.log"), "  balance: {algorithm: hash, hash: cookie s}\n", origin)) {
            Client.ask(site, "GET / HTTP/1.1\r\nHost: a\r\nCookie: s=hunter2\r\nAuthorization: Bearer hunter2\r\nX-Api-Key: hunter2\r\n\r\n");
            Client.ask(site, "GET / HTTP/1.1\r\nHost: a\r\nCookie: s=hunter2\r\nAuthorization : Bearer hunter2\r\n\r\n");
            lines(2);
            assertThat(text(folder.resolve("access.log"))).doesNotContain("hunter2");
        }
    }

    @Test
    void saysWhyItDidNotGoAsItShould() throws Exception {
        try (Origin origin = new Origin((_, out) -> out.close());
                Site site = Site.logging(folder.resolve("access.log"), "  retries: {attempts: 1}\n", origin)) {
            Client.get(site, "/");
            JsonNode line = lines(1).getFirst();
            assertThat(line.get("status").asInt()).isEqualTo(502);
            assertThat(line.get("tries").asInt()).isEqualTo(2);
            assertThat(line.get("note").asString()).isEqualTo("the application server gave no answer");
        }
    }

    /** Nobody is connected any more and no timer runs: the last line must not wait for the next visitor. */
    @Test
    void theLastLineIsWritten_whenEverybodyHasLeft() throws Exception {
        try (Site site = Site.logging(folder.resolve("access.log"), "")) {
            Client.get(site, "/");
            assertThat(lines(1).getFirst().get("status").asInt()).isEqualTo(503);
        }
    }

    @Test
    void saysWhatTheFrontDoorsEndCutOff() throws Exception {
        Origin.Script never = (request, _) -> request.body().read();
        Path log = folder.resolve("access.log");
        try (Origin origin = new Origin(never)) {
            try (Site site = Site.logging(log, "", origin); Client client = new Client(site)) {
                client.say("GET /cut HTTP/1.1\r\nHost: a\r\n\r\n");
                Site.await("the request", () -> site.inFlight() == 1);
                site.door.close();
            }
            assertThat(text(log)).contains("\"path\":\"/cut\",\"status\":499");
        }
    }
}
