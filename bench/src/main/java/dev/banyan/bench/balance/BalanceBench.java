package dev.banyan.bench.balance;

import dev.banyan.bench.balance.TraceMaker.Work;
import dev.banyan.net.Clock;
import dev.banyan.topology.FrontDoor.Algorithm;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;

/**
 * {@code bench/balance}: every algorithm of the front door, the very code that runs there, in a simulation of servers in virtual time, beside
 * published algorithms, whose names are in brackets.
 */
public final class BalanceBench {
    private static final int SERVERS = 20;
    private static final int KEYS = 10_000;

    private final PrintStream out;
    private final boolean quick;
    private final List<BalanceReport.Row> rows = new ArrayList<>();

    BalanceBench(PrintStream out, boolean quick) {
        this.out = out;
        this.quick = quick;
    }

    public static void main(String[] args) throws IOException {
        try {
            run(args, System.out);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** @throws IllegalArgumentException for arguments or a trace that cannot be used, with a sentence for the user */
    static BalanceReport run(String[] args, PrintStream out) throws IOException {
        BalanceOptions options = BalanceOptions.parse(args);
        if (options.hot()) {
            new HotPath(Clock.system()).print(out);
            return new BalanceReport(List.of(), List.of());
        }
        BalanceBench bench = new BalanceBench(out, options.quick());
        BalanceReport report = options.trace().isPresent() ? bench.recorded(options) : bench.generated();
        if (options.json().isPresent()) {
            report.write(options.json().get());
        }
        return report;
    }

    private BalanceReport generated() {
        int requests = quick ? 40_000 : 1_000_000;
        TraceMaker maker = new TraceMaker(1);
        Fleet equal = Fleet.equal(SERVERS);
        play("equal servers, exponential work, load 90 %", maker.make(requests, 0.9 * SERVERS, Work.EXPONENTIAL, KEYS, 0), equal);
        theory(0.9);
        Trace shared = maker.make(requests, 0.9 * SERVERS, Work.EXPONENTIAL, KEYS, 0);
        play("the same through eight doors that know only their own requests", shared, equal, 8);
        Fleet busy = equal.withWorkers(8);
        play("equal servers of eight workers, load 90 %", maker.make(requests, 0.9 * busy.capacity(), Work.EXPONENTIAL, KEYS, 0), busy);
        play("equal servers, heavy-tailed work, load 70 %", maker.make(requests, 0.7 * SERVERS, Work.HEAVY_TAILED, KEYS, 0), equal);
        Fleet weighted = Fleet.weighted(SERVERS);
        play("speeds and weights 1, 2, 4, load 80 %", maker.make(requests, 0.8 * weighted.capacity(), Work.EXPONENTIAL, KEYS, 0), weighted);
        Fleet slow = Fleet.withSlowOnes(SERVERS);
        play("one in five secretly four times slower, load 70 %", maker.make(requests, 0.7 * slow.capacity(), Work.EXPONENTIAL, KEYS, 0), slow);
        play("keys by Zipf (exponent 1), load 70 %", maker.make(requests, 0.7 * SERVERS, Work.EXPONENTIAL, KEYS, 1), equal);
        balls(1000);
        List<KeyMoves.Moves> moves = new ArrayList<>();
        for (int servers : quick ? new int[] {10} : new int[] {10, 100, 1000}) {
            moves.addAll(new KeyMoves(quick ? 50_000 : 1_000_000).all(servers));
        }
        moved(moves);
        return new BalanceReport(rows, moves);
    }

    private BalanceReport recorded(BalanceOptions options) throws IOException {
        Trace trace = RecordedTrace.read(options.trace().orElseThrow(), options.speedUp());
        Fleet fleet = Fleet.equal(options.servers());
        String load = String.format(Locale.ROOT, "%.0f %%", 100 * trace.erlangs() / fleet.capacity());
        play(options.trace().get().getFileName() + ", " + trace.size() + " requests, " + fleet.size() + " servers, load " + load, trace, fleet);
        return new BalanceReport(rows, List.of());
    }

    private void play(String name, Trace trace, Fleet fleet) {
        play(name, trace, fleet, 1);
    }

    private void play(String name, Trace trace, Fleet fleet, int doors) {
        out.printf("%n%s%n%-28s %8s %9s %6s %11s %11s %11s %11s%n",
                name, "", "requests", "in flight", "peak", "mean wait", "p99 wait", "mean time", "p99 time");
        for (LongFunction<Subject> door : subjects(fleet)) {
            play(name, trace, fleet, doors == 1 ? door.apply(0) : new SeveralDoors(doors, fleet.size(), door));
        }
        if (doors == 1) {
            play(name, trace, fleet, new OmniscientSubject(fleet));
        }
    }

    private void play(String name, Trace trace, Fleet fleet, Subject subject) {
        PolicySimulation.Result result = PolicySimulation.run(trace, fleet, subject);
        rows.add(new BalanceReport.Row(name, result));
        out.printf(Locale.ROOT, "%-28s %8.2f %9.2f %6d %8.1f ms %8.1f ms %8.1f ms %8.1f ms%n", result.subject(), result.requestSpread(),
                result.inFlightSpread(), result.peak(), result.meanWaitMs(), result.p99WaitMs(), result.meanTimeMs(), result.p99TimeMs());
    }

    private static List<LongFunction<Subject>> subjects(Fleet fleet) {
        int[] weights = fleet.weights();
        List<LongFunction<Subject>> subjects = new ArrayList<>();
        for (Algorithm algorithm : Algorithm.values()) {
            subjects.add(seed -> GroupSubject.of(algorithm, 1.25, weights, seed));
        }
        subjects.add(seed -> GroupSubject.of(Algorithm.CONSISTENT_HASH, 0, weights, seed));
        subjects.add(seed -> new RandomSubject(1, weights, seed));
        subjects.add(seed -> new RandomSubject(2, weights, seed));
        subjects.add(seed -> new MaglevSubject(weights));
        return subjects;
    }

    private void theory(double load) {
        double work = TraceMaker.WORK_NANOS / 1e6;
        out.printf(Locale.ROOT, "in theory the mean wait is: random %.1f ms, two choices of very many servers %.1f ms, one queue for all %.1f ms%n",
                work * QueueTheory.random(load), work * QueueTheory.twoChoices(load), work * QueueTheory.oneQueue(SERVERS, load));
    }

    private void balls(int bins) {
        out.printf("%n%d balls in %d bins: the fullest bin%n", bins, bins);
        for (BallsInBins.Fullest fullest : BallsInBins.all(bins)) {
            out.printf(Locale.ROOT, "%-30s %d (theory: %.1f + a constant)%n", fullest.subject(), fullest.balls(), fullest.theory());
        }
    }

    private void moved(List<KeyMoves.Moves> moves) {
        out.printf("%nkeys: spread, and how many move%n%-30s %7s %6s %6s %9s %6s %9s %6s %10s%n",
                "", "servers", "most", "least", "added", "least", "removed", "least", "table");
        for (KeyMoves.Moves row : moves) {
            out.printf(Locale.ROOT, "%-30s %7d %6.2f %6.2f %7.2f %% %4.2f %% %7.2f %% %4.2f %% %7d KB%n",
                    row.subject(), row.servers(), row.most(), row.least(), 100 * row.movedByAdding(), 100.0 / (row.servers() + 1), 100 * row.movedByRemoving(), 100.0 / row.servers(), row.bytes() / 1024);
        }
    }
}
