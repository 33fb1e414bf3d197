package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves to stage 6 and back, and edits of its edges: all in memory. */
class EdgeMovesTest {
    private static final String TWO = "{nodes: [{name: north}, {name: south, networks: [10.0.0.0/8]}], shield: true}";

    @TempDir
    private Path folder;

    private final FakeWorld world = new FakeWorld();
    private final Roster roster = new Roster();
    private final Supervisor supervisor = new Supervisor(roster, world.ports());
    private final DatabaseCluster database = world.cluster(roster);
    private Journal journal;
    private Wanted wanted;

    @BeforeEach
    void up() {
        journal = Journal.open(folder);
        move(Plan.Kind.UP, Wanted.of(edges(5, TWO)));
        world.calls.clear();
    }

    @AfterEach
    void close() {
        journal.close();
        assertThat(world.edges.astray).as("sent where nothing was").isFalse();
    }

    private static Topology edges(int stage, String edge) {
        return Sites.with(stage, edge, "{}");
    }

    @Test
    void growingStartsTheShieldThenTheEdges_andOnlyThenSendsThePublicThere() {
        Plan plan = Course.to(Plan.Kind.GROW, wanted.at(Stage.CDN), roster.now());
        CourseTest.assertPlan("grow-5-6", plan);
        assertThat(move(plan)).isInstanceOf(Outcome.Done.class);
        assertThat(world.calls).containsExactly("start shield", "start north", "start south", "shield true", "arrange [north, south]");
        assertThat(roster.now().edges()).isEqualTo(new Observed.Edges(List.of("north", "shield", "south"), true, wanted.site().edge().nodes()));
    }

    @Test
    void shrinkingTakesThePublicAwayBeforeItStopsThem() {
        move(Plan.Kind.GROW, wanted.at(Stage.CDN));
        world.calls.clear();
        Plan plan = Course.to(Plan.Kind.SHRINK, wanted.at(Stage.CACHE), roster.now());
        CourseTest.assertPlan("shrink-6-5", plan);
        assertThat(move(plan)).isInstanceOf(Outcome.Done.class);
        assertThat(world.calls).containsExactly("arrange []", "shield false", "stop north", "stop south", "stop shield");
        assertThat(roster.now().edges()).isEqualTo(Observed.Edges.NONE);
    }

    @Test
    void aSiteWithoutEdgesInItsFileHasOne() {
        FakeWorld other = new FakeWorld();
        Roster empty = new Roster();
        Plan plan = Course.to(Plan.Kind.UP, Wanted.of(Sites.photos(6)), empty.now());
        new Mover(1, plan, journal, empty, other.ports(), other.cluster(empty), new Supervisor(empty, other.ports()), _ -> {}).run();
        assertThat(other.edges.arranged).containsExactly("edge-1");
        assertThat(other.calls.indexOf("start edge-1")).isGreaterThan(other.calls.indexOf("add web-3"));
    }

    @Test
    void whereverItBreaks_growthAndShrinkAreUndoneAsAWhole() {
        everyBreakIsUndone(Plan.Kind.GROW, wanted.at(Stage.CDN));
        assertThat(move(Plan.Kind.GROW, wanted.at(Stage.CDN))).isInstanceOf(Outcome.Done.class);
        everyBreakIsUndone(Plan.Kind.APPLY, Edited.from(wanted, edges(5, "{nodes: [{name: south}, {name: west}], negative: 5s}")));
        everyBreakIsUndone(Plan.Kind.SHRINK, wanted.at(Stage.CACHE));
    }

    private void everyBreakIsUndone(Plan.Kind kind, Wanted to) {
        Set<String> running = Set.copyOf(world.edges.running);
        List<String> arranged = world.edges.arranged;
        boolean shielded = world.edges.shielded;
        for (int failAt = 0; ; failAt++) {
            int calls = failAt;
            int[] made = {0};
            world.failWhen(_ -> made[0]++ == calls);
            Observed before = roster.now();
            Outcome outcome = move(Course.to(kind, to, before));
            world.failWhen(_ -> false);
            if (outcome instanceof Outcome.Done) {
                move(kind == Plan.Kind.SHRINK ? Plan.Kind.GROW : Plan.Kind.SHRINK, new Wanted(before.site().orElseThrow(), to.file()));
                return;
            }
            assertThat(world.edges.running).as("call %d", failAt).isEqualTo(running);
            assertThat(world.edges.arranged).as("call %d", failAt).isEqualTo(arranged);
            assertThat(world.edges.shielded).as("call %d", failAt).isEqualTo(shielded);
            assertThat(roster.now().edges()).as("call %d", failAt).isEqualTo(before.edges());
        }
    }

    @Test
    void editsOfEdgesAreLive_addedOnesStartFirst_removedOnesStopLast() {
        move(Plan.Kind.GROW, wanted.at(Stage.CDN));
        applied(edges(5, "{nodes: [{name: south}, {name: west}], shield: true}"), "start west", "arrange [south, west]", "stop north");
        applied(edges(5, "{nodes: [{name: south, networks: [10.0.0.0/8]}, {name: west}], shield: true}"), "arrange [south, west]");
        applied(edges(5, "{nodes: [{name: south, networks: [10.0.0.0/8]}, {name: west}]}"), "shield false", "stop shield");
        applied(edges(5, "{nodes: [{name: south, networks: [10.0.0.0/8]}, {name: west}], stale: {if-error: 1h}}"), "reconfigure edges");
        applied(edges(5, "{nodes: [{name: south, networks: [10.0.0.0/8]}, {name: west}], stale: {if-error: 1h}, shield: true}"), "start shield", "shield true");
    }

    private void applied(Topology file, String... calls) {
        world.calls.clear();
        assertThat(move(Plan.Kind.APPLY, Edited.from(wanted, file))).isInstanceOf(Outcome.Done.class);
        assertThat(world.calls).containsExactly(calls);
    }

    @Test
    void aMoveThatWasCutShortStartsAtItsLastCommitment() throws Exception {
        journal.append(new JournalEntry.Begun(2, "grow to stage 6 (3 instances)", 6, world.now()));
        journal.append(new JournalEntry.Done(2, "start shield", world.now()));
        journal.close();
        journal = Journal.open(folder);
        assertThat(Resumption.of(edges(5, TWO), journal.remembered()).wanted().stage()).isEqualTo(Stage.CACHE);
    }

    private Outcome move(Plan.Kind kind, Wanted to) {
        return move(Course.to(kind, to, roster.now()));
    }

    private Outcome move(Plan plan) {
        Outcome outcome = new Mover(1, plan, journal, roster, world.ports(), database, supervisor, _ -> {}).run();
        if (outcome instanceof Outcome.Done) {
            wanted = plan.to();
        }
        return outcome;
    }
}
