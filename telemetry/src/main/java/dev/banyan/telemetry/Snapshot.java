package dev.banyan.telemetry;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every figure at one moment. Series are read one after the other: two of them may differ by what happened in between.
 *
 * @param at when it was taken
 * @param nanos the same by the monotonic clock, for rates
 * @param families by name
 */
public record Snapshot(Instant at, long nanos, Map<String, Family> families) {
    public Snapshot {
        families = Map.copyOf(families);
    }

    /** How many, over all series with these labels; 0 when there is none. */
    public double total(String name, Labels containing) {
        return readings(name, containing).mapToDouble(reading -> switch (reading) {
            case Reading.Count count -> count.total();
            case Reading.Level level -> level.value();
            case Reading.Spread spread -> spread.distribution().count();
        }).sum();
    }

    /** The durations of all series with these labels together. */
    public Distribution distribution(String name, Labels containing) {
        return readings(name, containing)
                .map(reading -> reading instanceof Reading.Spread spread ? spread.distribution() : Distribution.EMPTY)
                .reduce(Distribution.EMPTY, Distribution::plus);
    }

    /** The durations of each series with these labels. */
    Map<Labels, Distribution> distributions(String name, Labels containing) {
        Map<Labels, Distribution> found = new HashMap<>();
        Family family = families.get(name);
        if (family != null) {
            family.series().forEach((labels, reading) -> {
                if (labels.contains(containing) && reading instanceof Reading.Spread spread) {
                    found.put(labels, spread.distribution());
                }
            });
        }
        return found;
    }

    private Stream<Reading> readings(String name, Labels containing) {
        Family family = families.get(name);
        return family == null
                ? Stream.empty()
                : family.series().entrySet().stream().filter(entry -> entry.getKey().contains(containing)).map(Map.Entry::getValue);
    }

    /** The series of one name. */
    public record Family(String name, String help, Kind kind, Map<Labels, Reading> series) {
        public Family {
            series = Map.copyOf(series);
        }
    }
}
