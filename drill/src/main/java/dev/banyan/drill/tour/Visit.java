package dev.banyan.drill.tour;

import dev.banyan.drill.site.DrillReport;
import dev.banyan.drill.tour.TourStep.Saturate;
import dev.banyan.drill.tour.TourStep.Steady;
import dev.banyan.topology.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A stay at a stage, from the move that led there: one row of the tour's table.
 *
 * @param phases in order; at least one
 * @param facts what the stage was made of; empty when nobody looked
 */
public record Visit(List<Phase> phases, Optional<StageFacts> facts) {
    public Visit {
        phases = List.copyOf(phases);
    }

    /** All stays of a tour. */
    static List<Visit> of(List<Phase> phases, List<StageFacts> facts) {
        Map<Integer, List<Phase>> byVisit = new LinkedHashMap<>();
        phases.forEach(phase -> byVisit.computeIfAbsent(phase.visit(), _ -> new ArrayList<>()).add(phase));
        return byVisit.entrySet().stream().map(visit -> new Visit(visit.getValue(), facts.stream().filter(seen -> seen.visit() == visit.getKey()).findFirst())).toList();
    }

    public Stage stage() {
        return phases.getFirst().stage();
    }

    /** Of all its phases. */
    public long requests() {
        return phases.stream().mapToLong(Phase::requests).sum();
    }

    /** Of those in which none may fail. */
    public long failedPlanned() {
        return phases.stream().filter(phase -> phase.step().planned()).mapToLong(Phase::failed).sum();
    }

    /** Those that failed while something was broken, or pressed as hard as can be. */
    public long failedOtherwise() {
        return phases.stream().filter(phase -> !phase.step().planned()).mapToLong(Phase::failed).sum();
    }

    /** The first steady time: nothing else goes on. */
    public Optional<Phase> steady() {
        return phases.stream().filter(phase -> phase.step() instanceof Steady).findFirst();
    }

    public Optional<Phase> saturation() {
        return phases.stream().filter(phase -> phase.step() instanceof Saturate).findFirst();
    }

    /** Seconds that the move to this stage took; empty at the first. */
    public OptionalDouble moveSeconds() {
        return phases.stream().filter(phase -> phase.step() instanceof TourStep.Move).mapToDouble(Phase::seconds).findFirst();
    }

    public List<DrillReport> drills() {
        return phases.stream().flatMap(phase -> phase.drill().stream()).toList();
    }
}
