package dev.banyan.bench.telemetry;

import dev.banyan.bench.bed.CpuTime;
import dev.banyan.bench.bed.Launch;
import dev.banyan.bench.bed.LoneProgram;
import dev.banyan.bench.bed.Measured;
import dev.banyan.bench.bed.Plan;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.Rounds;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.bench.door.Peers;
import dev.banyan.bench.door.Wrk;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Processor time a request of the same front door that records nothing, metrics, an access log, and traces, one after the other in alternation,
 * each pinned to the first core with the origin, the collector and the load generator on the second.
 */
public final class TelemetryBench {
    private static final int SUBJECT_CORE = 0;
    private static final int LOAD_CORE = 1;
    private static final int CONNECTIONS = 64;
    private static final String USAGE = "usage: bench/telemetry [--quick] [--rounds N] [--seconds N] [--json FILE]";
    private static final Plan USUAL = new Plan(7, 4, 10, Optional.empty());

    private final Plan plan;
    private final TestBed bed;
    private final Map<Recording, Integer> ports = new EnumMap<>(Recording.class);
    private final Map<Recording, Program> programs = new EnumMap<>(Recording.class);
    private final Rounds rounds = new Rounds("req/s", "processor time a request over that of a door that records nothing (median of the rounds' ratios; goal: metrics below 1.03)",
            Optional.of(Recording.OFF.subject()));

    private TelemetryBench(Plan plan, TestBed bed) {
        this.plan = plan;
        this.bed = bed;
    }

    /** @param arguments {@code [--quick] [--rounds N] [--seconds N] [--json FILE]} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Launch.run(obstacle(), () -> run(arguments, System.out));
    }

    /** Why it cannot run on this machine, as a sentence with what to do. */
    static Optional<String> obstacle() {
        return TestBed.obstacle("bench/telemetry", TestBed.missing("taskset", "wrk", "nginx"), "util-linux wrk nginx-light", "one for the door, one for the load, the origin and the collector");
    }

    /** @throws IllegalArgumentException for arguments that cannot be used, with a sentence for the user */
    static void run(String[] arguments, PrintStream out) throws IOException, InterruptedException {
        Plan plan = Plan.of(arguments, USAGE, USUAL);
        try (TestBed bed = TestBed.open()) {
            TelemetryBench bench = new TelemetryBench(plan, bed);
            bench.measureAll();
            out.print(bench.rounds.table());
            if (plan.json().isPresent()) {
                Files.writeString(plan.json().get(), bench.rounds.json());
            }
        }
    }

    private void measureAll() throws IOException, InterruptedException {
        int origin = TestBed.freePort();
        int collector = TestBed.freePort();
        Program.start(bed, LOAD_CORE, "origin", new Peers(bed.folder(), origin).origin());
        Program.start(bed, LOAD_CORE, "collector", LoneProgram.command(RecordingDoor.Taker.class, List.of(String.valueOf(collector))));
        for (Recording what : Recording.values()) {
            int port = TestBed.freePort();
            ports.put(what, port);
            programs.put(what, Program.start(bed, SUBJECT_CORE, what.subject(),
                    LoneProgram.command(RecordingDoor.class, List.of(String.valueOf(port), String.valueOf(origin), what.name(), String.valueOf(collector), bed.folder().toString()))));
            awaitAnswer(what, port);
            Wrk.run(bed, LOAD_CORE, CONNECTIONS, plan.warmUpSeconds(), port);
        }
        for (int round = 1; round <= plan.rounds(); round++) {
            System.err.printf("round %d of %d%n", round, plan.rounds());
            for (Recording what : Recording.values()) {
                measure(what);
            }
        }
    }

    private void measure(Recording what) throws IOException, InterruptedException {
        Program program = programs.get(what);
        CpuTime before = program.cpu();
        Measured measured = Wrk.run(bed, LOAD_CORE, CONNECTIONS, plan.seconds(), ports.get(what));
        rounds.add(new Rounds.Round(what.subject(), "c" + CONNECTIONS, measured, program.cpu().since(before), program.residentKib()));
    }

    private void awaitAnswer(Recording what, int port) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < until) {
            try {
                HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/1k").toURL().openConnection();
                if (connection.getResponseCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // it is starting
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IOException(what.subject() + " does not answer: " + programs.get(what).log());
    }
}
