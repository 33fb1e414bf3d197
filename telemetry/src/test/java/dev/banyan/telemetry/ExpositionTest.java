package dev.banyan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ExpositionTest {
    @Test
    void prometheusTextIsAsExpected() throws IOException {
        Exposition exposition = Exposition.of(figures().snapshot(), "text/plain");
        assertThat(exposition.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(text(exposition)).isEqualTo(golden("exposition.prom"));
    }

    @Test
    void openMetricsIsGivenToWhoAsks() {
        Exposition exposition = Exposition.of(figures().snapshot(), "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        assertThat(exposition.contentType()).startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(text(exposition)).contains("# TYPE banyan_retries counter\n", "banyan_retries_total{server=\"web-1\"} 3.0\n").endsWith("# EOF\n");
    }

    @Test
    void promtoolFindsNothingToBlame() throws Exception {
        Optional<Path> promtool = onPath("promtool");
        Assumptions.assumeTrue(promtool.isPresent(), "promtool is not installed (Debian: apt-get install prometheus): the exposition was not checked by it");
        Process process = new ProcessBuilder(promtool.orElseThrow().toString(), "check", "metrics").redirectErrorStream(true).start();
        process.getOutputStream().write(Exposition.of(figures().snapshot(), "").body());
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(process.exitValue()).isZero();
    }

    private static Registry figures() {
        Registry registry = new Registry(new TestClock());
        Histogram durations = registry.histogram("http_server_request_duration_seconds", "How long requests took.", Labels.of("server", "web-1", "class", "2xx"));
        durations.record(4_000_000);
        durations.record(80_000_000);
        durations.record(20_000_000_000L);
        registry.counter("banyan_retries_total", "Requests that were sent again.", Labels.of("server", "web-1")).add(3);
        registry.counter("banyan_retries_total", "Requests that were sent again.", Labels.of("server", "a\"b\\c\nd")).add(1);
        registry.gauge("banyan_servers", "Servers by health.", Labels.of("health", "up"), () -> 2.5);
        registry.total("process_cpu_seconds_total", "Processor time.", Labels.NONE, () -> 12.25);
        registry.counter("banyan_gone_total", "All of its series are removed.", Labels.of("server", "web-9"));
        registry.removeAll(Labels.of("server", "web-9"));
        return registry;
    }

    private static String text(Exposition exposition) {
        return new String(exposition.body(), StandardCharsets.UTF_8);
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = ExpositionTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, program)).filter(Files::isExecutable).findFirst();
    }
}
