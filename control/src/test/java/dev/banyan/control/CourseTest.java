package dev.banyan.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.control.Instance.State;
import dev.banyan.control.database.ClusterRecord;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.ServerUrl;
import dev.banyan.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CourseTest {
    @Test
    void theFirstStartBringsTheDatabaseThenTheInstance() {
        assertPlan("up-1", Course.to(Plan.Kind.UP, Wanted.of(Sites.photos(1)), Observed.NOTHING));
    }

    @Test
    void growingStartsAllThatIsMissingAtOnceAndAddsThemWhenHealthy() {
        assertPlan("grow-1-3", Course.to(Plan.Kind.GROW, Wanted.of(Sites.photos(3)), running(Sites.photos(1), "web-1")));
    }

    @Test
    void shrinkingDrainsTheHighestSlotsAndStopsThemAfterTheCommit() {
        assertPlan("shrink-3-1", Course.to(Plan.Kind.SHRINK, Wanted.of(Sites.photos(1)), running(Sites.photos(3), "web-1", "web-2", "web-3")));
    }

    @Test
    void aDeployReplacesOneInstanceAfterTheOther() {
        assertPlan("deploy-3", Course.deploy(Wanted.of(Sites.photos(3)), Topology.APPLICATION, running(Sites.photos(3), "web-1", "web-2.4", "web-3")));
    }

    @Test
    void anEditedCommandReplacesEveryInstance_andEditedSettingsOnlyTheSettings() {
        Observed runs = running(Sites.photos(3), "web-1", "web-2", "web-3");
        assertPlan("apply-command", Course.to(Plan.Kind.APPLY, Wanted.of(Sites.command(3, "java -jar new.jar")), runs));
        assertPlan("apply-settings", Course.to(Plan.Kind.APPLY, Wanted.of(Sites.drains(3, 5)), runs));
    }

    @Test
    void growingWithAnEditedCommandStartsTheNewOnesAsTheNewCommand_andReplacesTheOldOne() {
        assertPlan("apply-grow-command", Course.to(Plan.Kind.APPLY, Wanted.of(Sites.command(3, "java -jar new.jar")), running(Sites.photos(1), "web-1")));
    }

    @Test
    void serversThatRunAlreadyAreUsedWeighedAndLeft() {
        Topology two = Sites.servers(3, Sites.server(8001, 1), Sites.server(8002, 1));
        Topology other = Sites.servers(3, Sites.server(8002, 5), Sites.server(8003, 1));
        Observed runs = new Observed(Optional.of(two), Observed.Databases.NONE, Observed.Caches.NONE, List.of(),
                two.application().servers().stream().map(server -> new ServiceServer(Topology.APPLICATION, server)).toList(), Observed.Edges.NONE);
        assertPlan("apply-servers", Course.to(Plan.Kind.APPLY, Wanted.of(other), runs));
    }

    @Test
    void withServersThatRunAlready_stage1UsesTheFirstAlone() {
        ServerUrl first = Sites.server(8001, 1);
        Wanted wanted = Wanted.of(Sites.servers(1, first, Sites.server(8002, 1)));
        assertThat(Course.to(Plan.Kind.UP, wanted, Observed.NOTHING).steps()).contains(new Step.UseServer(new ServiceServer(Topology.APPLICATION, first)))
                .filteredOn(Step.UseServer.class::isInstance).hasSize(1);
    }

    @Test
    void applyingAnUneditedFileReadsTheCertificatesAgain() {
        Topology site = Sites.withTls();
        assertThat(Course.to(Plan.Kind.APPLY, Wanted.of(site), running(site, "web-1")).steps())
                .containsExactly(new Step.ReconfigureFrontDoor(site, site), new Step.Commit());
        assertThat(Course.to(Plan.Kind.GROW, Wanted.of(site), running(site, "web-1")).isEmpty()).isTrue();
    }

    @Test
    void whatIsAsWantedNeedsNothing() {
        Plan plan = Course.to(Plan.Kind.GROW, Wanted.of(Sites.photos(3)), running(Sites.photos(3), "web-1", "web-2", "web-3"));
        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.summary()).isEqualTo("nothing to do: the site is as wanted");
    }

    @Test
    void aLingeringInstanceKeepsItsNameAndNotItsSlot() {
        Observed runs = running(Sites.photos(1), "web-1").with(instance(Sites.photos(1), "web-2").in(State.LINGERING));
        assertThat(Course.to(Plan.Kind.GROW, Wanted.of(Sites.photos(3)), runs).steps())
                .contains(new Step.StartInstance(InstanceName.parse("web-2.2")), new Step.StartInstance(InstanceName.parse("web-3")));
    }

    @Test
    void anInstanceThatRestartsHoldsItsSlot() {
        Observed runs = running(Sites.photos(1)).with(instance(Sites.photos(1), "web-1").in(State.RESTARTING));
        assertThat(Course.to(Plan.Kind.UP, Wanted.of(Sites.photos(1)), runs).isEmpty()).isTrue();
    }

    static Observed running(Topology site, String... names) {
        return new Observed(Optional.of(site), new Observed.Databases(true, Optional.of(ClusterRecord.first())), Observed.Caches.NONE, Stream.of(names).map(name -> instance(site, name)).toList(), List.of(), Observed.Edges.NONE);
    }

    private static Instance instance(Topology site, String name) {
        InstanceName is = InstanceName.parse(name);
        return new Instance(is, site.application(), false, Optional.of(new HostPort("127.0.0.1", 20_000 + is.slot())), State.SERVING);
    }

    /** The golden files lie beside this class' resources; what differs is printed whole. */
    static void assertPlan(String golden, Plan plan) {
        assertThat(plan.text()).isEqualTo(read("plan-" + golden + ".txt"));
    }

    private static String read(String name) {
        try (InputStream in = CourseTest.class.getResourceAsStream(name)) {
            assertThat(in).as("golden file " + name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
