package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpareBuffersTest {
    private static final ByteBufAllocator ALLOCATOR = ByteBufAllocator.DEFAULT;

    private final SpareBuffers spares = new SpareBuffers();

    @Test
    void whatWasSentIsUsedAgain_andIsEmpty() {
        ByteBuf sent = spares.take(ALLOCATOR).writeByte(1);
        spares.giveBack(sent);
        ByteBuf next = spares.take(ALLOCATOR);
        assertThat(next).isSameAs(sent);
        assertThat(next.isReadable()).isFalse();
        spares.giveBack(next);
        spares.close();
        assertThat(next.refCnt()).isZero();
    }

    @Test
    void whatStillWaitsInAChannelIsLeftToIt() {
        ByteBuf sent = spares.take(ALLOCATOR).writeByte(1);
        ByteBuf waiting = sent.retain();
        spares.giveBack(sent);
        ByteBuf next = spares.take(ALLOCATOR).writeByte(2);
        assertThat(next).isNotSameAs(sent);
        assertThat(waiting.getByte(0)).isEqualTo((byte) 1);
        next.release();
        assertThat(waiting.release()).as("the channel was the last").isTrue();
        spares.close();
    }

    @Test
    void noMoreAndNoLargerOnesAreKeptThanItSays() {
        List<ByteBuf> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(spares.take(ALLOCATOR));
        }
        ByteBuf large = spares.take(ALLOCATOR).capacity(5000);
        spares.giveBack(large);
        all.forEach(spares::giveBack);
        assertThat(large.refCnt()).isZero();
        assertThat(all.stream().filter(each -> each.refCnt() > 0)).hasSize(64);
        spares.close();
        assertThat(all).allMatch(each -> each.refCnt() == 0);
    }

    @Test
    void nothingIsKept_onceItIsClosed() {
        ByteBuf late = spares.take(ALLOCATOR);
        spares.close();
        spares.giveBack(late);
        assertThat(late.refCnt()).isZero();
    }
}
