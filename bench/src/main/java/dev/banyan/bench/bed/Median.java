package dev.banyan.bench.bed;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The middle of some figures, which one bad round does not move. */
public final class Median {
    private Median() {}

    /** The median of a figure of each; of an even number the mean of the middle two. There must be one at least. */
    public static <T> double of(Collection<T> all, ToDoubleFunction<T> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
