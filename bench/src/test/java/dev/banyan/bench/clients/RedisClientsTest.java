package dev.banyan.bench.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RedisClientsTest {
    /** Those that need no registry. */
    @Test
    void redissOwnToolsWorkThroughTheRouter() throws Exception {
        assumeTrue(RedisClients.obstacle().isEmpty(), () -> RedisClients.obstacle().orElseThrow());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            assertThat(RedisClients.run(RedisClients.Plan.of(new String[] {"--only", "redis-cli,redis-benchmark"}), out)).as(printed.toString(StandardCharsets.UTF_8)).isTrue();
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).hasSize(6);
    }

    @Test
    void whatCannotBeUsedIsRefusedWithASentence() {
        assertThatThrownBy(() -> RedisClients.Plan.of(new String[] {"--only", "jedis"})).hasMessageStartingWith("--only is of ioredis, node-redis");
        assertThatThrownBy(() -> RedisClients.Plan.of(new String[] {"--through", "haproxy"})).hasMessageStartingWith("--through is of direct, one, ring");
    }
}
