package dev.banyan.bench.door;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Requests a second, latency and processor time a request of HAProxy, NGINX and Banyan, one after the other in alternation, each pinned to
 * the first core with the origin and the load generator on the second.
 */
public final class FrontDoorBench {
    private static final int SUBJECT_CORE = 0;
    private static final int LOAD_CORE = 1;

    private final Plan plan;
    private final Path folder;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Program> programs = new LinkedHashMap<>();
    private final Rounds rounds = new Rounds();

    private FrontDoorBench(Plan plan, Path folder) {
        this.plan = plan;
        this.folder = folder;
    }

    /** @param arguments {@code [--quick] [--rounds N] [--seconds N] [--io epoll,io_uring] [--json FILE]} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Plan plan = Plan.of(arguments);
        List<String> missing = new ArrayList<>();
        for (String tool : List.of("taskset", "wrk", "nginx", "haproxy")) {
            if (!onPath(tool)) {
                missing.add(tool);
            }
        }
        if (!missing.isEmpty()) {
            System.err.println("bench/front-door needs " + String.join(", ", missing) + "; on Debian: apt install util-linux wrk nginx-light haproxy");
            System.exit(2);
        }
        if (Runtime.getRuntime().availableProcessors() < 2) {
            System.err.println("bench/front-door needs two cores: one for the proxy, one for the load and the origin");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("banyan-bench");
        // NGINX gives up root in its worker, which must still reach its folders.
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        new FrontDoorBench(plan, folder).run();
    }

    private static boolean onPath(String tool) {
        for (String place : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":")) {
            if (Files.isExecutable(Path.of(place, tool))) {
                return true;
            }
        }
        return false;
    }

    private void run() throws IOException, InterruptedException {
        int origin = freePort();
        Peers peers = new Peers(folder, origin);
        try (Program _ = Program.start(LOAD_CORE, folder.resolve("origin.log"), peers.origin())) {
            try {
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
            } finally {
                programs.values().forEach(Program::close);
            }
        }
        System.out.print(rounds.table());
        if (plan.json() != null) {
            Files.writeString(plan.json(), rounds.json());
        }
    }

    private void startSubjects(Peers peers, int origin) throws IOException, InterruptedException {
        start("haproxy", port -> peers.haproxy(port));
        start("nginx", port -> peers.nginxProxy(port));
        for (String io : plan.io()) {
            start(io.equals("epoll") ? "banyan" : "banyan-" + io, port -> banyan(port, origin, io));
        }
    }

    private void start(String name, Command command) throws IOException, InterruptedException {
        int port = freePort();
        ports.put(name, port);
        programs.put(name, Program.start(SUBJECT_CORE, folder.resolve(name + ".log"), command.at(port)));
        awaitAnswer(name, port);
    }

    private static List<String> banyan(int port, int origin, String io) {
        return List.of(
                ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xms128m", "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", System.getProperty("java.class.path"), LoneFrontDoor.class.getName(), String.valueOf(port), String.valueOf(origin), io);
    }

    private void awaitAnswer(String name, int port) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
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
                throw new IOException(name + " does not answer: " + Files.readString(folder.resolve(name + ".log")));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void warmUp() throws IOException, InterruptedException {
        for (Map.Entry<String, Integer> subject : ports.entrySet()) {
            int seconds = subject.getKey().startsWith("banyan") ? plan.warmUpSeconds() : 1;
            System.err.printf("warming up %s, %d s%n", subject.getKey(), seconds);
            Wrk.run(LOAD_CORE, 64, seconds, subject.getValue());
        }
    }

    private void measure(String name, int connections) throws IOException, InterruptedException {
        Program program = programs.get(name);
        CpuTime before = program.cpu();
        Wrk wrk = Wrk.run(LOAD_CORE, connections, plan.seconds(), ports.get(name));
        CpuTime used = program.cpu().since(before);
        rounds.add(new Rounds.Round(name, "c" + connections, wrk, used, program.residentKib()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
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
            for (int i = 0; i < arguments.length; i++) {
                switch (arguments[i]) {
                    case "--quick" -> {
                        rounds = 1;
                        seconds = 1;
                        warmUp = 3;
                    }
                    case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                    case "--seconds" -> seconds = Integer.parseInt(arguments[++i]);
                    case "--io" -> io = List.of(arguments[++i].split(","));
                    case "--json" -> json = Path.of(arguments[++i]);
                    default -> {
                        System.err.println("usage: bench/front-door [--quick] [--rounds N] [--seconds N] [--io epoll,io_uring,nio] [--json FILE]");
                        System.exit(2);
                    }
                }
            }
            return new Plan(rounds, seconds, warmUp, List.of(64, 512), io, json);
        }
    }
}
