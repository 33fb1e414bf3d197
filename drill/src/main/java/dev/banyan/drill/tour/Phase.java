package dev.banyan.drill.tour;

import dev.banyan.drill.LoadReport.FailedRequest;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.topology.Stage;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A step of the tour that is over, with what its users were answered meanwhile. A request counts where it ends.
 *
 * @param number from 1
 * @param visit which stay at a stage it belongs to, from 1: a stage that the tour comes to again is another
 * @param stage at which the site was when it ended
 * @param fromS seconds from the tour's first request
 * @param toS when it ended
 * @param requests that ended, the drill's own not among them
 * @param failed of those
 * @param byKind failures by kind
 * @param firstFailures the first few of each kind
 * @param p50Ms of the users' steps, from when they were due
 * @param p99Ms the same
 * @param drill what the drill found, if it was one
 * @param problem why it was not done; empty when it was
 */
public record Phase(int number, int visit, Stage stage, TourStep step, double fromS, double toS, long requests, long failed, SortedMap<String, Long> byKind, List<FailedRequest> firstFailures,
        double p50Ms, double p99Ms, Optional<DrillReport> drill, String problem) {

    /** Failures that are told of one by one. */
    static final int MOST_FAILURES = 12;

    public Phase {
        byKind = Collections.unmodifiableSortedMap(new TreeMap<>(byKind));
        firstFailures = List.copyOf(firstFailures);
    }

    public double seconds() {
        return toS - fromS;
    }

    /** Requests a second. */
    public double rate() {
        return requests / Math.max(seconds(), 1e-3);
    }
}
