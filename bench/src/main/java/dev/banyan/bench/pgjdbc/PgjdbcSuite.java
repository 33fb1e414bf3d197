package dev.banyan.bench.pgjdbc;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.bench.postgres.LoneRouter;
import dev.banyan.bench.postgres.Poolers;
import dev.banyan.bench.postgres.ServerUnderTest;
import dev.banyan.bench.suite.Expected;
import dev.banyan.bench.suite.SuiteResult;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** pgjdbc's tests against the embedded PostgreSQL, straight or through a pooler, or against any server that has been prepared for them. */
public final class PgjdbcSuite {
    private static final List<String> WAYS = List.of("direct", "session", "transaction", "split", "pgbouncer-session", "pgbouncer-transaction");
    private static final String PGBOUNCER = "pgbouncer-";
    private static final int POOL = 100;
    private static final String USAGE = """
            usage: bench/pgjdbc [--through direct|session|transaction|split|pgbouncer-session|pgbouncer-transaction|HOST:PORT] [--tests PATTERN,...] [--minutes N] [--resume] [--json FILE]""";

    private final Plan plan;
    private final TestBed bed;
    private Optional<Program> between = Optional.empty();

    private PgjdbcSuite(Plan plan, TestBed bed) {
        this.plan = plan;
        this.bed = bed;
    }

    /** Exits with 0 when nothing failed but what is known to, 1 otherwise, 2 when it could not run. */
    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        try {
            Plan plan = Plan.of(arguments);
            Optional<String> obstacle = obstacle(plan.through());
            if (obstacle.isPresent()) {
                throw new IllegalArgumentException(obstacle.get());
            }
            System.exit(run(plan, System.out) ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** Why it cannot run on this machine, as a sentence with what to do. */
    static Optional<String> obstacle(String through) {
        List<String> tools = new ArrayList<>(List.of("mvn", "tar", "nice", "taskset"));
        if (through.startsWith(PGBOUNCER)) {
            tools.add("pgbouncer");
        }
        List<String> missing = TestBed.missing(tools.toArray(String[]::new));
        return missing.isEmpty() ? Optional.empty()
                : Optional.of("bench/pgjdbc needs " + String.join(", ", missing) + "; on Debian: apt install maven tar coreutils util-linux" + (through.startsWith(PGBOUNCER) ? " pgbouncer" : ""));
    }

    /** @return whether nothing failed but what is known to */
    static boolean run(Plan plan, PrintStream out) throws IOException, InterruptedException, SQLException {
        try (TestBed bed = TestBed.open()) {
            SuiteResult result = new PgjdbcSuite(plan, bed).run();
            out.print(result.text());
            if (plan.json() != null) {
                Files.writeString(plan.json(), result.json());
            }
            return result.asExpected();
        }
    }

    private SuiteResult run() throws IOException, InterruptedException, SQLException {
        TestSource source = TestSource.in(bed, plan.home());
        if (plan.through().contains(":")) {
            return run(source, HostPort.parse(plan.through(), "127.0.0.1"));
        }
        try (ServerUnderTest server = ServerUnderTest.start(bed)) {
            SuiteServer.prepare(server);
            return run(source, between(server));
        }
    }

    /** Starts what is to stand between, and says where it listens. */
    private HostPort between(ServerUnderTest server) throws IOException, InterruptedException {
        String through = plan.through();
        if (through.equals("direct")) {
            return server.endpoint().address();
        }
        int port = TestBed.freePort();
        List<String> command = through.startsWith(PGBOUNCER)
                ? new Poolers(bed.folder(), SuiteServer.privileged(server.admin())).pgbouncer(port, through.substring(PGBOUNCER.length()), POOL)
                : router(server, port);
        between = Optional.of(Program.start(bed, 0, through, command));
        return new HostPort("127.0.0.1", port);
    }

    /** Banyan's router; with "split" there is a replica that gets reads. */
    private List<String> router(ServerUnderTest server, int port) throws IOException, InterruptedException {
        List<Integer> members = new ArrayList<>(List.of(server.admin().address().port()));
        if (plan.through().equals("split")) {
            members.add(server.replica().address().port());
        }
        DatabaseEndpoint user = SuiteServer.privileged(server.admin());
        String mode = plan.through().equals("session") ? "session" : "transaction";
        return LoneRouter.command(new LoneRouter.Told(port, mode, POOL, members, user.user(), user.password(), user.database()), bed.folder().resolve("router.properties"));
    }

    private SuiteResult run(TestSource source, HostPort at) throws IOException, InterruptedException {
        Path reports = plan.home().resolve("reports").resolve(plan.through().replace(':', '-'));
        if (!plan.resume()) {
            delete(reports);
        }
        long began = System.nanoTime();
        Set<String> hung = new SuiteRun(bed, source, at, reports).run(plan.tests(), TimeUnit.MINUTES.toSeconds(plan.minutes()));
        double seconds = (System.nanoTime() - began) / 1e9;
        if (between.isPresent()) {
            Files.writeString(reports.resolve("between.log"), between.get().log());
        }
        return new SuiteResult("pgjdbc " + TestSource.VERSION, plan.through(), SurefireReports.read(reports, hung), Expected.of(PgjdbcSuite.class, plan.through()), plan.tests().isEmpty(), seconds);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /**
     * What is run.
     *
     * @param through what stands between, or the address of a server that has the tests' roles and database
     * @param tests Surefire's patterns; empty for all
     * @param minutes after which what is not done is given up
     * @param resume only the classes that have no report of an earlier run
     * @param home where the source, its classes and the reports are kept
     */
    record Plan(String through, String tests, int minutes, boolean resume, Path home, Path json) {
        static Plan of(String[] arguments) {
            String through = "direct";
            String tests = "";
            int minutes = 30;
            boolean resume = false;
            Path home = Path.of("target", "pgjdbc");
            Path json = null;
            Arguments words = new Arguments(List.of(arguments), USAGE);
            while (words.hasNext()) {
                switch (words.next()) {
                    case "--through" -> through = checked(words.value());
                    case "--tests" -> tests = words.value();
                    case "--minutes" -> minutes = words.number();
                    case "--resume" -> resume = true;
                    case "--home" -> home = words.path();
                    case "--json" -> json = words.path();
                    default -> throw words.unknown();
                }
            }
            return new Plan(through, tests, minutes, resume, home.toAbsolutePath(), json);
        }

        private static String checked(String through) {
            if (!through.contains(":") && !WAYS.contains(through)) {
                throw new IllegalArgumentException("tests cannot run through '" + through + "'; " + USAGE);
            }
            return through;
        }
    }
}
