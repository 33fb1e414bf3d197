package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.control.database.ClusterRecord;
import dev.banyan.control.database.DatabaseCluster;
import dev.banyan.control.database.View;
import dev.banyan.topology.Decision;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseMovesTest {
    private final FakeWorld world = new FakeWorld();
    private final FakeDatabase servers = world.database;
    private final Roster roster = new Roster();
    private final Supervisor supervisor = new Supervisor(roster, world.ports());
    private final DatabaseCluster database = world.cluster(roster);
    private final List<MoveEvent> events = new ArrayList<>();
    private Journal journal;

    @BeforeEach
    void openJournal(@TempDir Path folder) {
        journal = Journal.open(folder);
    }

    @Test
    void growsToAServerOfItsOwnAndToReplicas_andShrinksBackToOne() {
        up(1);
        assertThat(servers.running()).isEqualTo(Map.of("db-1", "primary"));
        done(2);
        assertThat(servers.running()).isEqualTo(Map.of("db-2", "primary"));
        assertThat(servers.names()).containsExactly("db-2");
        assertThat(servers.view.primary()).contains(server("db-2"));
        done(4);
        assertThat(servers.running()).isEqualTo(Map.of("db-2", "primary", "db-3", "db-2", "db-4", "db-2"));
        assertThat(servers.view.replicas()).containsExactly(server("db-3"), server("db-4"));
        world.pass(Duration.ofSeconds(2));
        assertThat(servers.servers.get("db-2").synchronous).containsExactly("db-3", "db-4");
        assertThat(servers.record.orElseThrow().synchronous()).containsExactly("db-3", "db-4");
        done(3);
        assertThat(servers.running()).isEqualTo(Map.of("db-2", "primary"));
        assertThat(servers.servers.get("db-2").synchronous).isEmpty();
        done(1);
        assertThat(servers.running()).isEqualTo(Map.of("db-5", "primary"));
        assertThat(servers.record).contains(new ClusterRecord(3, "db-5", List.of("db-5"), List.of(), 5));
        assertThat(servers.held).isFalse();
    }

    @Test
    void aSiteThatStartsAtStage4MakesItsReplicasOnceItServes_andServesThoughOneCannotBeMade() {
        world.failWhen(call -> call.equals("clone db-3 from db-1"));
        Outcome.Undone outcome = (Outcome.Undone) run(Course.to(Plan.Kind.UP, Wanted.of(Sites.photos(4)), roster.now()));
        assertThat(outcome.kept()).containsExactly("up to stage 4");
        assertThat(world.serving()).isEqualTo(3);
        assertThat(servers.running()).isEqualTo(Map.of("db-1", "primary"));
        world.failWhen(_ -> false);
        world.pass(Duration.ofSeconds(10));
        assertThat(servers.view.replicas()).hasSize(2);
    }

    @Test
    void shrinkingKeepsThePrimaryWhereverItIs() {
        up(4);
        run(switchTo("db-3"));
        done(3);
        assertThat(servers.running()).isEqualTo(Map.of("db-3", "primary"));
        done(4);
        assertThat(servers.running()).isEqualTo(Map.of("db-3", "primary", "db-4", "db-3", "db-5", "db-3"));
    }

    @Test
    void aSwitchoverHoldsClients_stopsTheOldPrimaryCleanly_andItFollows() {
        up(4);
        world.calls.clear();
        assertThat(run(switchTo("db-3"))).isInstanceOf(Outcome.Done.class);
        assertThat(world.calls).containsSubsequence("hold", "stop db-1", "write db-3 [db-1, db-2, db-3] []", "promote db-3", "let db-1 follow db-3");
        world.pass(Duration.ofSeconds(2));
        assertThat(servers.running()).isEqualTo(Map.of("db-1", "db-3", "db-2", "db-3", "db-3", "primary"));
        assertThat(servers.record.orElseThrow().synchronous()).containsExactly("db-1", "db-2");
    }

    @Test
    void aSwitchoverIsRefusedWithTheReason() {
        up(3);
        assertThatThrownBy(() -> database.candidate(Optional.empty())).hasMessage("no switchover: no replica follows db-1: there is none before stage 4 (banyan grow)");
        done(4);
        assertThatThrownBy(() -> database.candidate(Optional.of("db-9"))).hasMessage("there is no database server 'db-9'; there are db-1, db-2, db-3");
        assertThatThrownBy(() -> database.candidate(Optional.of("db-1"))).hasMessage("no switchover: db-1 is the primary already");
        servers.kill("db-3");
        world.pass(Duration.ofMillis(0));
        servers.servers.get("db-2").source = "db-7";
        assertThat(database.candidate(Optional.of("db-2"))).isEqualTo("db-2");
    }

    @Test
    void aSwitchoverThatFailsBeforeTheRecordIsUndone_andTheOldPrimaryGoesOn() {
        up(4);
        for (String broken : List.of("hold", "stop db-1", "write db-2 [db-1, db-2, db-3] []")) {
            world.failWhen(broken::equals);
            assertThat(run(switchTo("db-2"))).as(broken).isInstanceOf(Outcome.Undone.class);
            world.failWhen(_ -> false);
            world.pass(Duration.ofSeconds(5));
            assertThat(servers.view.primary()).as(broken).contains(server("db-1"));
            assertThat(servers.running()).as(broken).isEqualTo(Map.of("db-1", "primary", "db-2", "db-1", "db-3", "db-1"));
            assertThat(servers.held).isFalse();
        }
    }

    @Test
    void aSwitchoverThatFailsAfterTheRecordGoesOnByItself() {
        up(4);
        int[] times = {0};
        world.failWhen(call -> call.equals("promote db-2") && times[0]++ < 2);
        assertThat(run(switchTo("db-2"))).isInstanceOf(Outcome.Done.class);
        assertThat(servers.view.primary()).contains(server("db-2"));
        assertThat(servers.held).isFalse();
    }

    @Test
    void whenThePrimaryDiesAReplicaTakesOver_andAnotherIsMade() {
        up(4);
        world.pass(Duration.ofSeconds(2));
        world.decisions.clear();
        servers.kill("db-1");
        world.pass(Duration.ofMillis(10));
        assertThat(servers.view.primary()).contains(server("db-2"));
        assertThat(servers.view.epoch()).isEqualTo(2);
        world.pass(Duration.ofSeconds(3));
        assertThat(servers.running()).isEqualTo(Map.of("db-2", "primary", "db-3", "db-2", "db-4", "db-2"));
        assertThat(servers.names()).containsExactly("db-2", "db-3", "db-4");
        assertThat(world.decisions).extracting(Decision::what).containsSubsequence("hold the statements for the primary", "fence db-1", "fail over from db-1 to db-2",
                "promote db-2", "use db-2 for everything", "let db-3 follow db-2", "make db-4 as a copy of db-2", "take db-4 in as a replica");
    }

    @Test
    void whenThePrimaryDiesWhileReplicasAreMade_theMoveIsUndone_andThePrimaryIsStartedAgain() {
        up(3);
        world.failWhen(call -> {
            if (call.equals("clone db-3 from db-1")) {
                servers.kill("db-1");
                return true;
            }
            return false;
        });
        Outcome outcome = run(to(4));
        assertThat(outcome.sentence()).contains("was undone: db-3 did not become a replica: the copy was not made: clone db-3 from db-1 failed");
        world.pass(Duration.ofSeconds(3));
        assertThat(servers.running()).isEqualTo(Map.of("db-1", "primary"));
        assertThat(servers.view.primary()).contains(server("db-1"));
        world.failWhen(_ -> false);
        done(4);
        assertThat(servers.view.replicas()).hasSize(2);
    }

    @Test
    void theNextStartGoesOnWithTheRecordedPrimary() throws InterruptedException {
        up(4);
        run(switchTo("db-2"));
        database.stop();
        assertThat(servers.running()).isEmpty();
        database.start(Sites.DATABASE.failover());
        world.pass(Duration.ofSeconds(2));
        assertThat(servers.running()).isEqualTo(Map.of("db-1", "db-2", "db-2", "primary", "db-3", "db-2"));
    }

    @Test
    void serversOfSomebodyElseHaveNoSteps_andThePlanSaysSo() {
        Wanted attached = Wanted.of(Sites.attached(1));
        run(Course.to(Plan.Kind.UP, attached, roster.now()));
        Plan plan = Course.to(Plan.Kind.GROW, attached.at(Stage.REPLICATION), roster.now());
        assertThat(plan.steps()).noneMatch(step -> step instanceof Step.AddReplica || step instanceof Step.SwitchOver);
        assertThat(plan.text()).endsWith("the servers of database.url are not Banyan's: none is copied or promoted, their roles are followed\n");
    }

    private void up(int stage) {
        assertThat(run(Course.to(Plan.Kind.UP, Wanted.of(Sites.photos(stage)), roster.now()))).isInstanceOf(Outcome.Done.class);
    }

    private void done(int stage) {
        assertThat(run(to(stage))).isInstanceOf(Outcome.Done.class);
    }

    private Plan to(int stage) {
        return Course.to(Plan.Kind.GROW, Wanted.of(Sites.photos(1)).at(Stage.of(stage)), roster.now());
    }

    private Plan switchTo(String name) {
        return Course.switchOver(database.candidate(Optional.of(name)), new Wanted(roster.now().site().orElseThrow(), Wanted.of(Sites.photos(1)).file()), roster.now());
    }

    private Outcome run(Plan plan) {
        return new Mover(1, plan, journal, roster, world.ports(), database, supervisor, events::add).run();
    }

    private static View.Server server(String name) {
        return new View.Server(name, new HostPort(name, 5432));
    }
}
