package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Decision;
import dev.banyan.topology.Failover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoleWatchTest {
    private static final Failover SETTINGS = new Failover(true, Duration.ofMillis(250), 3, true, Duration.ofSeconds(10));

    private final ReplicationWorld world = new ReplicationWorld(1, 2);
    private final List<Cluster> clusters = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();

    @BeforeEach
    void follow() {
        List<Member> members = world.nodes.stream().map(node -> node.member).toList();
        new RoleWatch(members, SETTINGS, world.loop(), world.monitors(), world.clock(), decisions::add, clusters::add).start();
        world.pass(Duration.ofMillis(400));
    }

    @Test
    void whoIsWhatIsKnownAtOnce_andSaidOnce() {
        assertThat(clusters.getLast()).isEqualTo(world.cluster());
        assertThat(decisions).hasSize(1).first().extracting(Decision::what).isEqualTo("follow db-1 as the primary");
        int said = clusters.size();
        world.pass(Duration.ofSeconds(10));
        assertThat(clusters).hasSize(said);
    }

    @Test
    void aPromotionElsewhereIsFollowed_withAnEpochOfItsOwn() {
        world.failOver();
        world.pass(Duration.ofMillis(600));
        assertThat(clusters.getLast().primary()).contains(world.primary.member);
        assertThat(clusters.getLast().epoch()).isEqualTo(2);
        world.pass(Duration.ofSeconds(2));
        assertThat(clusters.getLast()).isEqualTo(world.cluster());
    }

    @Test
    void aPrimaryThatFallsSilentIsLostAfterItsChecks_andIsTheSameWhenItComesBack() {
        world.primary.silent = true;
        world.pass(Duration.ofMillis(400));
        assertThat(clusters.getLast().primary()).isPresent();
        world.pass(Duration.ofMillis(600));
        assertThat(clusters.getLast().primary()).isEmpty();
        assertThat(clusters.getLast().replicas()).hasSize(2);
        assertThat(decisions.getLast().what()).isEqualTo("wait for a primary");
        assertThat(decisions.getLast().seen()).startsWith("db-1 has not answered for 7");
        world.primary.silent = false;
        world.pass(Duration.ofMillis(600));
        assertThat(clusters.getLast()).isEqualTo(world.cluster());
    }
}
