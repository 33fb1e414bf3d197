package dev.banyan.bench.balance;

import java.util.PriorityQueue;
import org.HdrHistogram.Histogram;

/** Plays a trace against a fleet in virtual time: no clock, no thread; the same trace gives the same figures. */
final class PolicySimulation {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Fleet fleet;
    private final Subject subject;
    private final Workers workers;
    private final int[] inFlight;
    private final double[] sojourn;
    private final long[] requests;
    private final PriorityQueue<End> ends = new PriorityQueue<>();
    private final Histogram waitMicros = new Histogram(3);
    private final Histogram timeMicros = new Histogram(3);
    private int peak;

    private PolicySimulation(Fleet fleet, Subject subject) {
        this.fleet = fleet;
        this.subject = subject;
        this.workers = new Workers(fleet);
        this.inFlight = new int[fleet.size()];
        this.sojourn = new double[fleet.size()];
        this.requests = new long[fleet.size()];
    }

    private record End(long atNanos, int server, long startedNanos) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            return Long.compare(atNanos, other.atNanos);
        }
    }

    /**
     * How a subject did.
     *
     * @param requestSpread requests by weight: the server with the most over the mean
     * @param inFlightSpread requests in flight by weight, averaged over time: the server with the most over the mean
     * @param peak the most requests that one server had in flight
     * @param meanWaitMs from a request's arrival to its first instant of service
     * @param meanTimeMs from its arrival to its end: where servers differ, waiting for a quick one may end sooner
     */
    record Result(
            String subject,
            double requestSpread,
            double inFlightSpread,
            int peak,
            double meanWaitMs,
            double p99WaitMs,
            double meanTimeMs,
            double p99TimeMs) {}

    static Result run(Trace trace, Fleet fleet, Subject subject) {
        PolicySimulation simulation = new PolicySimulation(fleet, subject);
        simulation.play(trace);
        return simulation.result();
    }

    private void play(Trace trace) {
        long nextTick = SECOND_NANOS;
        for (int i = 0; i < trace.size(); i++) {
            long now = trace.atNanos()[i];
            for (; nextTick <= now; nextTick += SECOND_NANOS) {
                endUpTo(nextTick);
                subject.tick(nextTick);
            }
            endUpTo(now);
            begin(subject.choose(trace.keys()[i], trace.workNanos()[i], now), trace.workNanos()[i], now);
        }
        endUpTo(Long.MAX_VALUE);
    }

    private void begin(int server, long workNanos, long now) {
        double start = workers.start(server, now);
        double end = workers.serve(server, workNanos, now);
        requests[server]++;
        sojourn[server] += end - now;
        peak = Math.max(peak, ++inFlight[server]);
        waitMicros.recordValue((long) ((start - now) / 1000));
        timeMicros.recordValue((long) ((end - now) / 1000));
        ends.add(new End((long) end, server, now));
    }

    private void endUpTo(long now) {
        while (!ends.isEmpty() && ends.peek().atNanos() <= now) {
            End end = ends.remove();
            inFlight[end.server()]--;
            subject.ended(end.server(), end.atNanos() - end.startedNanos(), end.atNanos());
        }
    }

    private Result result() {
        double[] byServer = new double[requests.length];
        for (int i = 0; i < byServer.length; i++) {
            byServer[i] = requests[i];
        }
        return new Result(
                subject.name(), spread(byServer), spread(sojourn), peak, mean(waitMicros), p99(waitMicros), mean(timeMicros), p99(timeMicros));
    }

    private static double mean(Histogram micros) {
        return micros.getMean() / 1000;
    }

    private static double p99(Histogram micros) {
        return micros.getValueAtPercentile(99) / 1000.0;
    }

    /** The largest by weight over the mean by weight. */
    private double spread(double[] values) {
        double largest = 0;
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < values.length; i++) {
            largest = Math.max(largest, values[i] / fleet.weights()[i]);
            sum += values[i];
            weights += fleet.weights()[i];
        }
        return largest / (sum / weights);
    }
}
