package dev.banyan.telemetry.history;

import java.util.List;

/**
 * What a question was answered.
 *
 * @param fromSeconds when its first step begins, since 1970; a multiple of the step
 * @param stepSeconds how long a step is
 * @param lines one a series, in the order in which they were asked for
 */
public record Plot(long fromSeconds, int stepSeconds, List<Line> lines) {
    public Plot {
        lines = List.copyOf(lines);
    }

    /**
     * The values of one series.
     *
     * @param values one a step, all lines equally many; NaN where nothing was measured
     */
    public record Line(KeptSeries series, double[] values) {}
}
