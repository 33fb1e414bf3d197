package dev.banyan.bench.door;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.bench.bed.CpuTime;
import dev.banyan.bench.bed.Launch;
import dev.banyan.bench.bed.LoneProgram;
import dev.banyan.bench.bed.Measured;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.Rounds;
import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Requests a second, latency and processor time a request of HAProxy, NGINX and Banyan, one after the other in alternation, each pinned to
 * the first core with the origin and the load generator on the second.
 */
public final class FrontDoorBench {
    private static final int SUBJECT_CORE = 0;
    private static final int LOAD_CORE = 1;

    private static final String USAGE = "usage: bench/front-door [--quick] [--rounds N] [--seconds N] [--io epoll,io_uring,nio] [--json FILE]";

    private final Plan plan;
    private final TestBed bed;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final Rounds rounds = new Rounds("req/s", "banyan's processor time a request over the peer's (median of the rounds' ratios; goal: at most 0.80 of the better)");

    private FrontDoorBench(Plan plan, TestBed bed) {
        this.plan = plan;
        this.bed = bed;
    }

    /** @param arguments {@code [--quick] [--rounds N] [--seconds N] [--io epoll,io_uring] [--json FILE]} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Launch.run(obstacle(), () -> run(arguments, System.out));
    }

    /** Why it cannot run on this machine, as a sentence with what to do. */
    static Optional<String> obstacle() {
        return TestBed.obstacle("bench/front-door", TestBed.missing("taskset", "wrk", "nginx", "haproxy"), "util-linux wrk nginx-light haproxy", "one for the proxy, one for the load and the origin");
    }

    /** @throws IllegalArgumentException for arguments that cannot be used, with a sentence for the user */
    static void run(String[] arguments, PrintStream out) throws IOException, InterruptedException {
        Plan plan = Plan.of(arguments);
        try (TestBed bed = TestBed.open()) {
            FrontDoorBench bench = new FrontDoorBench(plan, bed);
            bench.measureAll();
            out.print(bench.rounds.table());
            if (plan.json() != null) {
                Files.writeString(plan.json(), bench.rounds.json());
            }
        }
    }

    private void measureAll() throws IOException, InterruptedException {
        int origin = TestBed.freePort();
        Peers peers = new Peers(bed.folder(), origin);
        Program.start(bed, LOAD_CORE, "origin", peers.origin());
        startSubjects(peers, origin);
        warmUp();
        for (int round = 1; round <= plan.rounds(); round++) {
            System.err.printf("round %d of %d%n", round, plan.rounds());
            for (int connections : plan.connections()) {
                for (String name : programs.keySet()) {
                    measure(name, connections);
                }
            }
        }
    }

    private void startSubjects(Peers peers, int origin) throws IOException, InterruptedException {
        start("haproxy", peers::haproxy);
        start("nginx", peers::nginxProxy);
        for (String io : plan.io()) {
            start(io.equals("epoll") ? "banyan" : "banyan-" + io, port -> banyan(port, origin, io));
        }
    }

    private void start(String name, Command command) throws IOException, InterruptedException {
        int port = TestBed.freePort();
        ports.put(name, port);
        programs.put(name, Program.start(bed, SUBJECT_CORE, name, command.at(port)));
        awaitAnswer(name, port);
    }

    private static List<String> banyan(int port, int origin, String io) {
        return LoneProgram.command(LoneFrontDoor.class, List.of(String.valueOf(port), String.valueOf(origin), io));
    }

    private void awaitAnswer(String name, int port) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/1k").toURL().openConnection();
                if (connection.getResponseCode() == 200) {
                    try (InputStream body = connection.getInputStream()) {
                        body.readAllBytes();
                    }
                    return;
                }
            } catch (IOException notYet) {
                // it is starting
            }
            if (System.nanoTime() > until) {
                throw new IOException(name + " does not answer: " + programs.get(name).log());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void warmUp() throws IOException, InterruptedException {
        for (Map.Entry<String, Integer> subject : ports.entrySet()) {
            int seconds = subject.getKey().startsWith("banyan") ? plan.warmUpSeconds() : 1;
            System.err.printf("warming up %s, %d s%n", subject.getKey(), seconds);
            Wrk.run(bed, LOAD_CORE, 64, seconds, subject.getValue());
        }
    }

    private void measure(String name, int connections) throws IOException, InterruptedException {
        Program program = programs.get(name);
        CpuTime before = program.cpu();
        Measured measured = Wrk.run(bed, LOAD_CORE, connections, plan.seconds(), ports.get(name));
        CpuTime used = program.cpu().since(before);
        rounds.add(new Rounds.Round(name, "c" + connections, measured, used, program.residentKib()));
    }

    @FunctionalInterface
    private interface Command {
        List<String> at(int port) throws IOException;
    }

    /** How much is measured. */
    private record Plan(int rounds, int seconds, int warmUpSeconds, List<Integer> connections, List<String> io, Path json) {
        static Plan of(String[] arguments) {
            int rounds = 5;
            int seconds = 5;
            int warmUp = 12;
            List<String> io = List.of("epoll");
            Path json = null;
            Arguments words = new Arguments(List.of(arguments), USAGE);
            while (words.hasNext()) {
                switch (words.next()) {
                    case "--quick" -> {
                        rounds = 1;
                        seconds = 1;
                        warmUp = 3;
                    }
                    case "--rounds" -> rounds = words.number();
                    case "--seconds" -> seconds = words.number();
                    case "--io" -> io = List.of(words.value().split(","));
                    case "--json" -> json = words.path();
                    default -> throw words.unknown();
                }
            }
            return new Plan(rounds, seconds, warmUp, List.of(64, 512), io, json);
        }
    }
}
