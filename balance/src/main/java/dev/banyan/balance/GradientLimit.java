package dev.banyan.balance;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many requests a service should have at a time, found from how long they take: the limit grows by its square root while requests take
 * about as long as without a queue, and shrinks in proportion when they take longer. After Envoy's adaptive concurrency and Netflix's
 * Gradient2, both from TCP Vegas (Brakmo and Peterson, 1995): {@code limit x clamp(slack x baseline / mean, 0.5, 1) + sqrt(limit)}.
 *
 * <p>The baseline, the mean time without a queue, follows the means of windows in which at most half of the limit was used, and sinks to
 * those that are shorter. Under steady load there are none: then every half minute the limit is halved for two windows, one to drain the
 * queue and one to look (as BBR's ProbeRTT does), or a baseline measured in a queue would let the queue grow for ever.
 *
 * <p>Any thread may call; a request takes a few atomic steps, and the thread that ends a window computes the next limit.
 */
public final class GradientLimit {
    private static final long WINDOW_NANOS = 100_000_000L;
    private static final int WINDOW_SAMPLES = 30;
    private static final int PROBE_SAMPLES = 100;
    /** A window lasts so many baselines: in a shorter one the quick answers would be seen and the slow ones not yet. */
    private static final int WINDOW_BASELINES = 4;
    private static final long FIRST_PROBE_NANOS = 5_000_000_000L;
    private static final long PROBE_EVERY_NANOS = 30_000_000_000L;
    private static final double LEAST_GRADIENT = 0.5;
    private static final double LIMIT_STEP = 0.3;
    private static final double BASELINE_STEP = 0.1;

    private final double slack;
    private final double least;
    private final double most;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder sumNanos = new LongAdder();
    private final LongAdder samples = new LongAdder();
    private final LongAdder drops = new LongAdder();
    private final AtomicInteger busiest = new AtomicInteger();
    private final AtomicLong windowEnd;
    private final AtomicBoolean computing = new AtomicBoolean();
    private volatile double limit;
    // Owned by the thread that is computing.
    private volatile double baseline;
    private long probeAt;
    /** Windows of the probe that are still to come; it begins with one, before any limit was moved. */
    private int probing = 2;
    private double beforeProbe;

    /**
     * @param slack by how much requests may take longer than without a queue before the limit shrinks, 0.5 for half as long again
     * @throws IllegalArgumentException when the limits are not in order
     */
    public GradientLimit(int initial, int least, int most, double slack, long nowNanos) {
        if (!(1 <= least && least <= initial && initial <= most)) {
            throw new IllegalArgumentException("a concurrency limit of " + initial + " must lie between its least (" + least + ", from 1) and its most (" + most + ")");
        }
        this.limit = initial;
        this.beforeProbe = initial;
        this.least = least;
        this.most = most;
        this.slack = 1 + slack;
        this.windowEnd = new AtomicLong(nowNanos + WINDOW_NANOS);
        this.probeAt = nowNanos + FIRST_PROBE_NANOS;
    }

    /**
     * Takes a place, which {@link #ended} gives back.
     *
     * @param share the part of the limit that requests of this importance may fill; the most important fill all of it
     */
    public boolean admit(double share) {
        int most = Math.max(1, (int) (limit * share));
        while (true) {
            int seen = inFlight.get();
            if (seen >= most) {
                return false;
            }
            if (inFlight.compareAndSet(seen, seen + 1)) {
                if (seen + 1 > busiest.get()) {
                    busiest.accumulateAndGet(seen + 1, Math::max);
                }
                return true;
            }
        }
    }

    /**
     * Gives a place back, and learns.
     *
     * @param outcome what became of it; only an answer's time counts, and no answer as a sign of overload
     * @param nanos how long the service took to begin its answer
     */
    public void ended(Outcome outcome, long nanos, long nowNanos) {
        if (inFlight.getAndDecrement() <= 0) {
            inFlight.incrementAndGet();
            throw new IllegalStateException("a request was ended twice: none is in flight");
        }
        if (outcome == Outcome.OK && nanos > 0) {
            sumNanos.add(nanos);
            samples.increment();
        } else if (outcome == Outcome.NO_ANSWER) {
            drops.increment();
        }
        if (nowNanos - windowEnd.get() >= 0 && computing.compareAndSet(false, true)) {
            try {
                endWindow(nowNanos);
            } finally {
                computing.set(false);
            }
        }
    }

    /** The limit now, of all priorities together. */
    public int limit() {
        return (int) limit;
    }

    public int inFlight() {
        return inFlight.get();
    }

    /** The mean time without a queue, in nanoseconds; 0 before it is known. */
    public double baselineNanos() {
        return baseline;
    }

    private void endWindow(long nowNanos) {
        long answered = samples.sum();
        long dropped = drops.sum();
        if (nowNanos - windowEnd.get() < 0 || answered + dropped < (probing > 0 ? PROBE_SAMPLES : WINDOW_SAMPLES)) {
            return;
        }
        windowEnd.set(nowNanos + Math.max(WINDOW_NANOS, (long) (WINDOW_BASELINES * baseline)));
        double mean = answered == 0 ? baseline : (double) sumNanos.sumThenReset() / answered;
        samples.reset();
        drops.reset();
        int used = busiest.getAndSet(inFlight.get());
        boolean overloaded = dropped * 10 > answered;
        if (probing > 0 && !overloaded) {
            probe(mean, nowNanos);
        } else {
            learn(mean, used, overloaded, nowNanos);
        }
    }

    private void learn(double mean, int used, boolean overloaded, long nowNanos) {
        boolean idle = used * 2 <= limit;
        if (idle || mean < baseline) {
            baseline += BASELINE_STEP * (mean - baseline);
            probeAt = idle ? nowNanos + PROBE_EVERY_NANOS : probeAt;
        }
        double gradient = mean > 0 ? Math.clamp(slack * baseline / mean, LEAST_GRADIENT, 1) : 1;
        double target = overloaded ? limit * 0.9 : limit * gradient + Math.sqrt(limit);
        boolean grows = target > limit;
        if (!grows || !idle) {
            limit = Math.clamp(limit + LIMIT_STEP * (target - limit), least, most);
            beforeProbe = limit;
        }
        if (nowNanos - probeAt >= 0) {
            beforeProbe = limit;
            limit = Math.max(least, limit / 2);
            probing = 2;
        }
    }

    /** The first window drains the queue, the second tells the time without one. */
    private void probe(double mean, long nowNanos) {
        if (mean > 0 && --probing == 0) {
            boolean first = baseline == 0;
            baseline = first ? mean : (baseline + mean) / 2;
            limit = beforeProbe;
            probeAt = nowNanos + (first ? FIRST_PROBE_NANOS : PROBE_EVERY_NANOS);
        }
    }
}
