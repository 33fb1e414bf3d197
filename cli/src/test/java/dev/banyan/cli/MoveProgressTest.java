package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.console.Plan.State;
import dev.banyan.control.InstanceName;
import dev.banyan.control.Leg;
import dev.banyan.control.MoveEvent;
import dev.banyan.control.Outcome;
import dev.banyan.control.Plan;
import dev.banyan.control.Step;
import dev.banyan.control.Wanted;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MoveProgressTest {
    private static final InstanceName WEB_2 = InstanceName.parse("web-2");
    private static final Step START = new Step.StartInstance(WEB_2);
    private static final Step AWAIT = new Step.AwaitHealthy(WEB_2, Duration.ofSeconds(60));
    private static final Step ADD = new Step.AddToFrontDoor(WEB_2);

    private final List<dev.banyan.console.Plan> told = new ArrayList<>();
    private final MoveProgress progress = new MoveProgress(told::add);
    private final Plan plan = new Plan(Plan.Kind.GROW, wanted(), List.of(new Leg("grow", List.of(START, AWAIT, ADD, new Step.Commit()))));

    @Test
    void aPlanHasNoCommitsAndWaits() {
        var shown = MoveProgress.of(plan, Optional.empty());
        assertThat(shown.title()).isEqualTo("grow to stage 3 (2 instances)");
        assertThat(shown.notes()).containsExactly("1 to start, 0 to stop; clients wait: 0 ms");
        assertThat(shown.steps()).extracting(dev.banyan.console.Plan.Step::title)
                .containsExactly("start web-2", "wait until web-2 is healthy, at most 60 s", "send requests to web-2");
        assertThat(shown.steps()).extracting(dev.banyan.console.Plan.Step::state).containsOnly(State.WAITING);
    }

    @Test
    void everyEventIsToldAsTheWholePlan() {
        hear(new MoveEvent.Begun(1, plan), new MoveEvent.StepBegun(1, START));
        assertThat(states()).containsExactly(State.RUNNING, State.WAITING, State.WAITING);
        hear(new MoveEvent.StepDone(1, START, Duration.ofMillis(1_240)));
        assertThat(states()).containsExactly(State.DONE, State.WAITING, State.WAITING);
        assertThat(told.getLast().steps().getFirst().detail()).isEqualTo("1.2 s");
        assertThat(told).hasSize(3);
    }

    @Test
    void aFailedStepStaysFailed_andThoseBeforeItAreUndone() {
        hear(new MoveEvent.Begun(1, plan), new MoveEvent.StepDone(1, START, Duration.ZERO), new MoveEvent.StepFailed(1, AWAIT, "it ended"),
                new MoveEvent.StepUndone(1, AWAIT), new MoveEvent.StepUndone(1, START),
                new MoveEvent.Ended(1, new Outcome.Undone(plan, AWAIT, "it ended\nlog line", List.of(), List.of())));
        assertThat(states()).containsExactly(State.UNDONE, State.FAILED, State.WAITING);
        assertThat(told.getLast().steps().get(1).detail()).isEqualTo("it ended");
        assertThat(told.getLast().notes().getLast()).endsWith("was undone: it ended");
    }

    private void hear(MoveEvent... events) {
        List.of(events).forEach(progress::heard);
    }

    private List<State> states() {
        return told.getLast().steps().stream().map(dev.banyan.console.Plan.Step::state).toList();
    }

    static Wanted wanted() {
        Topology site = SiteFile.read("site: shop\nstage: 3\napplication:\n  command: ./shop\n  instances: 2\n", _ -> Optional.empty()).orThrow("site.yaml");
        return Wanted.of(site);
    }
}
