package dev.banyan.bench.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.bench.bed.Measured;
import org.junit.jupiter.api.Test;

/** What redis-benchmark 7.0 printed. */
class RedisBenchmarkTest {
    private static final String OUTPUT = """
            WARNING: Could not fetch server CONFIG
            "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
            "GET","200000.00","0.157","0.048","0.151","0.231","0.279","0.623"
            """;

    @Test
    void readsTheRateAndThePercentiles() {
        assertThat(RedisBenchmark.parse(OUTPUT, "GET", 100_000)).isEqualTo(new Measured(100_000, 0.5, 0.151, 0.279, 0));
    }

    @Test
    void outputWithoutFiguresIsRefusedAndShown() {
        assertThatThrownBy(() -> RedisBenchmark.parse("Could not connect to Redis at 127.0.0.1:1: Connection refused", "GET", 1))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no line of GET").hasMessageContaining("Connection refused");
        assertThatThrownBy(() -> RedisBenchmark.parse("\"GET\",\"1\"\n", "GET", 1)).hasMessageContaining("2 columns, not 8");
    }
}
