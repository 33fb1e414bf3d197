package dev.banyan.drill.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowTest {
    private final Row row = new Row(7, 0);

    private void written(long atNanos) {
        row.acknowledged(row.next(), atNanos);
    }

    @Test
    void anAnswerIsAsOldAsTheFirstAcknowledgedVersionAfterItIsKnown() {
        written(100);
        written(300);
        assertThat(row.replacedFor(2, 1_000)).isZero();
        assertThat(row.replacedFor(1, 1_000)).isEqualTo(700);
        assertThat(row.replacedFor(0, 1_000)).isEqualTo(900);
        assertThat(row.replacedFor(0, 50)).as("a read that began before").isZero();
        assertThat(row.newest()).isEqualTo(2);
    }

    @Test
    void aVersionWithoutAnAnswerReplacesNothing_butMayBeShown() {
        written(100);
        row.next();
        assertThat(row.replacedFor(1, 1_000)).isZero();
        assertThat(row.newest()).isEqualTo(1);
        assertThat(row.tried()).isEqualTo(2);
        written(500);
        assertThat(row.replacedFor(1, 1_000)).isEqualTo(500);
    }

    @Test
    void whatWasSeenOnlyGrows_andThereIsRoomForManyVersions() {
        row.saw(3);
        row.saw(2);
        assertThat(row.seen()).isEqualTo(3);
        for (int i = 1; i <= 1_000; i++) {
            written(i);
        }
        assertThat(row.newest()).isEqualTo(1_000);
    }
}
