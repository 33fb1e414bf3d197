package dev.banyan.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RingTest {
    private static final int KEYS = 20_000;

    @Property(tries = 60)
    void aServerThatComesTakesAboutItsShareAndNoOtherKeyMoves(@ForAll @IntRange(min = 1, max = 60) int servers, @ForAll @IntRange(max = 999) int site) {
        Ring before = ring(site, servers);
        Ring after = ring(site, servers + 1);
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            int was = owner(before, key);
            int is = owner(after, key);
            assertThat(is == was || is == servers).as("key %d moved from %d to %d", key, was, is).isTrue();
            moved += is == was ? 0 : 1;
        }
        double share = KEYS / (servers + 1.0);
        // Five standard deviations: of 160 points' arcs (8 % of the share), and of the keys drawn.
        assertThat(moved).isCloseTo((int) share, within((int) (5 * (0.08 * share + Math.sqrt(share)))));
    }

    @Property(tries = 60)
    void theKeysAreSpreadWithinBounds(@ForAll @IntRange(min = 2, max = 60) int servers, @ForAll @IntRange(max = 999) int site) {
        Ring ring = ring(site, servers);
        int[] keys = new int[servers];
        IntStream.range(0, KEYS).forEach(key -> keys[owner(ring, key)]++);
        double mean = KEYS / (double) servers;
        assertThat(Arrays.stream(keys).max().orElseThrow()).isLessThan((int) (mean * 1.4 + 5 * Math.sqrt(mean)));
        assertThat(Arrays.stream(keys).min().orElseThrow()).isGreaterThan((int) (mean * 0.6 - 5 * Math.sqrt(mean)));
    }

    @Test
    void aServersShareFollowsItsWeight() {
        Ring ring = new Ring(names(0, 4), new double[] {1, 1, 2, 4});
        int[] keys = new int[4];
        IntStream.range(0, 200_000).forEach(key -> keys[owner(ring, key)]++);
        assertThat(keys[2] / 200_000.0).isCloseTo(0.25, within(0.03));
        assertThat(keys[3] / 200_000.0).isCloseTo(0.5, within(0.04));
    }

    @Test
    void aWeightThatGrowsOnlyTakesKeys() {
        Ring before = new Ring(names(0, 5), new double[] {1, 1, 1, 1, 0.1});
        Ring after = new Ring(names(0, 5), new double[] {1, 1, 1, 1, 0.6});
        for (int key = 0; key < KEYS; key++) {
            int is = owner(after, key);
            assertThat(is == owner(before, key) || is == 4).isTrue();
        }
    }

    @Test
    void theGuideFindsWhatASearchOfAllPointsFinds() {
        Ring ring = ring(3, 7);
        for (int key = 0; key < KEYS; key++) {
            long hash = Hash64.mix(key);
            int point = ring.find(hash);
            int before = point == 0 ? ring.size() - 1 : point - 1;
            assertThat(ring.next(before)).isEqualTo(point);
            assertThat(follows(ring, point, before, hash >>> 1)).isTrue();
        }
        assertThat(ring.find(0)).isZero();
        assertThat(ring.find(-1L)).isZero();
    }

    @Test
    void heavySetsAreScaledDownAndEveryServerHasAPoint() {
        double[] weights = new double[400];
        Arrays.fill(weights, 1000);
        weights[0] = 1;
        Ring ring = new Ring(names(0, 400), weights);
        assertThat(ring.size()).isLessThanOrEqualTo(1 << 20).isGreaterThan(1 << 19);
        assertThat(IntStream.range(0, ring.size()).map(ring::owner).anyMatch(owner -> owner == 0)).isTrue();
    }

    private static boolean follows(Ring ring, int point, int before, long place) {
        return point == 0
                ? place <= ring.place(0) || place > ring.place(before)
                : place <= ring.place(point) && place > ring.place(before);
    }

    private static int owner(Ring ring, long key) {
        return ring.owner(ring.find(Hash64.mix(key)));
    }

    private static Ring ring(int site, int servers) {
        double[] weights = new double[servers];
        Arrays.fill(weights, 1);
        return new Ring(names(site, servers), weights);
    }

    private static String[] names(int site, int servers) {
        return IntStream.range(0, servers).mapToObj(i -> "site" + site + "-web-" + i).toArray(String[]::new);
    }
}
