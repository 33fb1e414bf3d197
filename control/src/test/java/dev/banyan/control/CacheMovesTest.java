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

/** Moves to stage 5 and back: processes, nodes and router in memory. */
class CacheMovesTest {
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
        move(Plan.Kind.UP, Wanted.of(Sites.cached(4, 2)));
        world.calls.clear();
        world.fewestServing = Integer.MAX_VALUE;
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void growingStartsNodes_opensTheRouter_andReplacesEachInstanceByOneThatIsToldOfIt() {
        Plan plan = Course.to(Plan.Kind.GROW, wanted.at(Stage.CACHE), roster.now());
        CourseTest.assertPlan("grow-4-5", plan);
        assertThat(move(plan)).isInstanceOf(Outcome.Done.class);
        assertThat(world.cache.open).isTrue();
        assertThat(world.cache.used).containsExactly("cache-1", "cache-2");
        assertThat(world.cached).containsExactlyInAnyOrder("web-1.2", "web-2.2", "web-3.2");
        assertThat(world.processes).hasSize(3);
        assertThat(world.fewestServing).isEqualTo(3);
        assertThat(roster.now().cache()).isEqualTo(new Observed.Caches(true, List.of("cache-1", "cache-2"), List.of("cache-1", "cache-2")));
    }

    @Test
    void shrinkingReplacesThem_drainsTheJournal_andTakesTheNodesAway() {
        move(Plan.Kind.GROW, wanted.at(Stage.CACHE));
        Plan plan = Course.to(Plan.Kind.SHRINK, wanted.at(Stage.REPLICATION), roster.now());
        CourseTest.assertPlan("shrink-5-4", plan);
        assertThat(move(plan)).isInstanceOf(Outcome.Done.class);
        assertThat(world.cache.open).isFalse();
        assertThat(world.cache.running).isEmpty();
        assertThat(world.cache.deleted).containsExactly("cache-1", "cache-2");
        assertThat(world.cached).isEmpty();
        assertThat(world.processes.keySet()).extracting(InstanceName::toString).containsExactly("web-1.3", "web-2.3", "web-3.3");
        assertThat(roster.now().cache()).isEqualTo(Observed.Caches.NONE);
    }

    @Test
    void aJournalThatDoesNotDrainUndoesAllOfTheShrink_andItIsSaidHowManyWritesAreLeft() {
        move(Plan.Kind.GROW, wanted.at(Stage.CACHE));
        world.cache.stuck = 812;
        Outcome outcome = move(Plan.Kind.SHRINK, wanted.at(Stage.REPLICATION));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Undone.class, undone -> {
            assertThat(undone.why()).startsWith("812 writes that the cache has acknowledged are not in the database after 5 min");
            assertThat(undone.kept()).isEmpty();
            assertThat(undone.leftovers()).isEmpty();
        });
        assertThat(world.cache.open).isTrue();
        assertThat(world.cached).containsExactlyInAnyOrder("web-1.2", "web-2.2", "web-3.2");
        assertThat(world.serving()).isEqualTo(3);
        assertThat(wanted.stage()).isEqualTo(Stage.CACHE);
        world.cache.stuck = 0;
        assertThat(move(Plan.Kind.SHRINK, wanted.at(Stage.REPLICATION))).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void whereverItBreaks_growthAndShrinkAreUndoneAsAWhole() {
        everyBreakIsUndone(Stage.CACHE, Plan.Kind.GROW, Set.of());
        assertThat(move(Plan.Kind.GROW, wanted.at(Stage.CACHE))).isInstanceOf(Outcome.Done.class);
        everyBreakIsUndone(Stage.REPLICATION, Plan.Kind.SHRINK, Set.of("cache-1", "cache-2"));
    }

    private void everyBreakIsUndone(Stage to, Plan.Kind kind, Set<String> nodes) {
        for (int failAt = 0; ; failAt++) {
            Set<String> told = Set.copyOf(world.cached);
            int calls = failAt;
            int[] made = {0};
            world.failWhen(_ -> made[0]++ == calls);
            Observed before = roster.now();
            Plan plan = Course.to(kind, wanted.at(to), before);
            Outcome outcome = move(plan);
            world.failWhen(_ -> false);
            if (outcome instanceof Outcome.Done) {
                return;
            }
            assertThat(world.serving()).as("call %d", failAt).isEqualTo(3);
            assertThat(world.cached).as("call %d", failAt).isEqualTo(told);
            assertThat(world.cache.running).as("call %d", failAt).isEqualTo(nodes);
            assertThat(world.cache.open).as("call %d", failAt).isEqualTo(!nodes.isEmpty());
            assertThat(roster.now().cache()).as("call %d", failAt).isEqualTo(before.cache());
        }
    }

    @Test
    void aSiteThatComesUpAtStage5HasItsNodesBeforeItsInstances() {
        FakeWorld other = new FakeWorld();
        Roster empty = new Roster();
        Plan plan = Course.to(Plan.Kind.UP, Wanted.of(Sites.cached(5, 1)), empty.now());
        new Mover(1, plan, journal, empty, other.ports(), other.cluster(empty), new Supervisor(empty, other.ports()), _ -> {}).run();
        assertThat(other.calls.indexOf("open the cache over [cache-1]")).isBetween(other.calls.indexOf("start cache-1") + 1, other.calls.indexOf("start web-1") - 1);
        assertThat(other.cached).containsExactlyInAnyOrder("web-1", "web-2", "web-3");
    }

    @Test
    void anEditedNumberOfNodesSpreadsTheKeysAnew_andTouchesNoInstance() {
        move(Plan.Kind.GROW, wanted.at(Stage.CACHE));
        world.calls.clear();
        assertThat(move(Plan.Kind.APPLY, Edited.from(wanted, Sites.cached(4, 3)))).isInstanceOf(Outcome.Done.class);
        assertThat(world.calls).containsExactly("start cache-3", "use [cache-1, cache-2, cache-3]");
        world.calls.clear();
        assertThat(move(Plan.Kind.APPLY, Edited.from(wanted, Sites.cached(4, 1)))).isInstanceOf(Outcome.Done.class);
        assertThat(world.calls).containsExactly("use [cache-1]", "remove cache-3", "remove cache-2");
    }

    @Test
    void aSiteWithoutACacheGrowsToStage5AsItIs() {
        FakeWorld other = new FakeWorld();
        Roster plain = new Roster();
        Supervisor watches = new Supervisor(plain, other.ports());
        Wanted site = Wanted.of(Sites.photos(4));
        new Mover(1, Course.to(Plan.Kind.UP, site, plain.now()), journal, plain, other.ports(), other.cluster(plain), watches, _ -> {}).run();
        assertThat(Course.to(Plan.Kind.GROW, site.at(Stage.CACHE), plain.now()).steps()).containsExactly(new Step.Commit());
    }

    @Test
    void aDeployAtStage5TellsTheNewOnesToo() {
        move(Plan.Kind.GROW, wanted.at(Stage.CACHE));
        move(Course.deploy(wanted, Topology.APPLICATION, roster.now()));
        assertThat(world.cached).containsExactlyInAnyOrder("web-1.3", "web-2.3", "web-3.3");
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
