package dev.banyan.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
    private static final int KEYS = 50_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aNodeThatComesTakesAboutItsPart_andNothingMovesBetweenTheOthers(int nodes) {
        KeyRing before = KeyRing.of(names("cache-", nodes));
        KeyRing after = KeyRing.of(names("cache-", nodes + 1));
        int[] keys = new int[nodes + 1];
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            int was = before.owner(hash(key));
            int is = after.owner(hash(key));
            assertThat(is == was || is == nodes).as("user:%d moved from %d to %d", key, was, is).isTrue();
            moved += is == was ? 0 : 1;
            keys[is]++;
        }
        double part = 1.0 / (nodes + 1);
        double least = IntStream.of(keys).min().orElseThrow() / (part * KEYS);
        double most = IntStream.of(keys).max().orElseThrow() / (part * KEYS);
        System.out.printf("%d -> %d nodes: %.1f %% of the keys moved (1/N is %.1f %%); then the fullest has %.2f, the emptiest %.2f of its part%n",
                nodes, nodes + 1, 100.0 * moved / KEYS, 100 * part, most, least);
        assertThat(moved / (double) KEYS).isCloseTo(part, within(5 * 0.08 * part + 0.01));
        assertThat(least).isGreaterThan(0.7);
        assertThat(most).isLessThan(1.3);
    }

    @Property(tries = 60)
    void aNodeThatGoesGivesItsKeysAwayAndNoOtherKeyMoves(@ForAll @IntRange(min = 2, max = 20) int nodes, @ForAll @IntRange(max = 19) int gone, @ForAll @IntRange(max = 999) int site) {
        List<String> names = names("site" + site + "-", nodes);
        int leaves = gone % nodes;
        List<String> rest = names.stream().filter(name -> !name.equals(names.get(leaves))).toList();
        KeyRing before = KeyRing.of(names);
        KeyRing after = KeyRing.of(rest);
        for (int key = 0; key < 2_000; key++) {
            int was = before.owner(hash(key));
            if (was != leaves) {
                assertThat(rest.get(after.owner(hash(key)))).isEqualTo(names.get(was));
            }
        }
    }

    @Property(tries = 40)
    void whereAKeyLiesDoesNotDependOnTheOrderOfTheNames(@ForAll @IntRange(min = 1, max = 30) int nodes, @ForAll long seed) {
        List<String> names = names("cache-", nodes);
        List<String> shuffled = new java.util.ArrayList<>(names);
        Collections.shuffle(shuffled, new Random(seed));
        KeyRing one = KeyRing.of(names);
        KeyRing other = KeyRing.of(shuffled);
        for (int key = 0; key < 1_000; key++) {
            assertThat(shuffled.get(other.owner(hash(key)))).isEqualTo(names.get(one.owner(hash(key))));
        }
    }

    @Test
    void withoutNamesNoKeyHasAnOwner_andWithOneAllHaveIt() {
        assertThat(KeyRing.of(List.of()).owner(hash(1))).isEqualTo(-1);
        assertThat(KeyRing.of(List.of("cache-1")).owner(hash(1))).isZero();
    }

    @Test
    void aNameThatComesTwiceIsRefused() {
        assertThatThrownBy(() -> KeyRing.of(List.of("a", "b", "a"))).hasMessageContaining("[a, b, a]");
    }

    @Test
    void askingAllocatesNothing() {
        KeyRing ring = KeyRing.of(names("cache-", 9));
        byte[] key = "user:4711".getBytes(StandardCharsets.UTF_8);
        long sum = owners(ring, key);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        sum += owners(ring, key);
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 100_000).isZero();
        assertThat(sum).isPositive();
    }

    private static long owners(KeyRing ring, byte[] key) {
        long sum = 0;
        for (int i = 0; i < 100_000; i++) {
            key[key.length - 1] = (byte) i;
            sum += ring.owner(Hash64.of(key, 0, key.length));
        }
        return sum;
    }

    private static long hash(int key) {
        byte[] bytes = ("user:" + key).getBytes(StandardCharsets.UTF_8);
        return Hash64.of(bytes, 0, bytes.length);
    }

    private static List<String> names(String prefix, int nodes) {
        return IntStream.rangeClosed(1, nodes).mapToObj(i -> prefix + i).toList();
    }
}
