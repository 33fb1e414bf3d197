package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The watch sees a lost buffer. */
class LeakWatchTest {
    private static void loseOne() {
        ByteBufAllocator.DEFAULT.directBuffer(7).touch("lost on purpose").writeByte(1);
    }

    @Test
    void aLostBufferIsReported() {
        loseOne();
        Site.await("the report", () -> LeakWatch.collect().stream().anyMatch(leak -> leak.contains("lost on purpose")));
        assertThat(LeakWatch.forgive("lost on purpose")).isTrue();
    }
}
