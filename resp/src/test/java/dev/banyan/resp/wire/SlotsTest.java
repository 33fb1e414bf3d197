package dev.banyan.resp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.util.JedisClusterCRC16;

class SlotsTest {
    /** The first is the specification's own example: CRC 0x31C3. */
    @ParameterizedTest
    @CsvSource({"123456789, 12739", "foo, 12182", "bar, 5061", "hello, 866"})
    void theSlotOfAKey(String key, int slot) {
        assertThat(Slots.of(bytes(key), key.length())).isEqualTo(slot);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
        "{user1000}.following ~ user1000", "foo{}{bar} ~ foo{}{bar}", "foo{{bar}}zap ~ {bar", "foo{bar}{zap} ~ bar", "foo{bar ~ foo{bar", "}a{b} ~ b", "{} ~ {}", "{a} ~ a", "plain ~ plain", "{ ~ {",
    })
    void onlyTheTagInBracesIsHashed(String key, String hashed) {
        long tag = Slots.tag(bytes(key), key.length());
        assertThat(key.substring(Slots.from(tag), Slots.from(tag) + Slots.length(tag))).isEqualTo(hashed);
    }

    @Property(tries = 5_000)
    void theSameSlotAsTwoClientsFind(@ForAll("keys") byte[] key) {
        assertThat(Slots.of(key, key.length)).isEqualTo(JedisClusterCRC16.getSlot(key)).isEqualTo(SlotHash.getSlot(key));
    }

    @Provide
    Arbitrary<byte[]> keys() {
        return Arbitraries.strings().withChars('{', '}', 'a', 'b', '\u00ff', '\0').ofMaxLength(12).map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
