package dev.banyan.telemetry;

import java.util.Map;

/**
 * What happened between two snapshots.
 *
 * @param from the earlier one
 * @param to the later one
 */
public record Window(Snapshot from, Snapshot to) {
    /** Its length in seconds; over 0. */
    public double seconds() {
        return Math.max(1, to.nanos() - from.nanos()) / 1e9;
    }

    /** How many happened, over all series with these labels; all of the later total if the series began anew in between. */
    public double count(String name, Labels containing) {
        double before = from.total(name, containing);
        double after = to.total(name, containing);
        return after < before ? after : after - before;
    }

    /** How many a second. */
    public double rate(String name, Labels containing) {
        return count(name, containing) / seconds();
    }

    /** The durations recorded, of all series with these labels together; a series that has ended meanwhile takes nothing from the others. */
    public Distribution distribution(String name, Labels containing) {
        Map<Labels, Distribution> before = from.distributions(name, containing);
        return to.distributions(name, containing).entrySet().stream()
                .map(series -> series.getValue().minus(before.getOrDefault(series.getKey(), Distribution.EMPTY)))
                .reduce(Distribution.EMPTY, Distribution::plus);
    }

    /** The level at the end. */
    public double level(String name, Labels containing) {
        return to.total(name, containing);
    }
}
