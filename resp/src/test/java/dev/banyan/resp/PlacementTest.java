package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.resp.wire.Slots;
import dev.banyan.topology.HostPort;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final List<Node> THREE = nodes(3);

    @Property(tries = 200)
    void keysOfOneTagAreTogether(@ForAll @Size(min = 1, max = 20) byte[] tag, @ForAll @Size(max = 20) byte[] ending, @ForAll @IntRange(min = 1, max = 10) int nodes) {
        String plain = clean(tag);
        Placement ring = Placement.of(new Layout.Ring(nodes(nodes)));
        assertThat(nodeOf(ring, "{" + plain + "}" + clean(ending))).isEqualTo(nodeOf(ring, plain)).isEqualTo(nodeOf(ring, "x{" + plain + "}"));
    }

    @Test
    void onARingTheNodesNamesDecide_notTheirAddresses() {
        List<Node> moved = THREE.stream().map(node -> new Node(node.name(), new HostPort("10.0.0.1", node.address().port() + 7))).toList();
        Placement here = Placement.of(new Layout.Ring(THREE));
        Placement there = Placement.of(new Layout.Ring(moved));
        IntStream.range(0, 1_000).forEach(key -> assertThat(nodeOf(here, "k" + key)).isEqualTo(nodeOf(there, "k" + key)));
    }

    @Test
    void inAClusterTheSlotsOwnerHasTheKey() {
        short[] owners = new short[Slots.COUNT];
        Arrays.fill(owners, 0, 5461, (short) 0);
        Arrays.fill(owners, 5461, 10923, (short) 1);
        Arrays.fill(owners, 10923, Slots.COUNT, (short) 2);
        owners[12182] = -1;
        Placement cluster = Placement.of(new Layout.Slots(THREE, owners));
        // From Redis' own CLUSTER KEYSLOT: foo is in slot 12182, bar in 5061, hello in 866, user:1000 in 1649.
        assertThat(nodeOf(cluster, "bar")).isZero();
        assertThat(nodeOf(cluster, "hello")).isZero();
        assertThat(nodeOf(cluster, "foo")).isEqualTo(-1);
        assertThat(cluster.nodeOfSlot(5461)).isEqualTo(1);
        assertThat(cluster.slots()).isTrue();
    }

    @Test
    void onlyTheFirstBytesOfTheArrayAreTheKey() {
        Placement ring = Placement.of(new Layout.Ring(nodes(10)));
        byte[] longer = "user:17 and what a command had before".getBytes(StandardCharsets.UTF_8);
        assertThat(ring.nodeOf(longer, 7)).isEqualTo(nodeOf(ring, "user:17"));
    }

    @Test
    void withoutNodesThereIsNone() {
        assertThat(nodeOf(Placement.of(Layout.EMPTY), "a")).isEqualTo(-1);
        assertThat(Placement.of(Layout.EMPTY).size()).isZero();
        assertThat(nodeOf(Placement.of(new Layout.Ring(nodes(1))), "a")).isZero();
    }

    @Test
    void aNodeIsFoundByItself() {
        Placement ring = Placement.of(new Layout.Ring(THREE));
        assertThat(ring.indexOf(ring.node(2))).isEqualTo(2);
        assertThat(ring.indexOf(new Node("cache-9", new HostPort("h", 1)))).isEqualTo(-1);
    }

    private static int nodeOf(Placement placement, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return placement.nodeOf(bytes, bytes.length);
    }

    private static String clean(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).replace('{', '(').replace('}', ')');
    }

    private static List<Node> nodes(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> new Node("cache-" + i, new HostPort("127.0.0.1", 7000 + i))).toList();
    }
}
