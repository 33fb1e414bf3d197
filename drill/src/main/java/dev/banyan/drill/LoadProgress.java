package dev.banyan.drill;

import java.util.Locale;

/** How a run is getting on. */
public sealed interface LoadProgress {
    /** One line for a terminal or a log. */
    String line();

    /** Before the first arrival: so many of the script's users have joined. */
    record Joined(int users, int of) implements LoadProgress {
        @Override
        public String line() {
            return "joined  " + users + " of " + of + " users";
        }
    }

    /**
     * One second of the run.
     *
     * @param second since the start, from 1
     * @param requests that ended in that second
     * @param failed of those
     * @param failedSoFar in the whole run
     * @param p50Ms median latency of the arrivals that ended in that second, from the intended send time
     * @param p99Ms 99th percentile of the same
     * @param underWay arrivals that have not ended
     */
    record Second(long second, long requests, long failed, long failedSoFar, double p50Ms, double p99Ms, long underWay) implements LoadProgress {
        @Override
        public String line() {
            return String.format(Locale.ROOT, "%4d s  %,7d req/s  p50 %.1f ms  p99 %.1f ms  %,d under way  failed %,d%s", second, requests, p50Ms, p99Ms,
                    underWay, failedSoFar, failed == 0 ? "" : String.format(Locale.ROOT, " (+%,d)", failed));
        }
    }
}
