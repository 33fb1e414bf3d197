package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.telemetry.Labels;
import org.junit.jupiter.api.Test;

/** What is counted adds up. */
class MetricsTest {
    @Test
    void countsRequestsRetriesAndConnections() throws Exception {
        Origin.Script failing = (request, out) -> {
            if (request.line().contains("/close")) {
                out.close();
            } else {
                Origin.write(out, "HTTP/1.1 " + request.line().substring(5, 8) + " X\r\nContent-Length: 0\r\n\r\n");
            }
        };
        try (Origin origin = new Origin(failing); Site site = Site.of("  retries: {attempts: 1}\n", origin); Client client = new Client(site)) {
            for (String status : new String[] {"200", "204", "304", "404", "500"}) {
                assertThat(client.say("GET /" + status + " HTTP/1.1\r\nHost: a\r\n\r\n").head()).startsWith("HTTP/1.1 " + status);
            }
            assertThat(client.say("GET /close HTTP/1.1\r\nHost: a\r\n\r\n").answer()).startsWith("HTTP/1.1 502 ");
            assertThat(duration(site, "2xx")).isEqualTo(2);
            assertThat(duration(site, "3xx")).isEqualTo(1);
            assertThat(duration(site, "4xx")).isEqualTo(1);
            assertThat(duration(site, "5xx")).isEqualTo(2);
            assertThat(site.servers.getFirst().requests()).isGreaterThanOrEqualTo(6);
            assertThat(site.servers.getFirst().failures()).isGreaterThanOrEqualTo(2);
            assertThat(site.door.connections()).isEqualTo(1);
        }
    }

    private static long duration(Site site, String status) {
        return site.registry.histogram("http_server_request_duration_seconds", "From a request's head to the end of its answer, at the front door.", Labels.of("class", status, "http_route", "")).distribution().count();
    }
}
