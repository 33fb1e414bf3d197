package dev.banyan.console;

import dev.banyan.telemetry.Distribution;

/**
 * What a node or an arrow did in the last seconds. All numbers are finite and at least 0.
 *
 * @param rate requests a second
 * @param p50Millis half of the answers took at most this; 0 when there was none, or it is not measured
 * @param p95Millis 95 in 100
 * @param p99Millis 99 in 100
 * @param failedRate failed ones a second
 * @param inFlight how many wait for their answer now
 * @param total how many since the start; 0 is drawn as "no traffic yet"
 */
public record Figures(double rate, double p50Millis, double p95Millis, double p99Millis, double failedRate, long inFlight, long total) {
    /** Nothing yet. */
    public static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0);

    public Figures {
        mustBeFinite(rate, p50Millis, p95Millis, p99Millis, failedRate);
    }

    /**
     * From what was recorded in a window.
     *
     * @param seconds how long the window is
     * @param failed how many of it failed
     */
    public static Figures of(Distribution answers, double seconds, double failed, long inFlight, long total) {
        return new Figures(
                answers.count() / seconds,
                answers.quantileNanos(.5) / 1e6,
                answers.quantileNanos(.95) / 1e6,
                answers.quantileNanos(.99) / 1e6,
                failed / seconds,
                inFlight,
                total);
    }

    private static void mustBeFinite(double... numbers) {
        for (double number : numbers) {
            if (!(number >= 0 && Double.isFinite(number))) {
                throw new IllegalArgumentException("a figure is finite and not negative: " + number);
            }
        }
    }
}
