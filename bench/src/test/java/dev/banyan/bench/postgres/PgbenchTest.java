package dev.banyan.bench.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.bench.bed.Measured;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What pgbench 15 printed. */
class PgbenchTest {
    private static final String OUTPUT = """
            pgbench (15.14 (Debian 15.14-0+deb12u1), server 17.11)
            transaction type: <builtin: select only>
            scaling factor: 1
            query mode: simple
            number of clients: 32
            number of threads: 1
            maximum number of tries: 1
            duration: 1 s
            number of transactions actually processed: 50000
            number of failed transactions: 25 (0.050%)
            latency average = 0.635 ms
            initial connection time = 111.270 ms
            tps = 40000.000000 (without initial connection time)
            """;

    @Test
    void readsTransactionsAndFailures_andTakesPercentilesFromTheLog() {
        List<Double> latencies = IntStream.rangeClosed(1, 100).mapToObj(i -> i / 100.0).toList();
        assertThat(Pgbench.parse(OUTPUT, latencies)).isEqualTo(new Measured(50_000, 1.25, 0.51, 1.00, 25));
    }

    @Test
    void aRunTooShortToDoAnythingHasDoneNothing() {
        assertThat(Pgbench.parse("number of transactions actually processed: 0\nnumber of failed transactions: 0 (NaN%)\n", List.of()).requests()).isZero();
    }

    @Test
    void outputWithoutFiguresIsRefusedAndShown() {
        assertThatThrownBy(() -> Pgbench.parse("pgbench: error: connection to server failed", List.of(1.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pgbench's output lacks")
                .hasMessageContaining("connection to server failed");
        assertThatThrownBy(() -> Pgbench.parse(OUTPUT, List.of())).hasMessageContaining("logged no transaction");
    }
}
