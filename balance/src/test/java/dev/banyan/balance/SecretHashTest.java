package dev.banyan.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretHashTest {
    /** The key of the paper's examples: the bytes 00 to 0f. */
    private static final SecretHash HASH = new SecretHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    /** Of the reference implementation's vectors: the input is the bytes 00, 01, 02 and so on. */
    @ParameterizedTest
    @CsvSource({"0, 726fdb47dd0e0e31", "1, 74f839c593dc67fd", "7, ab0200f58b01d137", "8, 93f5f5799a932462", "15, a129ca6149be45e5"})
    void hashesAsTheReferenceDoes(int length, String hash) {
        byte[] bytes = new byte[length + 2];
        for (int i = 0; i < length; i++) {
            bytes[i + 1] = (byte) i;
        }
        assertThat(HASH.of(bytes, 1, length + 1)).isEqualTo(Long.parseUnsignedLong(hash, 16));
    }

    @Test
    void aNumberIsItsEightBytes() {
        long number = 0x1122334455667788L;
        byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
        assertThat(HASH.of(number)).isEqualTo(HASH.of(bytes, 0, 8));
    }

    @Test
    void doesNotShowItsKey() {
        assertThat(HASH).hasToString("SecretHash");
    }
}
