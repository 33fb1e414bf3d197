package dev.banyan.bench.balance;

import dev.banyan.net.Clock;
import dev.banyan.topology.FrontDoor.Algorithm;
import java.io.PrintStream;
import java.util.Locale;

/** What choosing, answering and finishing one request cost together, in one thread, nothing else in the caches: to compare, not to believe. */
final class HotPath {
    private static final int[] SERVERS = {3, 20, 100};
    private static final int BATCH = 100_000;
    private static final long MEASURE_NANOS = 300_000_000L;

    private final Clock clock;

    HotPath(Clock clock) {
        this.clock = clock;
    }

    void print(PrintStream out) {
        out.printf("%nnanoseconds to choose, answer and finish one request, by servers%n%-28s %6d %6d %6d%n", "", SERVERS[0], SERVERS[1], SERVERS[2]);
        for (Algorithm algorithm : Algorithm.values()) {
            double[] nanos = new double[SERVERS.length];
            for (int i = 0; i < SERVERS.length; i++) {
                nanos[i] = nanos(GroupSubject.of(algorithm, 1.25, Fleet.equal(SERVERS[i]).weights(), 0));
            }
            String name = algorithm.name().toLowerCase(Locale.ROOT).replace('_', '-');
            out.printf(Locale.ROOT, "%-28s %6.0f %6.0f %6.0f%n", name, nanos[0], nanos[1], nanos[2]);
        }
    }

    /** The best batch after as long a warm-up. */
    private double nanos(GroupSubject subject) {
        double best = Double.POSITIVE_INFINITY;
        long start = clock.nanos();
        while (clock.nanos() - start < 2 * MEASURE_NANOS) {
            long before = clock.nanos();
            batch(subject);
            best = Math.min(best, (clock.nanos() - before) / (double) BATCH);
        }
        return best;
    }

    private static void batch(GroupSubject subject) {
        for (int i = 0; i < BATCH; i++) {
            subject.ended(subject.choose(i, 0, i), 1_000_000 + (i & 0xffff), i);
        }
    }
}
