package dev.banyan.bench.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.bench.bed.Measured;
import dev.banyan.topology.HostPort;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReadLoadTest {
    @Test
    void aJobGoesThroughALine() {
        ReadLoad.Job job = new ReadLoad.Job(new HostPort("127.0.0.1", 6380), 50, 16, 4000, 100_000, 0.99, 100);
        assertThat(ReadLoad.Job.parse(job.line())).isEqualTo(job);
        assertThat(ReadLoad.parse("1000 0.5 0.25 1.5")).isEqualTo(new Measured(1000, 0.5, 0.25, 1.5, 0));
    }

    @Test
    void commandsLieReadyAsRedisReadsThem() {
        ReadClient.Commands commands = ReadClient.Commands.of(12, new int[] {0});
        assertThat(new String(commands.encoded(), 11 * ReadClient.Commands.BYTES, ReadClient.Commands.BYTES, StandardCharsets.US_ASCII))
                .isEqualTo("*2\r\n$3\r\nGET\r\n$16\r\nkey:000000000011\r\n");
    }
}
