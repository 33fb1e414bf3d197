package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.BanyanException;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class FaultsApiTest {
    @TempDir
    Path folder;

    private LivingConsole console;

    @BeforeEach
    void start() {
        console = new LivingConsole(folder);
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void aFaultIsInjectedListedAndLifted() {
        HttpResponse<String> begun = console.send(console.change("/api/faults", "{\"kind\":\"latency\",\"target\":\"front-door>web-1\",\"for\":\"1m\",\"latency\":\"250ms\"}"));
        assertThat(begun.statusCode()).isEqualTo(201);
        assertThat(begun.headers().firstValue("location")).hasValue("/api/faults/1");
        JsonNode fault = console.json("/api/faults").at("/active/0");
        assertThat(fault).isEqualTo(read(begun.body()));
        assertThat(fault.get("kind").asString()).isEqualTo("latency");
        assertThat(fault.get("setting").asString()).isEqualTo("250ms");
        assertThat(fault.get("state").asString()).isEqualTo("active");
        assertThat(fault.get("who").asString()).isEqualTo("token");
        assertThat(fault.get("ended").isNull()).isTrue();
        assertThat(console.json("/api/faults/1")).isEqualTo(fault);
        assertThat(read(console.send(console.change("/api/faults/1/lift", "{}")).body()).get("state").asString()).isEqualTo("lifted");
        assertThat(console.json("/api/faults").get("active")).isEmpty();
        assertThat(console.json("/api/faults").at("/past/0/number").asInt()).isEqualTo(1);
    }

    @Test
    void whatCanBeBrokenIsToldWithItsKinds() {
        assertThat(console.json("/api/faults").at("/possible/1").toString()).isEqualTo("{\"target\":\"db-1\",\"kinds\":[\"kill\",\"stop\",\"full-disk\"]}");
    }

    @Test
    void theStreamTellsTheFaultsAtFirst_andWheneverOneBeginsOrEnds() throws Exception {
        HttpResponse<InputStream> stream = console.send(console.request("/api/stream"), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(next(lines).get("active")).isEmpty();
            console.send(console.change("/api/faults", "{\"kind\":\"stop\",\"target\":\"web-1\"}"));
            assertThat(next(lines).at("/active/0/target").asString()).isEqualTo("web-1");
            console.send(console.change("/api/faults/1/lift", "{}"));
            assertThat(next(lines).at("/past/0/state").asString()).isEqualTo("lifted");
        }
    }

    private static JsonNode next(BufferedReader lines) throws Exception {
        String line = lines.readLine();
        while (!line.equals("event: faults")) {
            line = lines.readLine();
        }
        return read(lines.readLine().substring("data: ".length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "{\"kind\":\"stop\"}", "{\"kind\":\"melt\",\"target\":\"web-1\"}", "{\"kind\":\"stop\",\"target\":\"web-1\",\"for\":\"11m\"}",
        "{\"kind\":\"stop\",\"target\":\"web-1\",\"for\":30}", "{\"kind\":\"stop\",\"target\":\"web-1\",\"latency\":\"1s\"}",
        "{\"kind\":\"latency\",\"target\":\"a>b\",\"latency\":\"2m\"}", "{\"kind\":\"latency\",\"target\":\"a>b\",\"latency\":\"10ms\",\"jitter\":\"11ms\"}",
        "{\"kind\":\"stop\",\"target\":\"web-1\",\"until\":\"1s\"}"
    })
    void anOrderThatMakesNoSenseIsRefused(String body) {
        HttpResponse<String> answer = console.send(console.change("/api/faults", body));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(read(answer.body()).get("code").asString()).isEqualTo("USAGE");
    }

    @Test
    void withoutATokenNothingIsBroken_andAFaultThatIsNotThereIsNotFound() {
        HttpResponse<String> refused = console.send(console.request("/api/faults").POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"kind\":\"stop\",\"target\":\"web-1\"}")));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(console.json("/api/faults").get("active")).isEmpty();
        assertThat(console.send(console.change("/api/faults/7/lift", "{}")).statusCode()).isEqualTo(404);
        assertThat(console.send(console.request("/api/faults/x")).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"200ms,,200ms", "200ms,50ms,200ms + up to 50ms", ",,100ms"})
    void theSettingSaysHowMuch(String latency, String jitter, String setting) {
        String times = (latency == null ? "" : ",\"latency\":\"" + latency + "\"") + (jitter == null ? "" : ",\"jitter\":\"" + jitter + "\"");
        assertThat(FaultOrder.of(read("{\"kind\":\"latency\",\"target\":\"a>b\"" + times + "}")).setting()).isEqualTo(setting);
    }

    @Test
    void aFaultLastsHalfAMinuteUnlessItIsSaid() {
        assertThat(FaultOrder.of(read("{\"kind\":\"kill\",\"target\":\"web-1\"}")).lasts()).isEqualTo(Duration.ofSeconds(30));
        assertThatThrownBy(() -> FaultOrder.of(read("{\"kind\":\"kill\",\"target\":\"web-1\",\"for\":\"1h\"}"))).isInstanceOf(BanyanException.class)
                .hasMessage("a fault lasts from 100ms to 10m, not 1h");
    }

    private static JsonNode read(String json) {
        return JsonMapper.shared().readTree(json);
    }
}
