package dev.banyan.balance;

import dev.banyan.topology.FrontDoor.Retries;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many retries there may be, so that retries never make an overload worse: a share of the requests of the last ten seconds, and a few a
 * second whatever that share (as Finagle's RetryBudget, and Envoy's retry budgets). Any thread may call; counting a request is one atomic
 * add, and only a retry takes a lock.
 *
 * <p>Holds whatever the interleaving: a retry that is granted is one of its second's minimum, or leaves the retries of the last ten seconds
 * within the share of the requests of the last ten seconds (whole seconds of the clock, the running one included).
 */
public final class RetryBudget {
    private static final int SECONDS = 10;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final double share;
    private final int minimumPerSecond;
    private final SecondCounts requests = new SecondCounts();
    private final ReentrantLock lock = new ReentrantLock();
    private final long[] retries = new long[SECONDS];
    private long second = Long.MIN_VALUE;

    public RetryBudget(Retries retries) {
        share = retries.budget().of1();
        minimumPerSecond = retries.minimumPerSecond();
    }

    /** A request came, a first attempt. */
    public void requestSeen(long nowNanos) {
        requests.add(Math.floorDiv(nowNanos, SECOND_NANOS));
    }

    /** Whether one retry may be made; counts it when it may. */
    public boolean tryRetry(long nowNanos) {
        lock.lock();
        try {
            advance(Math.floorDiv(nowNanos, SECOND_NANOS));
            int bucket = Math.floorMod(second, SECONDS);
            boolean granted = retries[bucket] < minimumPerSecond
                    || Arrays.stream(retries).sum() + 1 <= share * requests.sum(second - SECONDS + 1, second);
            if (granted) {
                retries[bucket]++;
            }
            return granted;
        } finally {
            lock.unlock();
        }
    }

    private void advance(long toSecond) {
        if (second == Long.MIN_VALUE || toSecond - second >= SECONDS) {
            Arrays.fill(retries, 0);
            second = toSecond;
        }
        while (second < toSecond) {
            second++;
            retries[Math.floorMod(second, SECONDS)] = 0;
        }
    }
}
