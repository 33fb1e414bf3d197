package dev.banyan.telemetry.history;

import java.util.Arrays;

/** The rows of one series on their way into fewer points. Owned by one thread. */
final class Folding {
    private final int place;
    private final Entry entry;
    private final Fold fold;
    private final double[] values;
    private final int[] counts;

    Folding(int place, Entry entry, Fold fold, int points) {
        this.place = place;
        this.entry = entry;
        this.fold = fold;
        this.values = new double[points];
        this.counts = new int[points];
        Arrays.fill(values, Double.NaN);
    }

    /** Adds a row to a point, unless it is of a time when the place was another series'. */
    void add(int point, RowSource rows, long row) {
        double value = fold == Fold.MEAN ? rows.mean(place) : rows.highest(place);
        if (Double.isNaN(value) || rows.firstStep(row + 1) <= entry.since()) {
            return;
        }
        values[point] = switch (fold) {
            case MEAN -> counts[point] == 0 ? value : values[point] + (value - values[point]) / (counts[point] + 1);
            case MAX -> counts[point] == 0 ? value : Math.max(values[point], value);
        };
        counts[point]++;
    }

    Plot.Line line() {
        return new Plot.Line(entry.series(), values);
    }
}
