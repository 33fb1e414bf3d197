package dev.banyan.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Hash64Test {
    @Test
    void eachBitOfAKeyChangesEachBitOfItsHashInAboutHalfOfTheCases() {
        byte[] key = "GET /photos/000000.jpg".getBytes(StandardCharsets.ISO_8859_1);
        for (int bit = 0; bit < key.length * 8; bit++) {
            int[] flips = new int[64];
            int samples = 400;
            for (int sample = 0; sample < samples; sample++) {
                key[key.length - 5] = (byte) sample;
                key[key.length - 6] = (byte) (sample >> 8);
                long before = Hash64.of(key, 0, key.length);
                key[bit / 8] ^= (byte) (1 << bit % 8);
                long change = before ^ Hash64.of(key, 0, key.length);
                key[bit / 8] ^= (byte) (1 << bit % 8);
                for (int out = 0; out < 64; out++) {
                    flips[out] += (int) (change >>> out & 1);
                }
            }
            for (int flipped : flips) {
                // Six standard deviations of a fair coin.
                assertThat(flipped / (double) samples).isCloseTo(0.5, within(0.15));
            }
        }
    }

    @Test
    void aHundredThousandAlikeTextsHaveDifferentHashes() {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            seen.add(Hash64.of("/photos/" + i));
        }
        assertThat(seen).hasSize(100_000);
    }

    @Test
    void zeroesAndLengthsCount() {
        assertThat(Hash64.of(new byte[3], 0, 3)).isNotEqualTo(Hash64.of(new byte[4], 0, 4));
        assertThat(Hash64.of("")).isNotEqualTo(Hash64.of("\0"));
        assertThat(Hash64.of("abcd\0")).isNotEqualTo(Hash64.of("abcd"));
    }

    @Test
    void theValuesNeverChange_elseKeysWouldMoveWithARelease() {
        byte[] bytes = "banyan-1".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Hash64.of("web-1")).isEqualTo(-6065975898777207422L);
        assertThat(Hash64.of(bytes, 0, bytes.length)).isEqualTo(2230951214857425546L);
    }
}
