package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Instance.State;
import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several applications in one site: each started, replaced and kept alive by its own rules. */
class ServicesTest {
    private static final String SERVICES = "{search: {command: ./search, instances: 2, health-path: /ready}, images: {servers: ['http://10.0.0.7:1', 'http://10.0.0.8:1']}}";

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
        assertThat(move(Course.to(Plan.Kind.UP, Wanted.of(site(1, SERVICES)), roster.now()))).isInstanceOf(Outcome.Done.class);
        world.calls.clear();
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private static Topology site(int stage, String services) {
        return Sites.with(stage, "{}", services);
    }

    private Outcome move(Plan plan) {
        Outcome outcome = new Mover(1, plan, journal, roster, world.ports(), database, supervisor, _ -> {}).run();
        if (outcome instanceof Outcome.Done) {
            wanted = plan.to();
        }
        return outcome;
    }

    @Test
    void stage1RunsOneOfEach_stage3AllOfEach() {
        assertThat(world.behindTheDoor.keySet()).containsExactly("10.0.0.7:1", "search-1", "web-1");
        assertThat(world.healthPaths).containsEntry("search", "/ready").containsEntry("application", "/health").containsEntry("images", "/");
        Plan plan = Course.to(Plan.Kind.GROW, wanted.at(Stage.LOAD_BALANCER), roster.now());
        CourseTest.assertPlan("grow-services", plan);
        move(plan);
        assertThat(world.behindTheDoor.keySet()).containsExactly("10.0.0.7:1", "10.0.0.8:1", "search-1", "search-2", "web-1", "web-2", "web-3");
        assertThat(world.processes.get(InstanceName.parse("search-2")).application().healthPath()).isEqualTo("/ready");
        move(Course.to(Plan.Kind.SHRINK, wanted.at(Stage.SINGLE_SERVER), roster.now()));
        assertThat(world.behindTheDoor.keySet()).containsExactly("10.0.0.7:1", "search-1", "web-1");
    }

    @Test
    void aDeployOfAServiceReplacesItsInstancesAlone() {
        move(Course.to(Plan.Kind.GROW, wanted.at(Stage.LOAD_BALANCER), roster.now()));
        Plan plan = Course.deploy(wanted, "search", roster.now());
        assertThat(plan.title()).isEqualTo("deploy search at stage 3 (5 instances)");
        move(plan);
        assertThat(world.processes.keySet()).extracting(InstanceName::toString).containsExactly("web-1", "web-2", "web-3", "search-1.2", "search-2.2");
    }

    @Test
    void anEditedCommandReplacesTheInstancesOfItsServiceAlone() {
        Wanted edited = Edited.from(wanted, site(1, SERVICES.replace("./search,", "./faster,")));
        move(Course.to(Plan.Kind.APPLY, edited, roster.now()));
        assertThat(world.processes.keySet()).extracting(InstanceName::toString).containsExactly("web-1", "search-1.2");
    }

    @Test
    void aServiceThatIsTakenOutOfTheFileGoes_andANewOneHasItsServersBeforeTheFrontDoorHearsOfIt() {
        move(Course.to(Plan.Kind.APPLY, Edited.from(wanted, site(1, "{mail: {command: ./mail}}")), roster.now()));
        assertThat(world.behindTheDoor.keySet()).containsExactly("mail-1", "web-1");
        assertThat(world.processes.keySet()).extracting(InstanceName::toString).containsExactly("web-1", "mail-1");
        assertThat(world.calls.indexOf("reconfigure")).isBetween(world.calls.indexOf("add mail-1") + 1, world.calls.indexOf("drain search-1") - 1);
    }

    @Test
    void anInstanceOfAServiceThatDiesIsStartedAgain() {
        InstanceName search = InstanceName.parse("search-1");
        world.kill(search, Duration.ofSeconds(1));
        assertThat(world.behindTheDoor).doesNotContainKey("search-1");
        world.pass(Duration.ofSeconds(2));
        assertThat(world.behindTheDoor).containsKey("search-1");
        assertThat(roster.state(search)).isEqualTo(State.SERVING);
        assertThat(search).isEqualTo(new InstanceName("search", 1, 1));
        assertThat(InstanceName.parse("a-1-2.3")).isEqualTo(new InstanceName("a-1", 2, 3));
    }

    @Test
    void aServerOfAServiceIsSetAsideAndPutBack() {
        move(Course.aside("10.0.0.7:1", false, wanted, roster.now()));
        assertThat(world.draining).containsExactly("10.0.0.7:1");
        move(Course.aside("10.0.0.7:1", true, wanted, roster.now()));
        assertThat(world.draining).isEmpty();
    }

    @Test
    void whereverItBreaks_growthIsUndoneAsAWhole() {
        for (int failAt = 0; ; failAt++) {
            int calls = failAt;
            int[] made = {0};
            world.failWhen(_ -> made[0]++ == calls);
            Outcome outcome = move(Course.to(Plan.Kind.GROW, wanted.at(Stage.LOAD_BALANCER), roster.now()));
            world.failWhen(_ -> false);
            if (outcome instanceof Outcome.Done) {
                return;
            }
            assertThat(world.behindTheDoor.keySet()).as("call %d", failAt).containsExactly("10.0.0.7:1", "search-1", "web-1");
            assertThat(world.processes.keySet()).as("call %d", failAt).extracting(InstanceName::toString).containsExactly("web-1", "search-1");
        }
    }
}
