package dev.banyan.bench.cache;

import dev.banyan.bench.bed.CpuTime;
import dev.banyan.bench.bed.Launch;
import dev.banyan.bench.bed.LoneProgram;
import dev.banyan.bench.bed.Machine;
import dev.banyan.bench.bed.Measured;
import dev.banyan.bench.bed.Plan;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.Rounds;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/**
 * Commands a second, latency and processor time a command of 50 clients: straight to a Redis, through twemproxy and through Banyan's router, one
 * after the other in alternation. What is measured is pinned to the first core: a proxy, or with "direct" the Redis itself. The Redis behind the
 * proxies is another, which shares the second core with the load, and is counted by itself ({@link Behind}).
 */
public final class CacheBench {
    private static final int SUBJECT_CORE = 0;
    private static final int LOAD_CORE = 1;
    private static final int CLIENTS = 50;
    private static final Keyspace KEYSPACE = new Keyspace(100_000, 100);
    private static final int HOT_KEYS = 100;
    private static final double SKEW = 0.99;
    /** What the first look at a rate is taken from. */
    private static final int FIRST_COMMANDS = 10_000;
    private static final String DIRECT = "direct";

    private static final String USAGE = "usage: bench/cache [--quick] [--rounds N] [--seconds N] [--json FILE]";
    private static final Plan USUAL = new Plan(5, 4, 5, Optional.empty());
    private static final String GOAL = "banyan's processor time a command over the peer's, which for direct is Redis's own (median of the rounds' ratios;"
            + " goals: get and set p1 at most 1.00 of direct, hot at most 0.80 of direct)";

    private final Plan plan;
    private final TestBed bed;
    private final List<Subject> subjects = new ArrayList<>();
    private final Map<String, Double> rates = new HashMap<>();
    private final Rounds rounds = new Rounds("ops/s", GOAL);
    private final Behind behind = new Behind();
    private RedisServer server;
    private RedisBenchmark benchmark;
    private Program reads;

    private CacheBench(Plan plan, TestBed bed) {
        this.plan = plan;
        this.bed = bed;
    }

    /** @param arguments {@code [--quick] [--rounds N] [--seconds N] [--json FILE]} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Launch.run(obstacle(), () -> run(arguments, System.out));
    }

    /** Why it cannot run on this machine, as a sentence with what to do. */
    static Optional<String> obstacle() {
        return TestBed.obstacle("bench/cache", TestBed.missing("taskset", "redis-server", "redis-benchmark"), "util-linux redis-server", "one for what is measured, one for the load and the server behind");
    }

    /** @throws IllegalArgumentException for arguments that cannot be used, with a sentence for the user */
    static void run(String[] arguments, PrintStream out) throws IOException, InterruptedException {
        Plan plan = Plan.of(arguments, USAGE, USUAL);
        String busy = Machine.busy();
        try (TestBed bed = TestBed.open()) {
            CacheBench bench = new CacheBench(plan, bed);
            bench.measureAll();
            out.print(bench.rounds.table());
            out.print(bench.behind.table());
            if (!busy.isEmpty()) {
                out.println(busy);
            }
            if (plan.json().isPresent()) {
                ObjectNode report = bench.rounds.report();
                report.put("redis", bench.server.version());
                bench.behind.json(report.putArray("behind"));
                Files.writeString(plan.json().get(), report.toPrettyString() + "\n");
            }
        }
    }

    private void measureAll() throws IOException, InterruptedException {
        start();
        for (Workload workload : Workload.all()) {
            for (Subject subject : subjects) {
                warmUp(subject, workload);
            }
        }
        for (int round = 1; round <= plan.rounds(); round++) {
            System.err.printf("round %d of %d%n", round, plan.rounds());
            for (Workload workload : Workload.all()) {
                for (Subject subject : subjects) {
                    measure(subject, workload);
                }
            }
        }
    }

