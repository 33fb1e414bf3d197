package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.console.Plan.Cost;
import dev.banyan.control.InstanceName;
import dev.banyan.control.Leg;
import dev.banyan.control.Plan;
import dev.banyan.control.Step;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MoveCostTest {
    private static final long MIB = 1 << 20;

    @Test
    void whatComesIsCounted_andItsMemoryIsThatOfItsLike() {
        Cost cost = cost(182 * MIB, new Step.StartInstance(name("web-2")), new Step.StartInstance(name("web-3")), new Step.AddToFrontDoor(name("web-2")), new Step.Commit());
        assertThat(cost.added()).containsExactly("web-2", "web-3");
        assertThat(cost.removed()).isEmpty();
        assertThat(cost.processes()).isEqualTo(2);
        assertThat(cost.meanwhile()).isEqualTo(2);
        assertThat(cost.memory()).isEqualTo("about 364 MiB for 2 instances: web-1 has 182 MiB now");
    }

    @Test
    void whatTakesAnothersPlaceIsNoMore_butRunsBesideItMeanwhile() {
        Cost cost = cost(182 * MIB, new Step.StartInstance(name("web-1.2")), new Step.DrainInstance(name("web-1"), Duration.ofSeconds(5)), new Step.Commit(), new Step.StopInstance(name("web-1")));
        assertThat(cost.added()).isEmpty();
        assertThat(cost.removed()).isEmpty();
        assertThat(cost.moved()).containsExactly("requests, from web-1 to web-1.2");
        assertThat(cost.processes()).isZero();
        assertThat(cost.meanwhile()).isEqualTo(1);
        assertThat(cost.memory()).isEmpty();
    }

    @Test
    void aNewPrimaryMoves_andTheOldServerGoes() {
        Cost cost = cost(0, new Step.AddReplica("db-2"), new Step.SwitchOver("db-1", "db-2"), new Step.Commit(), new Step.RemoveReplica("db-1"));
        assertThat(cost.added()).containsExactly("db-2");
        assertThat(cost.removed()).containsExactly("db-1");
        assertThat(cost.moved()).containsExactly("the database's primary, from db-1 to db-2");
        assertThat(cost.processes()).isZero();
        assertThat(cost.meanwhile()).isEqualTo(1);
    }

    @Test
    void whatIsDeclaredIsTheMostThatIsHeld_andAnEdgeIsNoProcess() {
        Cost cost = cost(0, new Step.StartCacheNode("cache-1"), new Step.StartCacheNode("cache-2"), new Step.OpenCache(List.of("cache-1", "cache-2")), new Step.StartEdge("edge-1"), new Step.Commit());
        assertThat(cost.added()).containsExactly("cache-1", "cache-2", "the cache router", "edge-1");
        assertThat(cost.processes()).isEqualTo(2);
        assertThat(cost.memory()).isEqualTo("up to 128 MiB for what 2 cache nodes may hold (cache.memory); up to 64 MiB for what 1 edge may hold (edge.memory)");
    }

    @Test
    void whatCannotBeMeasuredIsSaid() {
        assertThat(cost(-1, new Step.StartInstance(name("web-2")), new Step.Commit()).memory()).isEqualTo("not known for 1 instance: none runs whose memory could be measured");
    }

    private static Cost cost(long memory, Step... steps) {
        return MoveCost.of(new Plan(Plan.Kind.GROW, MoveProgressTest.wanted(), List.of(new Leg("grow", List.of(steps)))), List.of("web-1"), List.of("db-1"),
                name -> memory < 0 ? OptionalLong.empty() : OptionalLong.of(memory)).orElseThrow();
    }

    private static InstanceName name(String text) {
        return InstanceName.parse(text);
    }
}
