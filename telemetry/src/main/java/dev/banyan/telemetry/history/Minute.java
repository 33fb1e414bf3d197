package dev.banyan.telemetry.history;

import java.util.Arrays;

/** The steps of one minute put together: of each place the mean and the maximum of what was measured. Owned by the one writer. */
final class Minute {
    private final double[] sums = new double[Layout.PLACES];
    private final int[] counts = new int[Layout.PLACES];
    private final float[] highest = new float[Layout.PLACES];
    private long number = -1;

    /** Begins a minute; its number is that of minutes since 1970. */
    void begin(long minute) {
        number = minute;
        Arrays.fill(sums, 0);
        Arrays.fill(counts, 0);
    }

    /** -1 before the first. */
    long number() {
        return number;
    }

    void add(Row step) {
        for (int place = 0; place < step.places(); place++) {
            double value = step.value(place, 0);
            if (!Double.isNaN(value)) {
                sums[place] += value;
                highest[place] = counts[place] == 0 ? (float) value : Math.max(highest[place], (float) value);
                counts[place]++;
            }
        }
    }

    void to(Row minute) {
        minute.clear();
        for (int place = 0; place < counts.length; place++) {
            if (counts[place] > 0) {
                minute.put(place, 0, sums[place] / counts[place]);
                minute.put(place, 1, highest[place]);
            }
        }
    }
}
