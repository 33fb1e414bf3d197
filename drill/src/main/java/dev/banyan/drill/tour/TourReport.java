package dev.banyan.drill.tour;

import dev.banyan.drill.LoadReport;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.topology.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a tour saw.
 *
 * @param command that makes it again
 * @param began the wall clock's time of the tour's first request
 * @param decisions everything that the site did by itself, in order
 * @param load all of the tour's own load, audited; empty when it did not come to its end
 * @param problem why the tour was broken off; empty when it was not
 */
public record TourReport(String command, TourOptions options, Machine machine, Instant began, List<Phase> phases, List<Sample> samples, List<StageFacts> stages, List<Decision> decisions,
        Optional<LoadReport> load, String problem) {

    public TourReport {
        phases = List.copyOf(phases);
        samples = List.copyOf(samples);
        stages = List.copyOf(stages);
        decisions = List.copyOf(decisions);
    }

    /** One for each stay at a stage. */
    public List<Visit> visits() {
        return Visit.of(phases, stages);
    }

    public long requests() {
        return phases.stream().mapToLong(Phase::requests).sum();
    }

    /** Of all phases in which no request may fail. */
    public long failedPlanned() {
        return visits().stream().mapToLong(Visit::failedPlanned).sum();
    }

    /** From the first request to the end of the last step. */
    public double seconds() {
        return phases.isEmpty() ? 0 : phases.getLast().toS();
    }

    /** Why the tour did not pass, one sentence each; none when it did. */
    public List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        if (!problem.isEmpty() && phases.stream().noneMatch(phase -> phase.problem().equals(problem))) {
            reasons.add(problem);
        }
        phases.stream().filter(phase -> !phase.problem().isEmpty()).map(phase -> phase.step().title() + " at stage " + phase.stage().title() + " was not done: " + phase.problem()).forEach(reasons::add);
        phases.stream().filter(phase -> phase.step().planned() && phase.failed() > 0).map(TourReport::failed).forEach(reasons::add);
        phases.forEach(phase -> phase.drill().filter(drill -> !drill.passed()).map(drill -> broken(phase, drill)).ifPresent(reasons::add));
        load.ifPresent(whole -> writes(whole, reasons));
        return reasons;
    }

    private static String failed(Phase phase) {
        return String.format(Locale.ROOT, "%,d of %,d requests failed in '%s' at stage %s: %s", phase.failed(), phase.requests(), phase.step().title(), phase.stage().title(), phase.byKind());
    }

    private static String broken(Phase phase, DrillReport drill) {
        String why = drill.reason().isEmpty() ? String.join("; ", drill.checks().stream().filter(check -> !check.held()).map(check -> check.what() + ": " + check.seen()).toList()) : drill.reason();
        return "drill " + drill.drill() + " at stage " + phase.stage().title() + (drill.verdict() == DrillReport.Verdict.ABORTED ? " was aborted: " : " did not hold: ") + why;
    }

    private static void writes(LoadReport whole, List<String> reasons) {
        if (!whole.writes().clean()) {
            reasons.add(String.format(Locale.ROOT, "of %,d acknowledged writes %,d are lost, %,d there twice, %,d could not be looked for", whole.writes().acknowledged(), whole.writes().lost(),
                    whole.writes().doubled(), whole.writes().unchecked()));
        }
        whole.websockets().filter(sockets -> sockets.opened() < sockets.wanted() || sockets.outOfOrder() > 0 || sockets.lost() > sockets.closed()).ifPresent(sockets -> reasons.add(
                String.format(Locale.ROOT, "WebSockets: %d of %d opened, %,d messages out of order, %,d lost, while %,d sockets were cut", sockets.opened(), sockets.wanted(), sockets.outOfOrder(),
                        sockets.lost(), sockets.closed())));
    }

    public boolean passed() {
        return reasons().isEmpty();
    }

    /** 0 when every planned step failed no request, no acknowledged write is lost and every drill's hypothesis held; else 1. */
    public int exitCode() {
        return passed() ? 0 : 1;
    }

    /** A table to read. */
    public String table() {
        return new TourTable(this).text();
    }

    /** One JSON object; docs/tour.md lists its keys, which are added and never renamed. */
    public String json() {
        return TourJson.of(this).toPrettyString();
    }

    /** One HTML page that needs nothing else. */
    public String html(DrawingCode drawing) {
        return new TourPage(this, drawing).text();
    }
}
