package dev.banyan.http.gateway;

import static dev.banyan.http.gateway.Gateways.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.http.gateway.Gateways.Went;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site's own pages: for errors, and while it is worked on. */
class ErrorPagesTest {
    private static final String GATEWAY = """
            routes: [{ name: fixed, path: /fixed, respond: { status: 404, body: fixed } }]
            error-pages: { 404: 404.html, 5xx: { file: 5xx.html, intercept: true }, 503: 503.json }
            """;

    @TempDir
    Path beside;

    @BeforeEach
    void pages() throws IOException {
        Files.writeString(beside.resolve("404.html"), "<h1>not here");
        Files.writeString(beside.resolve("5xx.html"), "<h1>sorry");
        Files.writeString(beside.resolve("503.json"), "{\"busy\":true}");
        Files.writeString(beside.resolve("closed.html"), "<h1>closed");
    }

    private RouteTable table(String gateway) {
        return RouteTable.of(Gateways.site(gateway).gateway(), beside, Checks.NONE);
    }

    private static String body(LocalAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void answersOfTheFrontDoorHaveTheSitesPages() {
        RouteTable table = table(GATEWAY);
        LocalAnswer busy = table.dress(LocalAnswer.QUEUE_FULL);
        assertThat(body(busy)).isEqualTo("{\"busy\":true}");
        assertThat(busy.fields()).contains(new FieldLine("Content-Type", "application/json"), new FieldLine("Retry-After", "1"), new FieldLine("Cache-Control", "no-store"));
        assertThat(busy.fields().stream().filter(field -> field.name().equals("Content-Type"))).hasSize(1);
        assertThat(body(table.dress(LocalAnswer.NO_ANSWER))).isEqualTo("<h1>sorry");
        assertThat(table.dress(LocalAnswer.BAD_BODY)).isSameAs(LocalAnswer.BAD_BODY);
    }

    @Test
    void whatARouteSaysIsNotReplaced() {
        assertThat(body(Gateways.pass(table(GATEWAY), get("/fixed")).answer())).isEqualTo("fixed");
    }

    @Test
    void aServicesAnswerIsReplacedWhereThePageSaysSo() {
        Went went = Gateways.pass(table(GATEWAY), get("/x"));
        assertThat(body(went.passage().answered(PassageTest.response("500 Oops")))).isEqualTo("<h1>sorry");
        assertThat(went.passage().answered(PassageTest.response("503 Busy"))).isNull();
        assertThat(went.passage().answered(PassageTest.response("404 Not Found"))).isNull();
        assertThat(went.passage().answered(PassageTest.response("200 OK"))).isNull();
    }

    @Test
    void whileTheSiteIsWorkedOnOnlySomeAreServed() {
        RouteTable table = table("{ maintenance: { active: true, page: closed.html, retry-after: 10m, allow: [198.51.100.0/24] }, routes: [{ name: fixed, path: /fixed, respond: {} }] }");
        LocalAnswer answer = Gateways.pass(table, get("/fixed")).answer();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(body(answer)).isEqualTo("<h1>closed");
        assertThat(answer.fields()).contains(new FieldLine("Retry-After", "600"), new FieldLine("Cache-Control", "no-store"), new FieldLine("Content-Type", "text/html; charset=utf-8"));
        Call worker = new Call();
        worker.begin(get("/"), "198.51.100.9", true);
        assertThat(new Passage(Loops.random(1)).pass(table, worker, Gateways.REQUEST_ID, 0)).isNull();
    }

    @Test
    void aPageThatIsGoneIsSaidByName() throws IOException {
        Files.delete(beside.resolve("404.html"));
        assertThatThrownBy(() -> table(GATEWAY)).isInstanceOf(BanyanException.class).hasMessageContaining("404.html cannot be read");
    }
}
