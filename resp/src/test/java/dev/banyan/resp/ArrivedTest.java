package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ArrivedTest {
    private static final ByteBufAllocator ALLOCATOR = ByteBufAllocator.DEFAULT;

    private static ByteBuf bytes(String text) {
        return ALLOCATOR.directBuffer(text.length()).writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(ByteBuf buffer) {
        return buffer.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void whatWaitsInAChannelIsNotMoved_whenMoreComes() {
        String first = "a".repeat(40_000) + "rest";
        ByteBuf in = Arrived.behind(null, bytes(first), ALLOCATOR);
        ByteBuf waiting = in.retainedSlice(0, 40_000);
        in.skipBytes(40_000);
        in = Arrived.behind(in, bytes("b".repeat(60_000)), ALLOCATOR);
        assertThat(text(in)).isEqualTo("rest" + "b".repeat(60_000));
        assertThat(text(waiting)).isEqualTo("a".repeat(40_000));
        waiting.release();
        in.release();
    }

    @Test
    void whatNobodyElseHasIsGrown() {
        ByteBuf in = Arrived.behind(null, bytes("abc"), ALLOCATOR);
        in.skipBytes(2);
        ByteBuf same = Arrived.behind(in, bytes("def"), ALLOCATOR);
        assertThat(same).isSameAs(in);
        assertThat(text(same)).isEqualTo("cdef");
        same.release();
    }
}
