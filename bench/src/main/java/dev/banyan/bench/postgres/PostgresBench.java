package dev.banyan.bench.postgres;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.bench.bed.CpuTime;
import dev.banyan.bench.bed.Launch;
import dev.banyan.bench.bed.Measured;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.Rounds;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/**
 * Transactions a second, latency and processor time a transaction of pgbench's reads by 32 clients: straight to the server, through PgBouncer,
 * through Pgpool-II and through Banyan's router, one after the other in alternation. What stands between is pinned to the first core; the server
 * and pgbench share the second. Then the same through Banyan's router before one, two and three replicas.
 */
public final class PostgresBench {
    private static final int SUBJECT_CORE = 0;
    private static final int LOAD_CORE = 1;
    private static final int CLIENTS = 32;
    /** Server connections of those that pool by transaction: PgBouncer's and Banyan's default. */
    static final int POOL = 20;
    private static final int MOST_PATIENCE = 32;
    private static final String DIRECT = "direct";

    private static final String USAGE = "usage: bench/postgres [--quick] [--rounds N] [--seconds N] [--scale N] [--json FILE]";
    private static final String GOAL = "banyan's processor time a transaction over the peer's (median of the rounds' ratios; goal: at most 0.90 of PgBouncer's, 0.40 of Pgpool-II's)";

    private final Plan plan;
    private final TestBed bed;
    private final ServerUnderTest server;
    private final Pgbench pgbench;
    private final List<Subject> subjects = new ArrayList<>();
    private final Rounds rounds = new Rounds("tps", GOAL);
    private final ReplicaReads replicaReads;

    private PostgresBench(Plan plan, TestBed bed, ServerUnderTest server, Path pgbench) {
        this.plan = plan;
        this.bed = bed;
        this.server = server;
        this.pgbench = new Pgbench(bed, pgbench, LOAD_CORE, plan.logged());
        this.replicaReads = new ReplicaReads(bed, server);
    }

