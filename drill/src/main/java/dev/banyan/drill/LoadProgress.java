package dev.banyan.drill;

import java.util.Locale;

/**
 * One second of a run.
 *
 * @param second since the start, from 1
 * @param requests that ended in that second
 * @param failed of those
 * @param failedSoFar in the whole run
 * @param p50Ms median latency of the arrivals that ended in that second, from the intended send time
 * @param p99Ms 99th percentile of the same
 * @param underWay arrivals that have not ended
 */
public record LoadProgress(long second, long requests, long failed, long failedSoFar, double p50Ms, double p99Ms, long underWay) {
    /** One line for a terminal or a log. */
    public String line() {
        return String.format(Locale.ROOT, "%4d s  %,7d req/s  p50 %.1f ms  p99 %.1f ms  %,d under way  failed %,d%s", second, requests, p50Ms, p99Ms, underWay,
                failedSoFar, failed == 0 ? "" : String.format(Locale.ROOT, " (+%,d)", failed));
    }
}
