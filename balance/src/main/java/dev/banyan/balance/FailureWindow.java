package dev.banyan.balance;

import java.util.Arrays;

/** Requests and failures of the last ten seconds in buckets of one second, filled from the running totals. Owned by its group's lock. */
final class FailureWindow {
    static final int SECONDS = 10;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final long[] requests = new long[SECONDS];
    private final long[] failures = new long[SECONDS];
    private long second = Long.MIN_VALUE;
    private long requestsSeen;
    private long failuresSeen;

    /** Takes over what the totals have grown by since the last call, about once a second, and forgets what is older than ten. */
    void roll(Tally tally, long nowNanos) {
        advance(Math.floorDiv(nowNanos, SECOND_NANOS));
        int bucket = Math.floorMod(second, SECONDS);
        long requestsNow = tally.requests();
        long failuresNow = tally.failures();
        requests[bucket] += requestsNow - requestsSeen;
        failures[bucket] += failuresNow - failuresSeen;
        requestsSeen = requestsNow;
        failuresSeen = failuresNow;
    }

    /** Forgets all: what was before an ejection says nothing about the time after it. */
    void clear(Tally tally) {
        Arrays.fill(requests, 0);
        Arrays.fill(failures, 0);
        requestsSeen = tally.requests();
        failuresSeen = tally.failures();
    }

    long requests() {
        return Arrays.stream(requests).sum();
    }

    long failures() {
        return Arrays.stream(failures).sum();
    }

    /** The failed part of the requests, 0 to 1; 0 when there was none. */
    double share() {
        long all = requests();
        return all == 0 ? 0 : (double) failures() / all;
    }

    private void advance(long toSecond) {
        if (second == Long.MIN_VALUE || toSecond - second >= SECONDS) {
            Arrays.fill(requests, 0);
            Arrays.fill(failures, 0);
            second = toSecond;
        }
        while (second < toSecond) {
            second++;
            int bucket = Math.floorMod(second, SECONDS);
            requests[bucket] = 0;
            failures[bucket] = 0;
        }
    }
}