    /** @param arguments {@code [--quick] [--rounds N] [--seconds N] [--scale N] [--json FILE]} */
    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        Launch.run(obstacle(), () -> run(arguments, System.out));
        System.exit(0);
    }

    /** Why it cannot run on this machine, as a sentence with what to do. */
    static Optional<String> obstacle() throws IOException {
        List<String> missing = new ArrayList<>(TestBed.missing("taskset", "pgbouncer", "pgpool"));
        if (Pgbench.find().isEmpty()) {
            missing.add("pgbench");
        }
        return TestBed.obstacle("bench/postgres", missing, "util-linux pgbouncer pgpool2 postgresql-contrib", "one for the pooler, one for the server and the load");
    }

    /** @throws IllegalArgumentException for arguments that cannot be used, with a sentence for the user */
    static void run(String[] arguments, PrintStream out) throws IOException, InterruptedException, SQLException {
        Plan plan = Plan.of(arguments);
        try (TestBed bed = TestBed.open(); ServerUnderTest server = ServerUnderTest.start(bed)) {
            server.pin(bed, LOAD_CORE);
            PostgresBench bench = new PostgresBench(plan, bed, server, Pgbench.find().orElseThrow());
            bench.measureAll();
            out.print(bench.rounds.table());
            out.print(bench.replicaReads.table());
            if (plan.json() != null) {
                ObjectNode report = bench.rounds.report();
                bench.replicaReads.json(report.putArray("reads"));
                Files.writeString(plan.json(), report.toPrettyString() + "\n");
            }
        }
    }

    private void measureAll() throws IOException, InterruptedException, SQLException {
        pgbench.initialize(server.endpoint(), plan.scale());
        server.run(server.endpoint(), List.of("VACUUM ANALYZE pgbench_accounts"));
        startSubjects();
        warmUp();
        for (int round = 1; round <= plan.rounds(); round++) {
            System.err.printf("round %d of %d%n", round, plan.rounds());
            for (QueryMode mode : QueryMode.values()) {
                for (Subject subject : subjects) {
                    if (subject.modes().contains(mode)) {
                        measure(subject, mode);
                    }
                }
            }
        }
        replicaReads.measure(SUBJECT_CORE, this::reads);
    }

    private Measured reads(HostPort router, Program program) throws IOException, InterruptedException {
        awaitAnswer("banyan", router, program);
        pgbench.selectOnly(server.endpoint(), router, QueryMode.EXTENDED, CLIENTS, 1);
        return selectOnly(router, QueryMode.EXTENDED);
    }

    private void startSubjects() throws IOException, InterruptedException {
        Poolers poolers = new Poolers(bed.folder(), server.endpoint());
        subjects.add(new Subject(DIRECT, server.endpoint().address(), Optional.empty(), EnumSet.allOf(QueryMode.class)));
        start("pgbouncer", EnumSet.of(QueryMode.SIMPLE, QueryMode.EXTENDED), port -> poolers.pgbouncer(port, "transaction", POOL));
        // Before 1.21 it knows prepared statements in session mode alone, where each client has a server connection to itself.
        start("pgbouncer-session", EnumSet.of(QueryMode.PREPARED), port -> poolers.pgbouncer(port, "session", CLIENTS));
        start("pgpool", EnumSet.allOf(QueryMode.class), port -> poolers.pgpool(port, TestBed.freePort()));
        start("banyan", EnumSet.allOf(QueryMode.class), this::banyan);
    }

    private List<String> banyan(int port) throws IOException {
        DatabaseEndpoint admin = server.admin();
        LoneRouter.Told told = new LoneRouter.Told(port, "transaction", POOL, List.of(admin.address().port()), admin.user(), admin.password(), server.endpoint().database());
        return LoneRouter.command(told, bed.folder().resolve("router.properties"));
    }

    private void start(String name, Set<QueryMode> modes, Command command) throws IOException, InterruptedException {
        int port = TestBed.freePort();
        Program program = Program.start(bed, SUBJECT_CORE, name, command.at(port));
        Subject subject = new Subject(name, new HostPort("127.0.0.1", port), Optional.of(program), modes);
        subjects.add(subject);
        awaitAnswer(name, subject.at(), program);
    }

    private void awaitAnswer(String name, HostPort at, Program program) throws IOException, InterruptedException {
        DatabaseEndpoint direct = server.endpoint();
        DatabaseEndpoint through = new DatabaseEndpoint(at, direct.user(), direct.password(), direct.database(), direct.parameters());
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try (Connection connection = DriverManager.getConnection(through.jdbcUrl().reveal())) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (System.nanoTime() > until) {
                    throw new IOException(name + " does not answer (" + e.getMessage() + "): " + program.log(), e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void warmUp() throws IOException, InterruptedException {
        for (Subject subject : subjects) {
            int seconds = subject.name().equals("banyan") ? plan.warmUpSeconds() : 1;
            for (QueryMode mode : subject.modes()) {
                System.err.printf("warming up %s, %s, %d s%n", subject.name(), mode.word(), seconds);
                pgbench.selectOnly(server.endpoint(), subject.at(), mode, CLIENTS, seconds);
            }
        }
    }

    private void measure(Subject subject, QueryMode mode) throws IOException, InterruptedException {
        CpuTime before = subject.cpu();
        Measured measured = selectOnly(subject.at(), mode);
        rounds.add(new Rounds.Round(subject.name(), mode.word(), measured, subject.cpu().since(before), subject.residentKib()));
    }

    /** Again and for longer when not even one transaction was done. */
    private Measured selectOnly(HostPort at, QueryMode mode) throws IOException, InterruptedException {
        for (int seconds = plan.seconds(); seconds <= plan.seconds() * MOST_PATIENCE; seconds *= 2) {
            Measured measured = pgbench.selectOnly(server.endpoint(), at, mode, CLIENTS, seconds);
            if (measured.requests() > 0) {
                return measured;
            }
        }
        throw new IOException("pgbench did not do one transaction at " + at + " in " + plan.seconds() * MOST_PATIENCE + " s");
    }

    @FunctionalInterface
    private interface Command {
        List<String> at(int port) throws IOException;
    }

    /**
     * What is measured.
     *
     * @param program what stands between; empty when nothing does
     * @param modes that it can serve
     */
    private record Subject(String name, HostPort at, Optional<Program> program, Set<QueryMode> modes) {
        CpuTime cpu() throws IOException {
            return program.isPresent() ? program.get().cpu() : new CpuTime(0, 0);
        }

        long residentKib() throws IOException {
            return program.isPresent() ? program.get().residentKib() : 0;
        }
    }

    /**
     * How much is measured.
     *
     * @param scale of pgbench's tables: 100,000 rows and 13 MB for each
     * @param logged share of the transactions whose latency is noted: a tenth is enough for percentiles and spares the load's core; on a busy
     *     machine a short run may have only a few
     */
    private record Plan(int rounds, int seconds, int warmUpSeconds, int scale, double logged, Path json) {
        static Plan of(String[] arguments) {
            int rounds = 5;
            int seconds = 5;
            int warmUp = 8;
            int scale = 10;
            double logged = 0.1;
            Path json = null;
            Arguments words = new Arguments(List.of(arguments), USAGE);
            while (words.hasNext()) {
                switch (words.next()) {
                    case "--quick" -> {
                        rounds = 1;
                        seconds = 1;
                        warmUp = 1;
                        scale = 1;
                        logged = 1;
                    }
                    case "--rounds" -> rounds = words.number();
                    case "--seconds" -> seconds = words.number();
                    case "--scale" -> scale = words.number();
                    case "--json" -> json = words.path();
                    default -> throw words.unknown();
                }
            }
            return new Plan(rounds, seconds, warmUp, scale, logged, json);
        }
    }
}
