package dev.banyan.changes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private final Handover handover = new Handover();

    @Test
    void whatIsTakenCountsAsToldWhenItIsDone() throws Exception {
        handover.startAt(10);
        handover.give(part(20, 1), 0);
        handover.give(part(0, 1), 0);
        assertThat(handover.toldOf(99)).isEqualTo(10);
        handover.take();
        assertThat(handover.toldOf(99)).isEqualTo(10);
        handover.done();
        assertThat(handover.toldOf(99)).isEqualTo(20);
        handover.take();
        assertThat(handover.awaitAll(0)).isFalse();
        handover.done();
        assertThat(handover.awaitAll(0)).isTrue();
        assertThat(handover.told()).as("a part is not a transaction").isEqualTo(20);
        assertThat(handover.toldOf(30)).as("nothing is left of what was read").isEqualTo(30);
    }

    @Test
    void isBoundedInBytesAndParts_butTakesOneThatIsLargerByItself() throws Exception {
        assertThat(handover.give(part(1, 3 * Handover.MOST_BYTES), 0)).isTrue();
        assertThat(handover.give(part(2, 1), 0)).isFalse();
        handover.take();
        handover.done();
        for (int i = 0; i < Handover.MOST_PARTS; i++) {
            assertThat(handover.give(part(3, 1), 0)).isTrue();
        }
        assertThat(handover.give(part(4, 1), 1_000)).isFalse();
    }

    @Test
    void isOverForBothWhenItIsClosed() throws Exception {
        handover.give(part(1, 1), 0);
        handover.close();
        assertThat(handover.take()).isNull();
        assertThat(handover.give(part(2, 1), 0)).isFalse();
        assertThat(handover.awaitRest(0)).isTrue();
        assertThat(handover.toldOf(9)).as("what waits was not told").isZero();
    }

    private static Told.Part part(long end, int bytes) {
        return new Told.Part(new Commit(1, end, Instant.EPOCH), List.of(), end, bytes);
    }
}
