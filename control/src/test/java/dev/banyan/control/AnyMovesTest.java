package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any sequence of moves, with failures and dying processes in between. */
class AnyMovesTest {
    /** @param failAt the call of the move that fails; none when it has fewer */
    record Ask(Kind kind, int failAt, boolean killFirst) {
        enum Kind {
            STAGE_1,
            STAGE_3,
            DEPLOY,
            EDIT
        }
    }

    @Provide
    Arbitrary<List<Ask>> asks() {
        return Combinators.combine(Arbitraries.of(Ask.Kind.class), Arbitraries.integers().between(0, 40), Arbitraries.of(true, false, false))
                .as(Ask::new).list().ofMaxSize(8);
    }

    @Property(tries = 150)
    void theyEndInWhatIsWanted_andServeWithAtLeastTheFewerOfBeforeAndAfter(@ForAll("asks") List<Ask> asks) throws IOException {
        Path folder = Files.createTempDirectory(Path.of("target"), "moves");
        FakeWorld world = new FakeWorld();
        Roster roster = new Roster();
        Supervisor supervisor = new Supervisor(roster, world.ports());
        DatabaseCluster database = world.cluster(roster);
        try (Journal journal = Journal.open(folder)) {
            Wanted wanted = Wanted.of(Sites.photos(1));
            new Mover(0, Course.to(Plan.Kind.UP, wanted, roster.now()), journal, roster, world.ports(), database, supervisor, _ -> {}).run();
            for (Ask ask : asks) {
                Plan plan = plan(ask, wanted, roster.now());
                int before = world.serving();
                world.fewestServing = Integer.MAX_VALUE;
                int[] calls = {0};
                world.failWhen(_ -> calls[0]++ == ask.failAt());
                Outcome outcome = new Mover(1, plan, journal, roster, world.ports(), database, supervisor, _ -> {}).run();
                world.failWhen(_ -> false);
                wanted = roster.now().site().filter(plan.to().site()::equals).map(_ -> plan.to()).orElse(wanted);
                settle(ask, world, roster);

                assertThat(world.serving()).isEqualTo(wanted.instances());
                assertThat(roster.now().serving()).isEqualTo(wanted.instances());
                assertThat(world.processes).hasSize(wanted.instances());
                assertThat(world.fewestServing).isGreaterThanOrEqualTo(Math.min(before, Math.min(world.serving(), plan.to().instances())));
                if (outcome instanceof Outcome.Done) {
                    assertThat(wanted).isEqualTo(plan.to());
                }
                assertThat(Journal.remembered(Journal.read(folder.resolve("journal"))).last().orElseThrow().stage()).isEqualTo(wanted.stage());
            }
        } finally {
            Files.delete(folder.resolve("journal"));
            Files.delete(folder);
        }
    }

    /** A process may die between two moves; then time passes until all is quiet. */
    private static void settle(Ask ask, FakeWorld world, Roster roster) {
        world.fewestServing = Math.min(world.fewestServing, world.serving());
        int fewest = world.fewestServing;
        world.pass(Duration.ofMinutes(1));
        if (ask.killFirst()) {
            world.kill(roster.now().instances().getFirst().name(), Duration.ofMillis(250));
            world.pass(Duration.ofMinutes(1));
        }
        world.fewestServing = fewest;
    }

    private static Plan plan(Ask ask, Wanted wanted, Observed observed) {
        return switch (ask.kind()) {
            case STAGE_1 -> Course.to(Plan.Kind.SHRINK, wanted.at(Stage.SINGLE_SERVER), observed);
            case STAGE_3 -> Course.to(Plan.Kind.GROW, wanted.at(Stage.LOAD_BALANCER), observed);
            case DEPLOY -> Course.deploy(wanted, Topology.APPLICATION, observed);
            case EDIT -> Course.to(Plan.Kind.APPLY, Edited.from(wanted, Sites.drains(1, 1 + observed.instances().size())), observed);
        };
    }
}
