package dev.banyan.drill;

import dev.banyan.topology.Doc;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * The moments at which requests are meant to be sent, fixed before the first answer is seen: an open loop. Owned by one thread.
 *
 * <p>For a rate that goes straight from a to b over T seconds, a·t + (b-a)·t²/2T arrivals are due by t. The n-th constant arrival is
 * where that reaches n; a Poisson process of varying rate is where it reaches the sum of n exponential gaps of mean 1 (time rescaling, Çınlar,
 * Introduction to Stochastic Processes, 1975, section 4.7).
 */
public final class Arrivals {
    /** How arrivals are spread. */
    public enum Kind {
        @Doc("As independent users come: exponential gaps.")
        POISSON,
        @Doc("Evenly spaced.")
        CONSTANT
    }

    private static final double NANOS = 1e9;

    private final double from;
    private final double slope;
    private final double seconds;
    private final long limit;
    private final Kind kind;
    private final RandomGenerator random;
    private double due;
    private long count;

    /**
     * @param durationNanos arrivals come from 0 to this, which is over 0
     * @param limit the most arrivals; 0 is no such limit
     */
    Arrivals(Rate rate, Kind kind, long durationNanos, long limit, RandomGenerator random) {
        this.from = rate.from();
        this.seconds = durationNanos / NANOS;
        this.slope = (rate.to() - rate.from()) / seconds;
        this.limit = limit == 0 ? Long.MAX_VALUE : limit;
        this.kind = kind;
        this.random = random;
    }

    /** Nanoseconds from the run's start to the next arrival; empty when there is none any more. */
    OptionalLong next() {
        if (count >= limit) {
            return OptionalLong.empty();
        }
        due = switch (kind) {
            case CONSTANT -> count;
            case POISSON -> due + random.nextExponential();
        };
        double at = whenDue(due);
        if (!(at < seconds)) {
            count = limit;
            return OptionalLong.empty();
        }
        count++;
        return OptionalLong.of((long) (at * NANOS));
    }

    /** Solves a·t + s·t²/2 = n for t, in the form that stays exact when s is near 0; infinite when a falling ramp never gets there. */
    private double whenDue(double n) {
        double root = from * from + 2 * slope * n;
        return root < 0 ? Double.POSITIVE_INFINITY : 2 * n / (from + Math.sqrt(root));
    }
}
