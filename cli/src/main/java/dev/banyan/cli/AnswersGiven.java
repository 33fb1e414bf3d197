package dev.banyan.cli;

import dev.banyan.telemetry.Distribution;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import dev.banyan.telemetry.Snapshot;
import dev.banyan.telemetry.slo.Tally;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one door, the front door or an edge, has answered users since the last time it was asked. An upgraded connection (101) is none: it
 * takes as long as its user stays. Owned by who asks.
 */
final class AnswersGiven {
    private static final Set<String> NAMES = Set.of(TrafficFigures.DURATION);
    private static final Labels TUNNELS = Labels.of("class", "1xx");

    private final Registry registry;
    private Counts before;

    /** All since the door was opened. */
    private record Counts(Distribution all, Distribution tunnels, Distribution failed) {
        static final Counts NONE = new Counts(Distribution.EMPTY, Distribution.EMPTY, Distribution.EMPTY);

        static Counts of(Snapshot now) {
            return new Counts(now.distribution(TrafficFigures.DURATION, Labels.NONE), now.distribution(TrafficFigures.DURATION, TUNNELS),
                    now.distribution(TrafficFigures.DURATION, TrafficFigures.FAILED));
        }

        Counts since(Counts before) {
            return new Counts(all.minus(before.all), tunnels.minus(before.tunnels), failed.minus(before.failed));
        }

        Tally tally(long boundNanos) {
            long answers = Math.max(0, all.count() - tunnels.count());
            long good = Math.max(0, answers - failed.count());
            long inTime = Stream.of(tunnels, failed).map(other -> other.atMost(boundNanos)).reduce(all.atMost(boundNanos), (left, less) -> left - less);
            return boundNanos == 0 ? new Tally(answers, failed.count(), 0, 0) : new Tally(answers, failed.count(), good, Math.clamp(good - inTime, 0, good));
        }
    }

    /**
     * @param registry the door's
     * @param fromNow whether what it answered before counts as told
     */
    AnswersGiven(Registry registry, boolean fromNow) {
        this.registry = registry;
        this.before = fromNow ? Counts.of(registry.snapshot(NAMES::contains)) : Counts.NONE;
    }

    /** @param boundNanos what answers are held against; 0 for none */
    Tally since(long boundNanos) {
        Counts now = Counts.of(registry.snapshot(NAMES::contains));
        Tally tally = now.since(before).tally(boundNanos);
        before = now;
        return tally;
    }
}
