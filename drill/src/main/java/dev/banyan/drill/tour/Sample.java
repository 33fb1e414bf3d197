package dev.banyan.drill.tour;

/**
 * About a second of the tour, to be plotted.
 *
 * @param atS seconds from the tour's first request to its end
 * @param rate requests a second
 * @param failed requests that failed
 * @param p50Ms of the users' steps that ended in it; negative when none did
 * @param p99Ms the same
 */
public record Sample(double atS, double rate, long failed, double p50Ms, double p99Ms) {}
