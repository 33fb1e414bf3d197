package dev.banyan.bench.edge;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.bench.bed.CpuTime;
import dev.banyan.bench.bed.Launch;
import dev.banyan.bench.bed.Machine;
import dev.banyan.bench.bed.Measured;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.Rounds;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.bench.door.Wrk;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a hit costs in an edge of ours, in Varnish and in NGINX's proxy_cache, one after the other in alternation, each pinned to the first core with the load on the second; and how
 * many of a crowd's requests for one cold object reach the origin.
 */
public final class EdgeBench {
    private static final int SUBJECT_CORE = 0;
    private static final int LOAD_CORE = 1;
    private static final int CONNECTIONS = 64;
    private static final List<String> SUBJECTS = List.of("varnish", "nginx", "banyan");
    /** The paths at the origin, and their sizes in bytes. */
    private static final Map<String, Integer> OBJECTS = new LinkedHashMap<>(Map.of());
    private static final String USAGE = "usage: bench/edge [--quick] [--rounds N] [--seconds N] [--subjects varnish,nginx,banyan] [--crowd N] [--json FILE]";

    static {
        OBJECTS.put("1k", 1024);
        OBJECTS.put("100k", 100 * 1024);
    }

    private final Plan plan;
    private final TestBed bed;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final Rounds rounds = new Rounds("req/s", "banyan's processor time a hit over the peer's (median of the rounds' ratios; goal: 1 KB at most 0.80 of the better, 100 KB at most 1.00)");
    private final List<Coalescing.Outcome> crowds = new ArrayList<>();

    private EdgeBench(Plan plan, TestBed bed) {
        this.plan = plan;
        this.bed = bed;
    }

    /** Exits with 2 when it could not run. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Launch.run(obstacle(), () -> run(arguments, System.out));
    }

    /** Why it cannot run on this machine, as a sentence with what to do. */
    static Optional<String> obstacle() {
        return TestBed.obstacle("bench/edge", TestBed.missing("taskset", "wrk", "nginx", "varnishd"), "util-linux wrk nginx-light varnish", "one for the cache, one for the load and the origin");
    }

    /** @throws IllegalArgumentException for arguments that cannot be used, with a sentence for the user */
    static void run(String[] arguments, PrintStream out) throws IOException, InterruptedException {
        Plan plan = Plan.of(arguments);
        String busy = Machine.busy();
        if (!busy.isEmpty()) {
            System.err.println(busy);
        }
        try (TestBed bed = TestBed.open()) {
            EdgeBench bench = new EdgeBench(plan, bed);
            bench.measureHits();
            bench.gatherCrowds();
            out.print(bench.rounds.table());
            bench.crowds.forEach(crowd -> out.printf("%n%s: %,d clients asked for one cold object at once: %,d requests at the origin, %,d whole answers, %,d others, %,d ms",
                    crowd.cache(), crowd.clients(), crowd.requests(), crowd.whole(), crowd.others(), crowd.millis()));
            out.println();
            if (plan.json().isPresent()) {
                Files.writeString(plan.json().get(), bench.report().toPrettyString() + "\n");
            }
        }
    }

    private void measureHits() throws IOException, InterruptedException {
        int origin = TestBed.freePort();
        Program.start(bed, LOAD_CORE, "origin", origin(origin));
        EdgePeers peers = new EdgePeers(bed.folder(), origin);
        for (String name : plan.subjects()) {
            int port = TestBed.freePort();
            ports.put(name, port);
            programs.put(name, Program.start(bed, SUBJECT_CORE, name, peers.toMeasure(name, port)));
            Listening.await(name, programs.get(name), port);
        }
        warmUp();
        for (int round = 1; round <= plan.rounds(); round++) {
            System.err.printf("round %d of %d%n", round, plan.rounds());
            for (String object : OBJECTS.keySet()) {
                for (String name : programs.keySet()) {
                    measure(name, object);
                }
            }
        }
        for (Program program : programs.values()) {
            program.close();
        }
    }

