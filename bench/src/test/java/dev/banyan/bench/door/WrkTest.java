package dev.banyan.bench.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.bench.bed.Measured;
import org.junit.jupiter.api.Test;

/** What wrk 4.1.0 printed. */
class WrkTest {
    @Test
    void readsLatenciesOfMicrosecondsAndMilliseconds_andCountsWhatIsNot200() {
        Measured seen = Wrk.parse("""
                Running 1s test @ http://127.0.0.1:18099/x
                  1 threads and 4 connections
                  Thread Stats   Avg      Stdev     Max   +/- Stdev
                    Latency    51.09us  255.48us   4.83ms   97.54%
                    Req/Sec   179.83k     9.83k  188.38k    90.91%
                  Latency Distribution
                     50%   17.00us
                     75%   22.00us
                     90%   23.00us
                     99%    1.14ms
                  196351 requests in 1.10s, 57.67MB read
                  Non-2xx or 3xx responses: 196351
                Requests/sec: 178514.38
                Transfer/sec:     52.43MB
                """);
        assertThat(seen).isEqualTo(new Measured(196_351, 1.1, 0.017, 1.14, 196_351));
    }

    @Test
    void countsEverySocketError() {
        Measured seen = Wrk.parse("""
                Running 4s test @ http://127.0.0.1:18098/s
                  1 threads and 4 connections
                  Thread Stats   Avg      Stdev     Max   +/- Stdev
                    Latency   755.50ms  216.42ms 908.54ms  100.00%
                    Req/Sec     2.33      1.21     3.00     83.33%
                  Latency Distribution
                     50%  908.54ms
                     75%  908.54ms
                     90%  908.54ms
                     99%  908.54ms
                  6 requests in 4.12s, 234.00B read
                  Socket errors: connect 0, read 3, write 0, timeout 4
                Requests/sec:      1.46
                Transfer/sec:      56.78B
                """);
        assertThat(seen).isEqualTo(new Measured(6, 4.12, 908.54, 908.54, 7));
    }

    @Test
    void outputWithoutFiguresIsRefusedAndShown() {
        assertThatThrownBy(() -> Wrk.parse("unable to connect to 127.0.0.1:1 Connection refused"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("wrk's output lacks")
                .hasMessageContaining("Connection refused");
    }
}
