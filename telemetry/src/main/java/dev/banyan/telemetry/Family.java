package dev.banyan.telemetry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The series of one name: the same kind, the same label names, and at most so many. */
final class Family {
    private static final String OTHER = "other";

    private final String name;
    private final String help;
    private final Kind kind;
    private final List<String> labelNames;
    private final int most;
    private final Consumer<String> full;
    private final Map<Labels, Series> series = new ConcurrentHashMap<>();
    private boolean saidFull;

    Family(String name, String help, Kind kind, List<String> labelNames, int most, Consumer<String> full) {
        this.name = name;
        this.help = help;
        this.kind = kind;
        this.labelNames = labelNames;
        this.most = most;
        this.full = full;
    }

    void mustBe(Kind wanted, Labels labels) {
        if (kind != wanted || !labelNames.equals(labels.names())) {
            throw new IllegalArgumentException(
                    "metric " + name + " is a " + kind + " with labels " + labelNames + ", not a " + wanted + " with labels " + labels.names());
        }
    }

    /** The series of these labels, made if it is new; the one called "other" when there are too many. */
    Series series(Labels labels, Supplier<Series> made) {
        Series known = series.get(labels);
        return known != null ? known : begin(labels, made);
    }

    /** Adds or replaces a series that is asked; not beyond the most there may be: a level of "other" would say nothing. */
    synchronized void observe(Labels labels, Series.Observed observed) {
        if (hasRoom(labels)) {
            series.put(labels, observed);
        }
    }

    void removeContaining(Labels some) {
        series.keySet().removeIf(labels -> labels.contains(some));
    }

    void remove(Labels labels) {
        series.remove(labels);
    }

    Snapshot.Family read() {
        Map<Labels, Reading> readings = new HashMap<>();
        series.forEach((labels, each) -> readings.put(labels, each.read()));
        return new Snapshot.Family(name, help, kind, readings);
    }

    private synchronized Series begin(Labels labels, Supplier<Series> made) {
        return series.computeIfAbsent(hasRoom(labels) ? labels : labels.allValued(OTHER), _ -> made.get());
    }

    private boolean hasRoom(Labels labels) {
        boolean room = series.size() < most || series.containsKey(labels);
        if (!room && !saidFull) {
            saidFull = true;
            full.accept("metric " + name + " has " + most + " series, the most it may have; those to come, " + labels
                    + " the first of them, are counted as \"other\": give the label fewer values");
        }
        return room;
    }
}
