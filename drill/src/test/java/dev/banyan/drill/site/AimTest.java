package dev.banyan.drill.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.drill.site.SiteState.Arrow;
import dev.banyan.drill.site.SiteState.Node;
import dev.banyan.net.Loops;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AimTest {
    private static final Drill APPLICATION = Drills.named("application").orElseThrow();
    private static final Drill PRIMARY = Drills.named("primary").orElseThrow();
    private static final Function<String, List<FaultKind>> PROCESSES = target -> target.contains(">") ? List.of(FaultKind.PARTITION) : List.of(FaultKind.KILL, FaultKind.STOP);

    private static SiteState site(int stage, String... ids) {
        List<Node> nodes = Stream.of(ids).map(id -> new Node(id, id.startsWith("web") ? "application" : "database", "up", 1)).toList();
        return new SiteState("photos", stage, nodes, nodes.stream().map(node -> new Arrow("front-door", node.id())).toList());
    }

    private static Aim take(Drill drill, FaultKind kind, Optional<String> wanted, SiteState site) {
        return Aim.take(drill, kind, wanted, site, PROCESSES, Loops.random(1));
    }

    @Test
    void aServerIsKilled_andTheWayToItIsCut() {
        SiteState site = site(3, "web-1", "web-2", "db-1");
        assertThat(take(APPLICATION, FaultKind.KILL, Optional.of("web-2"), site).target()).isEqualTo("web-2");
        assertThat(take(APPLICATION, FaultKind.PARTITION, Optional.of("web-2"), site).target()).isEqualTo("front-door>web-2");
        assertThat(take(APPLICATION, FaultKind.KILL, Optional.empty(), site).victim().kind()).isEqualTo("application");
    }

    @Test
    void whatTheSiteHasNotIsRefusedWithTheNextStep() {
        assertThatThrownBy(() -> take(APPLICATION, FaultKind.KILL, Optional.empty(), site(3, "web-1"))).hasMessageContaining("needs 2 nodes of kind application").hasMessageContaining("has 1");
        assertThatThrownBy(() -> take(PRIMARY, FaultKind.KILL, Optional.empty(), site(1, "web-1"))).hasMessage("the drill primary needs stage 4, and photos is at stage 1: banyan grow --to 4 first");
        assertThatThrownBy(() -> take(APPLICATION, FaultKind.KILL, Optional.of("web-9"), site(3, "web-1", "web-2"))).hasMessage("--target web-9 is none of web-1, web-2");
        assertThatThrownBy(() -> take(APPLICATION, FaultKind.LATENCY, Optional.of("web-1"), site(3, "web-1", "web-2")))
                .hasMessage("--fault latency cannot be done to web-1; possible there: kill, stop, partition");
    }

    @Test
    void aDrillThatNeedsAReplicaIsRefusedBelowItsStage() {
        assertThatThrownBy(() -> take(PRIMARY, FaultKind.KILL, Optional.empty(), site(3, "web-1", "web-2", "db-1"))).hasMessageContaining("needs stage 4");
    }

    @Test
    void everyDrillPromisesSomethingForItsUsualFault_andSaysItWithItsNumbers() {
        assertThat(Drills.all()).extracting(Drill::name).containsExactly("application", "replica", "primary", "cache-node", "edge");
        assertThat(Drills.all()).allSatisfy(drill -> drill.faults().forEach(fault -> assertThat(drill.hypothesis(fault)).startsWith("While " + drill.victim() + " is " + fault.done())
                .contains("no acknowledged write is lost").matches(".* within [0-9]+[sm].*")));
        assertThat(Drills.at(4)).extracting(Drill::name).containsExactly("application", "replica", "primary");
        assertThat(Drills.all().stream().map(Drill::name).collect(Collectors.toSet())).hasSize(Drills.all().size());
    }
}
