package dev.banyan.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.CacheKeys.Strategy;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRulesTest {
    private static final KeyRules RULES = KeyRules.of(Stream.of(Declared.of("user:", Strategy.READ_THROUGH), Declared.of("user:session:", Strategy.CACHE_ASIDE), Declared.of("us", Strategy.WRITE_BEHIND),
            Declared.of("list:", Strategy.CACHE_ASIDE).lease()).map(Declared::keys).toList());

    @ParameterizedTest
    @CsvSource({"user:1,0", "user:,0", "user,2", "us,2", "u,-1", "'',-1", "user:session:5,-1", "user:session,0", "list:1,3", "other,-1", "User:1,-1"})
    void theLongestPrefixCounts_andKeysThatGoToTheNodeUntouchedHaveNone(String key, int rule) {
        byte[] bytes = (key + "zzz").getBytes(UTF_8);
        assertThat(RULES.rule(bytes, key.length())).isEqualTo(rule);
    }

    @Test
    void lookingUpAllocatesNothing() {
        byte[] key = "user:12345".getBytes(UTF_8);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (int i = 0; i < 20_000; i++) {
            sum += RULES.rule(key, key.length);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            sum += RULES.rule(key, key.length);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        assertThat(sum).isZero();
    }

    @Test
    void aPrefixDeclaredTwiceIsABug() {
        var twice = List.of(Declared.of("a:", Strategy.READ_THROUGH).keys(), Declared.of("a:", Strategy.CACHE_ASIDE).keys());
        assertThatThrownBy(() -> KeyRules.of(twice)).hasMessage("the prefix 'a:' is declared twice in cache.keys: declare it once");
    }

    @Test
    void onePartIsAllThatFollows_severalAreExactlySoMany() {
        CacheKey key = RULES.key("user:a:b:".getBytes(UTF_8));
        assertThat(key.parts(1)).containsExactly("a:b:");
        assertThat(key.parts(3)).containsExactly("a", "b", "");
        assertThatThrownBy(() -> key.parts(2)).hasMessage("ERR a key of the declared prefix 'user:' (cache.keys) has 2 parts with colons between after it, not 3");
        assertThatThrownBy(() -> key.parts(0)).hasMessageContaining("has no parameters");
    }

    @Test
    void whatIsNoTextIsNoKey() {
        assertThatThrownBy(() -> RULES.key(new byte[] {'u', 's', (byte) 0xff}).parts(1)).hasMessageContaining("is UTF-8 text without zero bytes");
        assertThatThrownBy(() -> RULES.key(new byte[] {'u', 's', 0}).parts(1)).hasMessageContaining("is UTF-8 text without zero bytes");
        assertThatThrownBy(() -> RULES.key(("us" + "x".repeat(3_000)).getBytes(UTF_8)).parts(1)).hasMessageContaining("has at most 2700 bytes, not 3002");
    }
}
