package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoadReportTest {
    private static final LoadReport.WebSockets WHOLE = new LoadReport.WebSockets(5, 5, 50, 50, 0, 0, 1, 0, "");
    private static final List<LoadReport.FailedRequest> FIRST = List.of(
            new LoadReport.FailedRequest(Instant.parse("2026-03-01T10:00:00.250Z"), "photo", "GET /api/v1/photos/7", "status_503", 503, "web-2", 12.1),
            new LoadReport.FailedRequest(Instant.parse("2026-03-01T10:00:01Z"), "feed", "GET /api/v1/feed", "timeout", 0, "", 10_000));

    @Test
    void isJsonOfAStableShape() {
        JsonNode json = JsonMapper.builder().build().readTree(report(new AuditReport(90, 1, 2, 3, 4, 1, List.of("lost: this one")), Optional.of(WHOLE), 10).json());
        assertThat(json.propertyNames()).containsExactly("url", "seconds", "arrivals", "requests", "failed", "by_kind", "first_failures", "rps_wanted", "rps_sent", "p50_ms", "p90_ms",
                "p99_ms", "max_ms", "service_p99_ms", "late", "lag_p99_ms", "lag_max_ms", "stale_connection_retried", "acknowledged", "lost", "doubled", "unchecked",
                "unacknowledged", "unacknowledged_there", "examples", "steps", "instances", "caches", "websockets", "interrupted", "passed");
        assertThat(json.path("by_kind").path("status_503").asLong()).isEqualTo(7);
        JsonNode first = json.path("first_failures").path(0);
        assertThat(first.propertyNames()).containsExactly("at", "step", "request", "kind", "status", "instance", "took_ms");
        assertThat(first.path("at").asString()).isEqualTo("2026-03-01T10:00:00.250Z");
        assertThat(json.path("steps").path("feed").path("p99_ms").asDouble()).isEqualTo(9.5);
        assertThat(json.path("instances").path("web-1").asLong()).isEqualTo(600);
        assertThat(json.path("websockets").path("moved").asInt()).isEqualTo(1);
        assertThat(json.path("caches").toString()).isEqualTo("{\"hits\":700,\"collapsed\":100,\"forwarded\":150,\"unsaid\":40,\"origin_share\":0.1919}");
        assertThat(json.path("doubled").asLong()).isEqualTo(2);
        assertThat(json.path("passed").asBoolean()).isFalse();
    }

    @Test
    void isATableThatSaysWhatFailedAndWhatWasLost() {
        assertThat(report(new AuditReport(90, 1, 0, 0, 4, 1, List.of("lost: this one")), Optional.of(WHOLE), 10).table())
                .contains("http://127.0.0.1:8080: DID NOT HOLD in 10.0 s: writes\n", "1,000, failed 10: status_503 7, timeout 3", "2026-03-01T10:00:00.250Z photo: GET /api/v1/photos/7 status_503 from web-2, after 12 ms\n",
                        "2026-03-01T10:00:01Z feed: GET /api/v1/feed timeout, after 10,000 ms\n", "acknowledged 90, lost 1, doubled 0",
                        "never acknowledged 4, of which 1 are there", "lost: this one", "web-1 600, web-2 390", "late (over 10 ms) 5 = 0.5%",
                        "stale connections retried 2", "hit 700, waited with another 100; to the origin 190 = 19.2%", "5 of 5 opened");
    }

    @Test
    void passesOnlyWithNothingLost_noMoreFailedThanAllowed_andWholeWebSockets() {
        AuditReport clean = new AuditReport(90, 0, 0, 0, 4, 1, List.of());
        assertThat(report(clean, Optional.of(WHOLE), 10).exitCode()).isZero();
        assertThat(report(clean, Optional.empty(), 9).exitCode()).as("one more failed than allowed").isEqualTo(1);
        assertThat(report(new AuditReport(90, 1, 0, 0, 0, 0, List.of()), Optional.empty(), 1000).exitCode()).as("lost").isEqualTo(1);
        assertThat(report(new AuditReport(90, 0, 1, 0, 0, 0, List.of()), Optional.empty(), 1000).exitCode()).as("doubled").isEqualTo(1);
        assertThat(report(new AuditReport(90, 0, 0, 1, 0, 0, List.of()), Optional.empty(), 1000).exitCode()).as("unchecked").isEqualTo(1);
        LoadReport.WebSockets broken = new LoadReport.WebSockets(5, 5, 50, 49, 0, 1, 0, 1, "");
        assertThat(report(clean, Optional.of(broken), 1000).exitCode()).as("a WebSocket broke").isEqualTo(1);
    }

    private static LoadReport report(AuditReport writes, Optional<LoadReport.WebSockets> sockets, long maxFailed) {
        return new LoadReport("http://127.0.0.1:8080", 10, 1000, 1000, 10, new TreeMap<>(Map.of("status_503", 7L, "timeout", 3L)), FIRST, 100, 99.5, 1.5, 4, 20, 250.4, 8, 5,
                0.2, 3, 2, writes, new TreeMap<>(Map.of("feed", new LoadReport.Step(500, 3, 1.5, 9.5, 20), "photo", new LoadReport.Step(500, 7, 1, 2, 3))),
                new TreeMap<>(Map.of("web-1", 600L, "web-2", 390L)), Optional.of(new LoadReport.Caches(700, 100, 150, 40)), sockets, false, maxFailed);
    }
}
