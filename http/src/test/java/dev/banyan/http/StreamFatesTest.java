package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamFatesTest {
    private final StreamFates fates = new StreamFates();

    @Test
    void tellsEndedStreamsFromResetOnesAndFromThosePassedOver() {
        fates.opened(1);
        fates.opened(7);
        fates.opened(9);
        fates.ended(1);
        fates.ended(9);
        fates.opened(11);
        fates.resetHere(11);
        assertThat(fates.of(11)).isEqualTo(StreamFates.Fate.RESET_HERE);
        assertThat(fates.of(1)).isEqualTo(StreamFates.Fate.ENDED);
        assertThat(fates.of(3)).isEqualTo(StreamFates.Fate.PASSED_OVER);
        assertThat(fates.of(5)).isEqualTo(StreamFates.Fate.PASSED_OVER);
        assertThat(fates.of(7)).isEqualTo(StreamFates.Fate.RESET);
        assertThat(fates.of(9)).isEqualTo(StreamFates.Fate.ENDED);
    }

    @Test
    void forgetsOldStreams_andTakesThemForReset() {
        fates.opened(1);
        fates.ended(1);
        fates.opened(2 * StreamFates.KEPT + 1);
        assertThat(fates.of(1)).isEqualTo(StreamFates.Fate.RESET);
        assertThat(fates.of(3)).isEqualTo(StreamFates.Fate.PASSED_OVER);
        fates.opened(Integer.MAX_VALUE);
        assertThat(fates.of(Integer.MAX_VALUE - 2)).isEqualTo(StreamFates.Fate.PASSED_OVER);
        assertThat(fates.of(2 * StreamFates.KEPT + 1)).isEqualTo(StreamFates.Fate.RESET);
    }
}