    private void start() throws IOException, InterruptedException {
        RedisServer alone = filled(RedisServer.start(bed, SUBJECT_CORE, "redis-direct"));
        server = filled(RedisServer.start(bed, LOAD_CORE, "redis-behind"));
        benchmark = new RedisBenchmark(bed, LOAD_CORE, CLIENTS, KEYSPACE);
        reads = Program.startAsked(bed, LOAD_CORE, "reads", LoneProgram.command(ReadLoad.class, List.of()));
        subjects.add(new Subject(DIRECT, alone.at(), alone.program(), false));
        if (TestBed.missing(Nutcracker.PROGRAM).isEmpty()) {
            startProxy(Nutcracker.PROGRAM, port -> Nutcracker.command(bed, port, server.at()));
        } else {
            System.err.println("twemproxy is left out: there is no nutcracker; on Debian: apt install nutcracker");
        }
        startProxy("banyan", port -> LoneCacheRouter.command(port, List.of(server.at())));
    }

    private static RedisServer filled(RedisServer server) throws IOException {
        try (RedisConnection connection = new RedisConnection(server.at())) {
            KEYSPACE.fill(connection);
        }
        return server;
    }

    private void startProxy(String name, Command command) throws IOException, InterruptedException {
        int port = TestBed.freePort();
        Program program = Program.start(bed, SUBJECT_CORE, name, command.at(port));
        Subject subject = new Subject(name, new HostPort("127.0.0.1", port), program, true);
        RedisServer.await(name, subject.at(), program);
        subjects.add(subject);
    }

    /** For as long as a JIT compiler needs, and until it is known how many commands fill a round. */
    private void warmUp(Subject subject, Workload workload) throws IOException, InterruptedException {
        System.err.printf("warming up %s, %s%n", subject.name(), workload.words());
        rates.put(subject.name() + workload.words(), (double) FIRST_COMMANDS);
        Measured first = load(subject, workload, 1);
        rates.put(subject.name() + workload.words(), first.requests() / first.seconds());
        Measured last = load(subject, workload, subject.proxy() ? plan.warmUpSeconds() : 1);
        rates.put(subject.name() + workload.words(), last.requests() / last.seconds());
    }

    private void measure(Subject subject, Workload workload) throws IOException, InterruptedException {
        RedisServer.Usage before = server.usage();
        CpuTime cpuBefore = subject.program().cpu();
        Measured measured = load(subject, workload, plan.seconds());
        CpuTime cpu = subject.program().cpu().since(cpuBefore);
        rounds.add(new Rounds.Round(subject.name(), workload.words(), measured, cpu, subject.program().residentKib()));
        if (subject.proxy()) {
            behind.add(subject.name(), workload, measured, server.usage().since(before));
        }
    }

    private Measured load(Subject subject, Workload workload, int seconds) throws IOException, InterruptedException {
        return switch (workload.generator()) {
            case GET, SET -> benchmark.run(subject.at(), workload.generator().name(), workload.pipeline(),
                    Math.max(FIRST_COMMANDS, Math.round(rates.get(subject.name() + workload.words()) * seconds)));
            case ZIPF -> read(subject, workload, seconds, KEYSPACE.keys(), SKEW);
            case HOT -> read(subject, workload, seconds, HOT_KEYS, 0);
        };
    }

    private Measured read(Subject subject, Workload workload, int seconds, int keys, double skew) throws IOException {
        reads.tell(new ReadLoad.Job(subject.at(), CLIENTS, workload.pipeline(), TimeUnit.SECONDS.toMillis(seconds), keys, skew, KEYSPACE.valueBytes()).line());
        return ReadLoad.parse(reads.hear());
    }

    @FunctionalInterface
    private interface Command {
        List<String> at(int port) throws IOException;
    }

    /**
     * What is measured.
     *
     * @param program whose processor time counts
     * @param proxy whether there is a Redis behind it
     */
    private record Subject(String name, HostPort at, Program program, boolean proxy) {}
}
