package dev.banyan.bench.redis;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.bench.cache.LoneCacheRouter;
import dev.banyan.bench.cache.RedisServer;
import dev.banyan.bench.suite.Expected;
import dev.banyan.bench.suite.SuiteReport;
import dev.banyan.bench.suite.SuiteResult;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Redis's own tests in the mode that it has for servers of others, unit by unit, each before a new Redis and a new router: what one leaves behind
 * shall not fail the next.
 */
public final class RedisSuite {
    private static final List<String> WAYS = List.of("direct", "one", "ring");
    private static final int RING = 3;
    private static final int CORE = 0;
    /** All that can be asked of a server from outside; the others start servers of their own. */
    private static final List<String> UNITS = List.of(
            "dump", "auth", "protocol", "keyspace", "scan", "info", "info-command", "type/string", "type/incr", "type/list", "type/list-2", "type/list-3", "type/set", "type/zset",
            "type/hash", "type/stream", "type/stream-cgroups", "sort", "expire", "other", "multi", "quit", "latency-monitor", "pubsub", "pubsubshard", "slowlog", "scripting",
            "functions", "maxmemory", "introspection", "introspection-2", "limits", "bitops", "bitfield", "geo", "memefficiency", "hyperloglog", "lazyfree", "pause", "querybuf",
            "tracking", "networking", "client-eviction", "violations", "replybufsize");
    private static final String USAGE = "usage: bench/redis-suite [--through direct|one|ring] [--tests UNIT,...] [--source FOLDER] [--seconds N] [--json FILE]";

    private final Plan plan;
    private final TestBed bed;

    private RedisSuite(Plan plan, TestBed bed) {
        this.plan = plan;
        this.bed = bed;
    }

    /** Exits with 0 when nothing failed but what is known to, 1 otherwise, 2 when it could not run. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            Optional<String> obstacle = obstacle();
            if (obstacle.isPresent()) {
                throw new IllegalArgumentException(obstacle.get());
            }
            System.exit(run(Plan.of(arguments), System.out) ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** Why it cannot run on this machine, as a sentence with what to do. */
    static Optional<String> obstacle() {
        List<String> missing = TestBed.missing("tclsh", "tar", "taskset", "redis-server");
        return missing.isEmpty() ? Optional.empty()
                : Optional.of("bench/redis-suite needs " + String.join(", ", missing) + "; on Debian: apt install tcl tar util-linux redis-server");
    }

    /** @return whether nothing failed but what is known to */
    static boolean run(Plan plan, PrintStream out) throws IOException, InterruptedException {
        try (TestBed bed = TestBed.open()) {
            SuiteResult result = new RedisSuite(plan, bed).run();
            out.print(result.text());
            if (plan.json().isPresent()) {
                Files.writeString(plan.json().get(), result.json());
            }
            return result.asExpected();
        }
    }

    private SuiteResult run() throws IOException, InterruptedException {
        RedisSource source = plan.source().isPresent() ? RedisSource.at(plan.source().get()) : RedisSource.in(bed, plan.home());
        Path reports = Files.createDirectories(plan.home().resolve("reports").resolve(plan.through()));
        long began = System.nanoTime();
        int run = 0;
        int skipped = 0;
        List<SuiteReport.Failure> failures = new ArrayList<>();
        for (String unit : plan.units()) {
            SuiteReport one = runUnit(source, unit, reports.resolve(unit.replace('/', '-') + ".log"));
            System.err.printf("%s: %d tests, %d skipped, %d failed%n", unit, one.run(), one.skipped(), one.failures().size());
            run += one.run();
            skipped += one.skipped();
            failures.addAll(one.failures());
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return new SuiteResult("Redis " + RedisSource.VERSION + "'s tests", plan.through(), new SuiteReport(run, skipped, failures), expected(), plan.units().equals(UNITS), seconds);
    }

    private Expected expected() throws IOException {
        return Expected.of(RedisSuite.class, plan.through());
    }

    private SuiteReport runUnit(RedisSource source, String unit, Path log) throws IOException, InterruptedException {
        List<Program> servers = new ArrayList<>();
        try {
            HostPort at = start(servers);
            List<String> command = new ArrayList<>(List.of("tclsh", "tests/test_helper.tcl", "--host", at.host(), "--port", String.valueOf(at.port()),
                    "--durable", "--tags", "-needs:repl -needs:debug -needs:pfdebug -slow", "--timeout", String.valueOf(plan.seconds()), "--single", "unit/" + unit));
            if (plan.through().equals("ring")) {
                command.add("--cluster-mode"); // keys with hash tags, and one database
            }
            Process process = bed.start(new ProcessBuilder(command).directory(source.folder().toFile()).redirectErrorStream(true).redirectOutput(log.toFile()));
            boolean ended = process.waitFor(plan.seconds() + 30L, TimeUnit.SECONDS);
            TestBed.end(process);
            return UnitOutput.parse(unit, new String(Files.readAllBytes(log), java.nio.charset.StandardCharsets.ISO_8859_1), ended);
        } finally {
            servers.reversed().forEach(Program::close);
        }
    }

    /** New servers, and what stands before them; says where the tests shall connect to. */
    private HostPort start(List<Program> servers) throws IOException, InterruptedException {
        List<HostPort> nodes = new ArrayList<>();
        for (int i = 1; i <= (plan.through().equals("ring") ? RING : 1); i++) {
            RedisServer redis = RedisServer.start(bed, CORE, "cache-" + i, "--enable-debug-command", "yes");
            servers.add(redis.program());
            nodes.add(redis.at());
        }
        if (plan.through().equals("direct")) {
            return nodes.getFirst();
        }
        HostPort at = new HostPort("127.0.0.1", TestBed.freePort());
        Program router = Program.start(bed, CORE, "router", LoneCacheRouter.command(at.port(), nodes));
        servers.add(router);
        RedisServer.await("the router", at, router);
        return at;
    }

    /**
     * What is run.
     *
     * @param through what stands between: nothing, the router before one node, or before a ring
     * @param source a copy of Redis's source; fetched when absent
     * @param seconds that a test may take
     * @param home where the source and the tests' output are kept
     */
    record Plan(String through, List<String> units, Optional<Path> source, int seconds, Path home, Optional<Path> json) {
        static Plan of(String[] arguments) {
            String through = "one";
            List<String> units = UNITS;
            Optional<Path> source = Optional.empty();
            int seconds = 60;
            Path home = Path.of("target", "redis-suite");
            Optional<Path> json = Optional.empty();
            Arguments words = new Arguments(List.of(arguments), USAGE);
            while (words.hasNext()) {
                switch (words.next()) {
                    case "--through" -> through = words.value();
                    case "--tests" -> units = List.of(words.value().split(","));
                    case "--source" -> source = Optional.of(words.path().toAbsolutePath());
                    case "--seconds" -> seconds = words.number();
                    case "--home" -> home = words.path();
                    case "--json" -> json = Optional.of(words.path());
                    default -> throw words.unknown();
                }
            }
            if (!WAYS.contains(through)) {
                throw words.fault("tests cannot run through '" + through + "'");
            }
            if (!UNITS.containsAll(units)) {
                throw words.fault("--tests are of " + String.join(", ", UNITS));
            }
            return new Plan(through, units, source, seconds, home.toAbsolutePath(), json);
        }
    }
}
