package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Instance.State;
import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.topology.Decision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
    private static final InstanceName WEB_2 = InstanceName.parse("web-2");

    private final FakeWorld world = new FakeWorld();
    private final Roster roster = new Roster();
    private final Supervisor supervisor = new Supervisor(roster, world.ports());
    private final DatabaseCluster database = world.cluster(roster);
    private Journal journal;

    @BeforeEach
    void threeInstancesServe(@TempDir Path folder) {
        journal = Journal.open(folder);
        run(Course.to(Plan.Kind.UP, Wanted.of(Sites.photos(3)), roster.now()));
        world.calls.clear();
        world.decisions.clear();
    }

    @Test
    void aDeadInstanceLeavesTheFrontDoorAtOnce_andComesBackWhenHealthy() {
        world.kill(WEB_2, Duration.ofMillis(250));
        assertThat(world.behindTheDoor).doesNotContainKey("web-2");
        assertThat(roster.state(WEB_2)).isEqualTo(State.RESTARTING);
        world.pass(Duration.ofMillis(250));
        assertThat(roster.state(WEB_2)).isEqualTo(State.SERVING);
        assertThat(world.calls).containsExactly("await web-2", "add web-2");
        assertThat(world.decisions).extracting(Decision::what).containsExactly("restart web-2 in 250 ms", "send requests to web-2 again");
        assertThat(world.decisions.getFirst().why()).isEqualTo("web-2 was killed by signal 9");
        assertThat(world.decisions.getFirst().seen()).isEqualTo("2 instances serving; restart 1 in a row");
    }

    @Test
    void anInstanceThatDiesAgainBeforeItIsHealthyGetsNoRequests() {
        world.failWhen(call -> call.equals("await web-2"));
        world.kill(WEB_2, Duration.ofMillis(250));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.behindTheDoor).doesNotContainKey("web-2");
        world.failWhen(call -> false);
        world.kill(WEB_2, Duration.ofMillis(500));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.behindTheDoor).containsKey("web-2");
    }

    @Test
    void anInstanceThatDiesWhileItIsDrainedIsNotBroughtBack() {
        world.failWhen(call -> {
            if (call.equals("drain web-2")) {
                world.kill(WEB_2, Duration.ofSeconds(1));
            }
            return false;
        });
        run(Course.to(Plan.Kind.SHRINK, Wanted.of(Sites.photos(1)), roster.now()));
        world.pass(Duration.ofMinutes(1));
        assertThat(roster.now().instances()).extracting(i -> i.name().toString()).containsExactly("web-1");
        assertThat(world.processes).hasSize(1);
    }

    @Test
    void anInstanceThatDiedWhileItWasDrained_andIsNeededAfterAll_isStartedAgain() {
        world.failWhen(call -> {
            if (call.equals("drain web-2")) {
                world.kill(WEB_2, Duration.ofSeconds(1));
            }
            return call.equals("drain web-2");
        });
        Outcome outcome = run(Course.to(Plan.Kind.SHRINK, Wanted.of(Sites.photos(1)), roster.now()));
        assertThat(outcome).isInstanceOf(Outcome.Undone.class);
        world.pass(Duration.ofMinutes(1));
        assertThat(roster.now().instances()).extracting(Instance::state).isEqualTo(List.of(State.SERVING, State.SERVING, State.SERVING));
        assertThat(world.serving()).isEqualTo(3);
    }

    @Test
    void aLingeringInstanceThatDiesIsForgotten() {
        world.tunnels.put("web-3", 1);
        run(Course.to(Plan.Kind.SHRINK, Wanted.of(Sites.photos(1)), roster.now()));
        assertThat(roster.state(InstanceName.parse("web-3"))).isEqualTo(State.LINGERING);
        world.kill(InstanceName.parse("web-3"), Duration.ofSeconds(1));
        world.tunnels.clear();
        world.pass(Duration.ofMinutes(1));
        assertThat(roster.now().instances()).hasSize(1);
        assertThat(world.processes).hasSize(1);
    }

    private Outcome run(Plan plan) {
        return new Mover(1, plan, journal, roster, world.ports(), database, supervisor, _ -> {}).run();
    }
}
