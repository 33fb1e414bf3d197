package dev.banyan.telemetry.slo;

import java.time.Duration;
import java.util.List;

/**
 * When somebody should look: the budget goes so many times as fast as it may, over a long time, so that it matters, and over a short one, so
 * that it still does (The Site Reliability Workbook, table 5-8). Below ten broken answers nobody is woken: with few requests one of them would do.
 *
 * @param severity {@code page}: now; {@code ticket}: on a working day
 */
public record BurnRule(String severity, double factor, Duration over, Duration still) {
    /** How many answers must have broken the promise over the long time. */
    public static final int LEAST_BAD = 10;

    /** The worst first. With a window of 30 days: 2 % of the budget in an hour, 5 % in six, 10 % in three days. */
    public static final List<BurnRule> ALL = List.of(
            new BurnRule("page", 14.4, Duration.ofHours(1), Duration.ofMinutes(5)),
            new BurnRule("page", 6, Duration.ofHours(6), Duration.ofMinutes(30)),
            new BurnRule("ticket", 1, Duration.ofDays(3), Duration.ofHours(6)));

    /** What burn rates are told of, the shortest first. */
    public static final List<Duration> WINDOWS = List.of(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofHours(6), Duration.ofDays(3));

    /** An alert ends a tenth below where it begins: a rate at the edge makes one, not many. */
    private static final double ENDS_BELOW = .9;

    /** @param burning whether its alert is on already */
    boolean holds(double burnOver, double burnStill, long badOver, boolean burning) {
        double least = burning ? ENDS_BELOW * factor : factor;
        return burnOver > least && burnStill > least && badOver >= LEAST_BAD;
    }
}
