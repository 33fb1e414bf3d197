package dev.banyan.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WrongTokensTest {
    private final HandClock clock = new HandClock();
    private final WrongTokens wrong = new WrongTokens(clock);

    private static final class HandClock implements Clock {
        private long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public void sleep(Duration time) {
            nanos += time.toNanos();
        }
    }

    @Test
    void tenDifferentOnesAreTooMany_ofThatAddressAlone_andOneMoreIsLookedAtEachSixSeconds() {
        for (int i = 0; i < 9; i++) {
            assertThat(wrong.add("10.0.0.1", "guess-" + i)).isFalse();
        }
        assertThat(wrong.tooMany("10.0.0.1")).isFalse();
        assertThat(wrong.add("10.0.0.1", "guess-9")).isTrue();
        assertThat(wrong.tooMany("10.0.0.1")).isTrue();
        assertThat(wrong.tooMany("10.0.0.2")).isFalse();
        clock.sleep(Duration.ofSeconds(6));
        assertThat(wrong.tooMany("10.0.0.1")).isFalse();
        assertThat(wrong.add("10.0.0.1", "guess-10")).isTrue();
    }

    @Test
    void theSameOneAgainGuessesNothing() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(wrong.add("10.0.0.1", "an old cookie")).isFalse();
        }
    }

    @Test
    void anyNumberOfAddressesTakesBoundedMemory_andTheLatestAreKnown() {
        for (int address = 0; address < 5_000; address++) {
            for (int i = 0; i < 10; i++) {
                wrong.add("address-" + address, "guess-" + i);
            }
        }
        assertThat(wrong.tooMany("address-4999")).isTrue();
        assertThat(wrong.tooMany("address-1")).isFalse();
    }
}