    /** NGINX with a file of each size, which may be kept for a day. */
    private List<String> origin(int port) throws IOException {
        Path prefix = Files.createDirectories(bed.folder().resolve("origin/files"));
        for (Map.Entry<String, Integer> object : OBJECTS.entrySet()) {
            Files.writeString(prefix.resolve(object.getKey()), "x".repeat(object.getValue()));
        }
        Files.writeString(prefix.resolve("health"), "well");
        Path home = prefix.getParent();
        Path file = home.resolve("nginx.conf");
        Files.writeString(file, """
                daemon off; worker_processes 1; pid %1$s/pid; error_log %1$s/error.log crit;
                events { worker_connections 1024; }
                http {
                  access_log off; keepalive_requests 100000000; keepalive_timeout 300s; default_type text/plain;
                  client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
                  server { listen 127.0.0.1:%2$d; root %1$s/files; expires 1d; }
                }
                """.formatted(home, port));
        return List.of("nginx", "-p", home.toString(), "-c", file.toString());
    }

    private void warmUp() throws IOException, InterruptedException {
        for (Map.Entry<String, Integer> subject : ports.entrySet()) {
            int seconds = subject.getKey().equals("banyan") ? plan.warmUpSeconds() : 1;
            System.err.printf("warming up %s, %d s%n", subject.getKey(), seconds);
            for (String object : OBJECTS.keySet()) {
                Wrk.run(bed, LOAD_CORE, CONNECTIONS, seconds, subject.getValue(), "/" + object);
            }
        }
    }

    private void measure(String name, String object) throws IOException, InterruptedException {
        Program program = programs.get(name);
        CpuTime before = program.cpu();
        Measured measured = Wrk.run(bed, LOAD_CORE, CONNECTIONS, plan.seconds(), ports.get(name), "/" + object);
        rounds.add(new Rounds.Round(name, object, measured, program.cpu().since(before), program.residentKib()));
    }

    private void gatherCrowds() throws IOException, InterruptedException {
        for (String name : plan.subjects()) {
            System.err.printf("a crowd of %,d before %s%n", plan.crowd(), name);
            crowds.add(Coalescing.of(bed, name, plan.crowd()));
        }
    }

    private ObjectNode report() {
        ObjectNode report = rounds.report();
        ArrayNode coalescing = report.putArray("coalescing");
        crowds.forEach(crowd -> coalescing.addObject().put("subject", crowd.cache()).put("clients", crowd.clients()).put("origin_requests", crowd.requests())
                .put("whole", crowd.whole()).put("others", crowd.others()).put("ms", crowd.millis()));
        return report;
    }

    /** How much is measured. */
    private record Plan(int rounds, int seconds, int warmUpSeconds, List<String> subjects, int crowd, Optional<Path> json) {
        static Plan of(String[] arguments) {
            int rounds = 5;
            int seconds = 5;
            int warmUp = 12;
            int crowd = 10_000;
            List<String> subjects = SUBJECTS;
            Optional<Path> json = Optional.empty();
            Arguments words = new Arguments(List.of(arguments), USAGE);
            while (words.hasNext()) {
                switch (words.next()) {
                    case "--quick" -> {
                        rounds = 1;
                        seconds = 1;
                        warmUp = 2;
                        crowd = 500;
                    }
                    case "--rounds" -> rounds = words.number();
                    case "--seconds" -> seconds = words.number();
                    case "--subjects" -> subjects = List.of(words.value().split(","));
                    case "--crowd" -> crowd = words.number();
                    case "--json" -> json = Optional.of(words.path());
                    default -> throw words.unknown();
                }
            }
            if (!SUBJECTS.containsAll(subjects)) {
                throw words.fault("--subjects are of " + String.join(", ", SUBJECTS));
            }
            return new Plan(rounds, seconds, warmUp, subjects, crowd, json);
        }
    }
}
