package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.HostPort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterMapTest {
    private static final HostPort ASKED = new HostPort("10.0.0.1", 7001);
    private static final Reply THREE = array(
            range(5461, 10922, node("10.0.0.2", 7002), node("10.0.0.2", 7005)),
            range(0, 5460, node("", 7001), node("10.0.0.3", 7004)),
            range(10923, 16383, node("10.0.0.3", 7003), node("10.0.0.1", 7006), node("?", 7007)));

    @Test
    void primariesSlotsAndReplicasAreRead() {
        ClusterMap map = ClusterMap.of(THREE, ASKED);
        assertThat(map.layout().nodes()).extracting(Node::name).containsExactly("10.0.0.1:7001", "10.0.0.2:7002", "10.0.0.3:7003");
        assertThat(map.replicas()).extracting(List::toString)
                .allSatisfy(text -> assertThat(text).contains("10.0.0."))
                .hasSize(3);
        assertThat(map.replicas().get(2)).extracting(Node::name).containsExactly("10.0.0.1:7006");
        assertThat(new short[] {map.layout().owners()[0], map.layout().owners()[5460], map.layout().owners()[5461], map.layout().owners()[16383]}).containsExactly(0, 0, 1, 2);
        assertThat(map.covered()).isEqualTo(16_384);
    }

    @Test
    void theOrderOfTheRangesDoesNotMatter() {
        List<Reply> ranges = new ArrayList<>(((Reply.Array) THREE).items());
        Collections.reverse(ranges);
        assertThat(ClusterMap.of(new Reply.Array(ranges), ASKED).sameAs(ClusterMap.of(THREE, ASKED))).isTrue();
    }

    @Test
    void slotsThatNobodyHasHaveNoOwner() {
        ClusterMap map = ClusterMap.of(array(range(0, 99, node("10.0.0.1", 7001)), range(200, 299), range(300, 300, node("?", 7009))), ASKED);
        assertThat(map.covered()).isEqualTo(100);
        assertThat(map.layout().owners()[300]).isEqualTo((short) -1);
        assertThat(map.layout().nodes()).hasSize(1);
    }

    @Test
    void anEmptyClusterHasNoNodes() {
        ClusterMap map = ClusterMap.of(array(), ASKED);
        assertThat(map.layout().nodes()).isEmpty();
        assertThat(map.covered()).isZero();
    }

    @Test
    void aSlotThatMovedToAKnownNodeIsThere_andTheMapBeforeIsAsItWas() {
        ClusterMap map = ClusterMap.of(THREE, ASKED);
        ClusterMap moved = map.moved(866, new HostPort("10.0.0.3", 7003));
        assertThat(moved.layout().owners()[866]).isEqualTo((short) 2);
        assertThat(map.layout().owners()[866]).isEqualTo((short) 0);
        assertThat(moved.movedSince(map)).isEqualTo(1);
        assertThat(map.moved(866, new HostPort("10.0.0.9", 1))).isSameAs(map);
        assertThat(map.moved(866, new HostPort("10.0.0.1", 7001))).isSameAs(map);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void anAnswerThatIsNoneIsRefusedWithASentence(Reply answer, String sentence) {
        assertThatThrownBy(() -> ClusterMap.of(answer, ASKED)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(sentence);
    }

    static Stream<Arguments> anAnswerThatIsNoneIsRefusedWithASentence() {
        Reply[] manyNodes = IntStream.range(0, 1_001).mapToObj(i -> range(i, i, node("h", 1 + i))).toArray(Reply[]::new);
        Reply[] manyRanges = IntStream.range(0, 16_385).mapToObj(i -> range(0, 0, node("h", 1))).toArray(Reply[]::new);
        return Stream.of(
                Arguments.of(Reply.failure("ERR This instance has cluster support disabled"), "cluster support disabled"),
                Arguments.of(Reply.OK, "the answer is no array"),
                Arguments.of(array(Reply.OK), "a range of slots is no array"),
                Arguments.of(array(array(number(1))), "a range of slots has 1 parts"),
                Arguments.of(array(range(5, 4, node("h", 1))), "from 5 to 4"),
                Arguments.of(array(range(0, 16_384, node("h", 1))), "a slot is no number from 0 to 16383"),
                Arguments.of(array(range(-1, 1, node("h", 1))), "a slot is no number"),
                Arguments.of(array(range(0, 1, array(Reply.bulk("h")))), "a node has 1 parts"),
                Arguments.of(array(range(0, 1, node("h", 65_536))), "a port is no number from 0 to 65535"),
                Arguments.of(array(range(0, 1, node("h".repeat(254), 1))), "at most 253 bytes"),
                Arguments.of(array(range(0, 1, array(number(4), number(1)))), "host is no text"),
                Arguments.of(array(manyNodes), "more than 1000 nodes"),
                Arguments.of(array(manyRanges), "there are 16385 ranges"));
    }

    static Reply range(long first, long last, Reply... nodes) {
        List<Reply> parts = new ArrayList<>(List.of(number(first), number(last)));
        parts.addAll(List.of(nodes));
        return new Reply.Array(parts);
    }

    static Reply node(String host, long port) {
        return array(Reply.bulk(host), number(port), Reply.bulk("09dbe9720cda62f7865eabc5fd8857c5d2678366"), array());
    }

    static Reply array(Reply... items) {
        return new Reply.Array(List.of(items));
    }

    private static Reply number(long value) {
        return new Reply.Number(value);
    }
}
