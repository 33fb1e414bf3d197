package dev.banyan.bench.clients;

import dev.banyan.bench.bed.Arguments;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.bench.cache.LoneCacheRouter;
import dev.banyan.bench.cache.RedisServer;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Clients in several languages by what they are used for: at a Redis itself, through the router to one node, and to a ring of three. */
public final class RedisClients {
    private static final int CORE = 0;
    private static final String USAGE = "usage: bench/redis-clients [--only CLIENT,...] [--through direct,one,ring] [--seconds N]";

    private final Plan plan;
    private final TestBed bed;
    private final PrintStream out;
    private int failed;

    private RedisClients(Plan plan, TestBed bed, PrintStream out) {
        this.plan = plan;
        this.bed = bed;
        this.out = out;
    }

    /** Exits with 0 when all checks hold, 1 otherwise, 2 when it could not run. */
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
        List<String> missing = TestBed.missing("taskset", "redis-server");
        return missing.isEmpty() ? Optional.empty() : Optional.of("bench/redis-clients needs " + String.join(", ", missing) + "; on Debian: apt install util-linux redis-server");
    }

    /** @return whether all checks held */
    static boolean run(Plan plan, PrintStream out) throws IOException, InterruptedException {
        try (TestBed bed = TestBed.open()) {
            RedisClients clients = new RedisClients(plan, bed, out);
            for (Client client : plan.clients()) {
                clients.check(client);
            }
            return clients.failed == 0;
        }
    }

    private void check(Client client) throws IOException, InterruptedException {
        if (!TestBed.missing(client.program()).isEmpty()) {
            out.printf("%-16s left out: there is no %s%n", client.word(), client.program());
            return;
        }
        client.prepare(bed, plan.home());
        for (String way : plan.ways()) {
            List<Program> servers = new ArrayList<>();
            try {
                List<String> lines = client.check(bed, plan.home(), start(way, servers), way.equals("ring"), plan.seconds());
                List<String> faults = lines.stream().filter(line -> line.startsWith("not ok ")).toList();
                failed += faults.size() + (lines.isEmpty() ? 1 : 0);
                out.printf(Locale.ROOT, "%-16s %-7s %3d of %d%n", client.word(), way, lines.size() - faults.size(), lines.size());
                faults.forEach(fault -> out.println("    " + fault));
            } finally {
                servers.reversed().forEach(Program::close);
            }
        }
    }

    /** New servers, and what stands before them; says where the client shall connect to. */
    private HostPort start(String way, List<Program> servers) throws IOException, InterruptedException {
        List<HostPort> nodes = new ArrayList<>();
        for (int i = 1; i <= (way.equals("ring") ? 3 : 1); i++) {
            RedisServer redis = RedisServer.start(bed, CORE, "cache-" + i);
            servers.add(redis.program());
            nodes.add(redis.at());
        }
        if (way.equals("direct")) {
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
     * @param ways what stands between: nothing (direct), the router before one node, or before a ring
     * @param seconds that a client may take
     * @param home where packages are kept
     */
    record Plan(List<Client> clients, List<String> ways, int seconds, Path home) {
        private static final List<String> WAYS = List.of("direct", "one", "ring");

        static Plan of(String[] arguments) {
            List<Client> clients = List.of(Client.values());
            List<String> ways = WAYS;
            int seconds = 120;
            Path home = Path.of("target", "redis-clients");
            Arguments words = new Arguments(List.of(arguments), USAGE);
            while (words.hasNext()) {
                switch (words.next()) {
                    case "--only" -> clients = clients(words);
                    case "--through" -> ways = List.of(words.value().split(","));
                    case "--seconds" -> seconds = words.number();
                    case "--home" -> home = words.path();
                    default -> throw words.unknown();
                }
            }
            if (!WAYS.containsAll(ways)) {
                throw words.fault("--through is of " + String.join(", ", WAYS));
            }
            return new Plan(clients, ways, seconds, home.toAbsolutePath());
        }

        private static List<Client> clients(Arguments words) {
            List<String> wanted = List.of(words.value().split(","));
            List<Client> found = Arrays.stream(Client.values()).filter(client -> wanted.contains(client.word())).toList();
            if (found.size() < wanted.size()) {
                throw words.fault("--only is of " + String.join(", ", Arrays.stream(Client.values()).map(Client::word).toList()));
            }
            return found;
        }
    }
}
