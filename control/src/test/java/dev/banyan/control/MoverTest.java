package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Instance.State;
import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.topology.Stage;
import dev.banyan.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MoverTest {
    private final FakeWorld world = new FakeWorld();
    private final Ports ports = world.ports();
    private final Roster roster = new Roster();
    private final Supervisor supervisor = new Supervisor(roster, ports);
    private final DatabaseCluster database = world.cluster(roster);
    private final List<MoveEvent> events = new ArrayList<>();
    private Journal journal;
    private long moves;

    @BeforeEach
    void openJournal(@TempDir Path folder) {
        journal = Journal.open(folder);
    }

    @Test
    void growsAndShrinksBack() {
        up(1);
        assertThat(run(grow())).isInstanceOf(Outcome.Done.class);
        assertThat(states()).isEqualTo(Map.of("web-1", State.SERVING, "web-2", State.SERVING, "web-3", State.SERVING));
        assertThat(world.serving()).isEqualTo(3);
        assertThat(run(shrink())).isInstanceOf(Outcome.Done.class);
        assertThat(states()).isEqualTo(Map.of("web-1", State.SERVING));
        assertThat(world.processes).hasSize(1);
        assertThat(roster.now().site().orElseThrow().stage()).isEqualTo(Stage.SINGLE_SERVER);
    }

    @Test
    void aDeployLeavesOnlyTheNewOnes_andServesWithAllOfThemThroughout() {
        up(3);
        world.fewestServing = Integer.MAX_VALUE;
        assertThat(run(deploy())).isInstanceOf(Outcome.Done.class);
        assertThat(states()).isEqualTo(Map.of("web-1.2", State.SERVING, "web-2.2", State.SERVING, "web-3.2", State.SERVING));
        assertThat(world.fewestServing).isEqualTo(3);
    }

    @Test
    void anInstanceWithWebSocketsLingersUntilTheyEnd_andNothingWaitsForIt() {
        up(1);
        world.tunnels.put("web-1", 2);
        assertThat(run(deploy())).isInstanceOf(Outcome.Done.class);
        assertThat(states()).isEqualTo(Map.of("web-1", State.LINGERING, "web-1.2", State.SERVING));
        world.pass(Duration.ofMinutes(5));
        assertThat(world.processes.keySet()).contains(InstanceName.parse("web-1"));
        world.tunnels.clear();
        world.pass(Duration.ofSeconds(1));
        assertThat(states()).isEqualTo(Map.of("web-1.2", State.SERVING));
        assertThat(world.decisions.getLast().what()).isEqualTo("stop web-1");
    }

    @Test
    void anInstanceLingersForTheDrainTimeOfTunnelsAtMost() {
        up(1);
        world.tunnels.put("web-1", 2);
        run(deploy());
        world.pass(Duration.ofHours(1).minusSeconds(1));
        assertThat(world.processes).hasSize(2);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.processes.keySet()).containsExactly(InstanceName.parse("web-1.2"));
        assertThat(world.decisions.getLast().why()).isEqualTo("it lingered for 1 h");
    }

    @Test
    void requestsThatOutliveTheDrainAreSaid() {
        up(3);
        world.stuckRequests.put("web-3", 4);
        assertThat(run(shrink())).isInstanceOf(Outcome.Done.class);
        assertThat(events).contains(new MoveEvent.Noticed(moves,
                "web-3 still has 4 requests in flight after 30 s (front-door.drain.requests); they are cut off"));
    }

    static Stream<String> movesToBreak() {
        return Stream.of("up", "grow", "shrink", "deploy", "settings", "servers");
    }

    @ParameterizedTest
    @MethodSource("movesToBreak")
    void afterAFailureAtAnyCallBeforeTheCommit_everythingIsAsBefore(String move) {
        int broken = 0;
        for (int at = 0; ; at++) {
            MoverTest fresh = new MoverTest();
            fresh.journal = journal;
            if (!fresh.breaksAt(move, at)) {
                break;
            }
            broken++;
        }
        assertThat(broken).isPositive();
    }

    /** False when the move has fewer calls than that. */
    private boolean breaksAt(String move, int at) {
        Plan plan = prepare(move);
        Map<String, State> before = states();
        Map<String, Integer> weights = new TreeMap<>(world.weights);
        var settings = world.settings;
        boolean databaseRan = world.database.runs();
        AtomicInteger calls = new AtomicInteger();
        String[] failed = new String[1];
        world.failWhen(call -> {
            boolean now = calls.getAndIncrement() == at;
            failed[0] = now ? call : failed[0];
            return now;
        });
        Outcome outcome = run(plan);
        if (failed[0] == null) {
            return false;
        }
        if (outcome instanceof Outcome.Undone undone && undone.kept().isEmpty()) {
            assertThat(undone.leftovers()).isEmpty();
            assertThat(states()).as(move + " broken at " + failed[0]).isEqualTo(before);
            assertThat(world.weights).isEqualTo(weights);
            assertThat(world.settings).isEqualTo(settings);
            assertThat(world.database.runs()).isEqualTo(databaseRan);
            assertThat(undone.why()).contains(failed[0] + " failed");
        }
        assertThat(world.draining).isEmpty();
        assertThat(world.processes.keySet()).isEqualTo(roster.now().instances().stream().map(Instance::name).collect(Collectors.toSet()));
        return true;
    }

    private Plan prepare(String move) {
        return switch (move) {
            case "up" -> Course.to(Plan.Kind.UP, Wanted.of(Sites.photos(3)), roster.now());
            case "grow" -> {
                up(1);
                yield grow();
            }
            case "shrink" -> {
                up(3);
                yield shrink();
            }
            case "deploy" -> {
                up(3);
                yield deploy();
            }
            case "settings" -> {
                up(3);
                world.settings = Sites.photos(3);
                yield Course.to(Plan.Kind.APPLY, Wanted.of(Sites.drains(1, 5)), roster.now());
            }
            default -> {
                run(Course.to(Plan.Kind.UP, Wanted.of(Sites.servers(3, Sites.server(8001, 1), Sites.server(8002, 2))), roster.now()));
                yield Course.to(Plan.Kind.APPLY, Wanted.of(Sites.servers(3, Sites.server(8002, 5), Sites.server(8003, 1))), roster.now());
            }
        };
    }

    @Test
    void aDeployThatFailsKeepsWhatIsDone_undoesTheRest_andSaysBoth() {
        up(3);
        world.failWhen(call -> call.equals("await web-2.2"));
        Outcome.Undone outcome = (Outcome.Undone) run(deploy());
        assertThat(states()).isEqualTo(Map.of("web-1.2", State.SERVING, "web-2", State.SERVING, "web-3", State.SERVING));
        assertThat(outcome.sentence()).isEqualTo("deploy at stage 3 (3 instances) failed at 'wait until web-2.2 is healthy, at most 60 s' and was undone; "
                + "done before and kept: replace web-1 by web-1.2: await web-2.2 failed");
    }

    @Test
    void whatCannotBeUndoneIsSaid() {
        up(1);
        world.failWhen(call -> call.equals("await web-2") || call.equals("stop web-2"));
        Outcome.Undone outcome = (Outcome.Undone) run(grow());
        assertThat(outcome.leftovers()).containsExactly("start web-2 (stop web-2 failed)");
    }

    @Test
    void settingsThatTheFrontDoorRefusesAreSaidOnce_forItTookNoneOfThem() {
        up(3);
        Plan plan = Course.to(Plan.Kind.APPLY, Wanted.of(Sites.drains(3, 5)), roster.now());
        world.failWhen(call -> call.equals("reconfigure"));
        assertThat(run(plan).sentence()).isEqualTo(plan.title() + " failed at 'give the front door its new settings' and was undone: reconfigure failed");
    }

    @Test
    void anInstanceThatDiesBetweenHealthAndTrafficFailsTheMove() {
        up(1);
        world.failWhen(call -> {
            if (call.equals("await web-3")) {
                world.kill(InstanceName.parse("web-2"), Duration.ofSeconds(1));
            }
            return false;
        });
        assertThat(run(grow()).sentence()).contains("web-2 ended before it could get requests; see: banyan logs web-2");
        assertThat(states()).isEqualTo(Map.of("web-1", State.SERVING));
    }

    @Test
    void aFailureAfterTheCommitIsToldAndTheMoveGoesOn() {
        up(3);
        world.failWhen(call -> call.equals("stop web-3"));
        assertThat(run(shrink())).isInstanceOf(Outcome.Done.class);
        assertThat(events).anyMatch(event -> event instanceof MoveEvent.StepFailed failed && failed.why().equals("stop web-3 failed"));
        assertThat(states()).isEqualTo(Map.of("web-1", State.SERVING));
    }

    private void up(int stage) {
        assertThat(run(Course.to(Plan.Kind.UP, Wanted.of(Sites.photos(stage)), roster.now()))).isInstanceOf(Outcome.Done.class);
    }

    private Plan grow() {
        return Course.to(Plan.Kind.GROW, Wanted.of(Sites.photos(1)).at(Stage.LOAD_BALANCER), roster.now());
    }

    private Plan shrink() {
        return Course.to(Plan.Kind.SHRINK, Wanted.of(Sites.photos(1)), roster.now());
    }

    private Plan deploy() {
        return Course.deploy(new Wanted(roster.now().site().orElseThrow(), Wanted.of(Sites.photos(1)).file()), Topology.APPLICATION, roster.now());
    }

    private Outcome run(Plan plan) {
        return new Mover(++moves, plan, journal, roster, ports, database, supervisor, events::add).run();
    }

    private Map<String, State> states() {
        Map<String, State> states = new TreeMap<>();
        roster.now().instances().forEach(instance -> states.put(instance.name().toString(), instance.state()));
        return states;
    }
}
