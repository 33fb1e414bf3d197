package dev.banyan.bench.cachetests;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.bench.edge.EdgePeers;
import dev.banyan.bench.suite.Expected;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The public tests for HTTP caches, their client before a cache and their origin server behind it. */
public final class HttpCacheTests {
    private static final List<String> COOKIES = List.of("strip", "keep", "refuse");
    private static final List<String> WAYS = List.of("banyan", "nginx", "varnish", "direct");
    private static final int PATIENCE_SECONDS = 20;
    private static final String USAGE = "usage: bench/http-cache-tests [--through banyan|nginx|varnish|direct] [--cookies strip|keep|refuse] [--suite FOLDER] [--only ID] [--results FILE] [--json FILE]";

    private final Plan plan;
    private final TestBed bed;

    private HttpCacheTests(Plan plan, TestBed bed) {
        this.plan = plan;
        this.bed = bed;
    }

    /** Exits with 0 when enough passed, or what ran is not held to that; 1 when not; 2 when it could not run. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            Plan plan = Plan.of(arguments);
            Optional<String> obstacle = obstacle(plan.through());
            if (obstacle.isPresent()) {
                throw new IllegalArgumentException(obstacle.get());
            }
            Verdicts verdicts = run(plan, System.out);
            boolean held = plan.through().equals("banyan") && plan.suite().isEmpty() && plan.only().isEmpty() && plan.results().isEmpty();
            System.exit(!held || verdicts.enough(plan.cookies()) ? 0 : 1);
        } catch (IllegalArgumentException | CacheSuite.Unreachable e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** Why it cannot run on this machine, as a sentence with what to do. */
    static Optional<String> obstacle(String through) {
        List<String> tools = new ArrayList<>(List.of("node", "npm"));
        switch (through) {
            case "nginx" -> tools.add("nginx");
            case "varnish" -> tools.add("varnishd");
            default -> { }
        }
        List<String> missing = TestBed.missing(tools.toArray(String[]::new));
        return missing.isEmpty() ? Optional.empty()
                : Optional.of("bench/http-cache-tests needs " + String.join(", ", missing) + "; on Debian: apt install nodejs npm nginx-light varnish; elsewhere Node.js 18 or later is at https://nodejs.org");
    }

    static Verdicts run(Plan plan, PrintStream out) throws IOException, InterruptedException {
        try (TestBed bed = TestBed.open()) {
            HttpCacheTests tests = new HttpCacheTests(plan, bed);
            long began = System.nanoTime();
            CacheSuite suite = plan.suite().isPresent() ? CacheSuite.cloned(plan.suite().get()) : CacheSuite.in(bed, plan.home());
            Verdicts verdicts = tests.verdicts(suite);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            Expected known = Expected.of(HttpCacheTests.class, plan.through());
            if (plan.only().isPresent()) {
                out.println(verdicts.of(plan.only().get()).map(Verdicts.Verdict::toString).orElseThrow(() -> new IllegalArgumentException("the suite has no test '" + plan.only().get() + "'")));
            } else {
                out.print(verdicts.text(known));
                out.printf("http-cache-tests %s through %s in %d s: %s%n", suite.name(), plan.name(), seconds, verdicts.line());
            }
            if (plan.json().isPresent()) {
                Files.writeString(plan.json().get(), verdicts.json(known).put("through", plan.through()).put("version", suite.name()).put("seconds", seconds).toPrettyString() + "\n");
            }
            return verdicts;
        }
    }

    private Verdicts verdicts(CacheSuite suite) throws IOException, InterruptedException {
        if (plan.results().isPresent()) {
            JsonNode results = new JsonMapper().readTree(Files.readString(plan.results().get()));
            return Verdicts.of(suite.tests(bed).path("tests"), results.has("results") ? results.path("results") : results);
        }
        int origin = TestBed.freePort();
        ProcessBuilder server = new ProcessBuilder(suite.origin(bed)).directory(suite.folder().toFile());
        server.environment().putAll(CacheSuite.environment(bed, origin));
        start("origin", server, origin);
        int port = origin;
        if (!plan.through().equals("direct")) {
            port = TestBed.freePort();
            EdgePeers peers = new EdgePeers(bed.folder(), origin);
            start(plan.through(), new ProcessBuilder(peers.toTest(plan.through(), port, plan.cookies())), port);
        }
        Verdicts verdicts = Verdicts.of(suite.run(bed, port, plan.only()));
        if (plan.only().isPresent()) {
            System.err.print(Files.readString(log("origin")));
        }
        return verdicts;
    }

    private Path log(String name) {
        return bed.folder().resolve(name + ".log");
    }

    /** Returns when it listens. */
    private void start(String name, ProcessBuilder program, int port) throws IOException, InterruptedException {
        Process process = bed.start(program.redirectErrorStream(true).redirectOutput(log(name).toFile()));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > until) {
                    throw new IOException(name + (process.isAlive() ? " does not listen after " + PATIENCE_SECONDS + " s: " : " ended at once: ") + Files.readString(log(name)), notYet);
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /**
     * What is run.
     *
     * @param through the cache that is tested; {@code direct} is none
     * @param cookies the edge's {@code edge.cookies}
     * @param suite a clone of the suite's repository, to be run instead of what npm has
     * @param only the id of a single test, whose requests and answers are printed
     * @param results a file to count instead of a run
     * @param home where the suite is kept
     */
    record Plan(String through, String cookies, Optional<Path> suite, Optional<String> only, Optional<Path> results, Path home, Optional<Path> json) {
        /** What is tested, with what it was told. */
        String name() {
            return through.equals("banyan") ? "banyan (edge.cookies: " + cookies + ")" : through;
        }

        static Plan of(String[] arguments) {
            String through = "banyan";
            String cookies = "strip";
            Optional<Path> suite = Optional.empty();
            Optional<String> only = Optional.empty();
            Optional<Path> results = Optional.empty();
            Path home = Path.of("target", "http-cache-tests");
            Optional<Path> json = Optional.empty();
            Arguments words = new Arguments(List.of(arguments), USAGE);
            while (words.hasNext()) {
                switch (words.next()) {
                    case "--through" -> through = words.value();
                    case "--cookies" -> cookies = words.value();
                    case "--suite" -> suite = Optional.of(words.path().toAbsolutePath());
                    case "--only" -> only = Optional.of(words.value());
                    case "--results" -> results = Optional.of(words.path());
                    case "--home" -> home = words.path();
                    case "--json" -> json = Optional.of(words.path());
                    default -> throw words.unknown();
                }
            }
            if (!WAYS.contains(through)) {
                throw words.fault("tests cannot run through '" + through + "'");
            }
            if (!COOKIES.contains(cookies)) {
                throw words.fault("'" + cookies + "' is nothing that an edge does with cookies: strip, keep or refuse");
            }
            return new Plan(through, cookies, suite, only, results, home.toAbsolutePath(), json);
        }
    }
}
