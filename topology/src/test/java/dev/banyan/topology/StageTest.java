package dev.banyan.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.topology.file.SiteFile;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StageTest {
    @Test
    void aStageHasItsNumber_andItsNeighbours() {
        assertThat(Stage.of(1)).isEqualTo(Stage.SINGLE_SERVER);
        assertThat(Stage.of(3)).isEqualTo(Stage.LOAD_BALANCER);
        assertThat(Stage.SINGLE_SERVER.next()).contains(Stage.SEPARATE_DATABASE);
        assertThat(Stage.SINGLE_SERVER.previous()).isEmpty();
        assertThat(Stage.LOAD_BALANCER.previous()).contains(Stage.SEPARATE_DATABASE);
        assertThat(Stage.LOAD_BALANCER.next()).contains(Stage.REPLICATION);
        assertThat(Stage.REPLICATION.next()).contains(Stage.CACHE);
        assertThat(Stage.CACHE.next()).contains(Stage.CDN);
        assertThat(Stage.CDN.next()).isEmpty();
        assertThat(Stage.LOAD_BALANCER.atLeast(Stage.SINGLE_SERVER)).isTrue();
        assertThat(Stage.SINGLE_SERVER.atLeast(Stage.LOAD_BALANCER)).isFalse();
    }

    @Test
    void aStageThatIsNotBuiltIsRefused_withTheListOfThoseThatAre() {
        assertThatThrownBy(() -> Stage.of(7)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no stage 7 yet: the stages are 1 single server, 2 separate database, 3 load balancer, 4 replication, 5 cache, 6 cdn");
    }

    @Test
    void oneInstanceRunsAtStage1_threeFromStage3_orAsManyAsTheFileSays() {
        Topology usual = site("site: a\napplication: { command: x }");
        assertThat(usual.instances()).isEqualTo(1);
        assertThat(usual.at(Stage.LOAD_BALANCER).instances()).isEqualTo(3);
        assertThat(usual.at(Stage.LOAD_BALANCER).at(Stage.SINGLE_SERVER)).isEqualTo(usual);
        Topology five = site("site: a\napplication: { command: x, instances: 5 }");
        assertThat(five.instances()).isEqualTo(1);
        assertThat(five.at(Stage.LOAD_BALANCER).instances()).isEqualTo(5);
    }

    @Test
    void theFirstServerServesAtStage1_allFromStage3() {
        Topology site = site("site: a\napplication: { servers: ['http://a:1', 'http://b:1'] }");
        assertThat(site.servers()).extracting(server -> server.url().host()).containsExactly("a");
        assertThat(site.at(Stage.LOAD_BALANCER).servers()).extracting(server -> server.url().host()).containsExactly("a", "b");
        assertThat(site.instances()).isZero();
    }

    @Test
    void oneInstanceServesAtStage2Too_andReplicasRunFromStage4() {
        Topology site = site("site: a\napplication: { command: x, instances: 5 }\ndatabase: { kind: postgresql, replicas: 3 }");
        assertThat(site.at(Stage.SEPARATE_DATABASE).instances()).isEqualTo(1);
        assertThat(site.at(Stage.LOAD_BALANCER).replicas()).isZero();
        assertThat(site.at(Stage.REPLICATION).replicas()).isEqualTo(3);
        assertThat(site("site: a\napplication: { command: x }\ndatabase: { kind: postgresql }").at(Stage.REPLICATION).replicas()).isEqualTo(2);
    }

    @Test
    void theCacheRunsFromStage5_onEmbeddedNodesUnlessAUrlNamesOthers() {
        Topology site = site("site: a\napplication: { command: x }\ncache: { kind: redis, nodes: 3 }");
        assertThat(site.at(Stage.REPLICATION).caches()).isFalse();
        assertThat(site.at(Stage.REPLICATION).cacheNodes()).isZero();
        assertThat(site.at(Stage.CACHE).caches()).isTrue();
        assertThat(site.at(Stage.CACHE).cacheNodes()).isEqualTo(3);
        Topology attached = site("site: a\nstage: 5\napplication: { command: x }\ncache: { kind: redis, url: 'redis://a,b' }");
        assertThat(attached.caches()).isTrue();
        assertThat(attached.cacheNodes()).isZero();
        assertThat(site("site: a\nstage: 5\napplication: { command: x }").caches()).isFalse();
    }

    private static Topology site(String yaml) {
        return SiteFile.read(yaml, _ -> Optional.empty()).orThrow("site.yaml");
    }
}
