package dev.banyan.bench.footprint;

import dev.banyan.bench.bed.CpuTime;
import dev.banyan.bench.door.LoneFrontDoor;
import dev.banyan.bench.door.Peers;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What a connection costs that has asked once and waits: the difference, over so many, between a proxy that has warmed up and the same proxy
 * holding them.
 */
final class IdleConnections {
    private static final int SUBJECT_CORE = 0;
    private static final int OTHER_CORE = 1;
    /** For connections to servers, listeners, log files and the like, by whoever counts them. */
    private static final int SPARE = 200;
    private static final double KIB = 1024;
    /**
     * As the launcher starts Banyan, and with a young generation so small that the warm-up has touched all of it: otherwise the first use of a
     * page that will be used again and again would count as memory of a connection.
     */
    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m", "-Xmn16m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final TestBed bed;
    private final int count;
    private final int seconds;
    private final Findings findings;

    /** @param seconds how long the processor is watched */
    IdleConnections(TestBed bed, int count, int seconds, Findings findings) {
        this.bed = bed;
        this.count = count;
        this.seconds = seconds;
        this.findings = findings;
    }

    /** The most files that a process may have open, by the hard limit; Java raises its own to that, for what it starts too. */
    static long mostFiles() throws IOException {
        String limit = Files.readAllLines(Path.of("/proc/self/limits")).stream().filter(line -> line.startsWith("Max open files")).findFirst().orElseThrow().split("\\s+")[4];
        return limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit);
    }

    static long filesFor(int connections) {
        return room(connections) + SPARE;
    }

    /** What a peer is set to: NGINX closes idle connections when less than a sixteenth of its room is left. */
    private static int room(int connections) {
        return connections + connections / 8 + SPARE;
    }

    void measure() throws IOException, InterruptedException {
        int origin = TestBed.freePort();
        Peers peers = new Peers(bed.folder(), origin, room(count));
        Program.start(bed, OTHER_CORE, "origin", peers.origin());
        Map<String, Double> kib = new TreeMap<>();
        if (TestBed.missing("haproxy").isEmpty()) {
            int port = TestBed.freePort();
            kib.put("haproxy", peer("haproxy", port, peers.haproxy(port)));
        } else {
            findings.note("haproxy is not installed and was not measured; on Debian: apt install haproxy");
        }
        int nginx = TestBed.freePort();
        kib.put("nginx", peer("nginx", nginx, peers.nginxProxy(nginx)));
        double ours = banyan(origin);
        kib.forEach((name, theirs) -> findings.ratio(name + ", resident memory a connection", ours / theirs));
    }

    private double peer(String name, int port, List<String> command) throws IOException, InterruptedException {
        try (Program proxy = Program.start(bed, SUBJECT_CORE, name, command)) {
            return hold(name, proxy, port, Asked.NOTHING);
        }
    }

    private double banyan(int origin) throws IOException, InterruptedException {
        int port = TestBed.freePort();
        List<String> command = java(JVM, LoneFrontDoor.class, String.valueOf(port), String.valueOf(origin), "epoll");
        try (Program door = Program.startAsked(bed, SUBJECT_CORE, "banyan", command)) {
            return hold("banyan", door, port, Asked.HEAP_AND_DIRECT);
        }
    }

    private static List<String> java(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** What a proxy can be asked of itself. */
    private enum Asked {
        NOTHING,
        HEAP_AND_DIRECT
    }

    /** @return KiB of resident memory a connection */
    private double hold(String name, Program proxy, int port, Asked asked) throws IOException, InterruptedException {
        awaitListening(name, proxy, port);
        try (Program clients = clients(port, 100, 150)) {
            allOpen(name, clients, 100);
        }
        TimeUnit.SECONDS.sleep(1);
        State before = State.of(proxy, asked);
        try (Program clients = clients(port, count, 1)) {
            allOpen(name, clients, count);
            State after = State.of(proxy, asked);
            CpuTime cpu = proxy.cpu();
            TimeUnit.SECONDS.sleep(seconds);
            double idleMillis = proxy.cpu().since(cpu).micros() / 1000 / seconds;
            allOpen(name, clients, count);
            double resident = (after.residentKib() - before.residentKib()) / (double) count;
            Findings.Row row = Findings.Row.of(name, String.format(Locale.ROOT, "%d idle connections", count)).with("RSS KiB each", resident);
            if (asked == Asked.HEAP_AND_DIRECT) {
                row.with("heap KiB each", (after.heap() - before.heap()) / KIB / count).with("direct KiB each", (after.direct() - before.direct()) / KIB / count);
            }
            findings.add(row.with("RSS MiB", after.residentKib() / KIB).with("files", after.descriptors()).with("CPU ms/s", idleMillis));
            return resident;
        }
    }

    private Program clients(int port, int connections, int requests) throws IOException, InterruptedException {
        return Program.startAsked(bed, OTHER_CORE, "clients", java(List.of("-XX:+UseSerialGC", "-Xmx256m"), IdleClients.class, String.valueOf(port), String.valueOf(connections), String.valueOf(requests)));
    }

    private static void allOpen(String name, Program clients, int connections) throws IOException {
        clients.tell("how many?");
        String open = clients.hear();
        if (!open.equals(String.valueOf(connections))) {
            throw new IOException(name + " holds " + open + " of " + connections + " idle connections; the others were closed");
        }
    }

    private static void awaitListening(String name, Program proxy, int port) throws IOException, InterruptedException {
        for (int tries = 0; tries < 200; tries++) {
            try (Socket _ = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw new IOException(name + " does not listen after 10 s: " + proxy.log());
    }

    /** @param heap bytes in use after a collection; 0 where there is no heap @param direct likewise, outside it */
    private record State(long residentKib, long heap, long direct, long descriptors) {
        static State of(Program proxy, Asked asked) throws IOException {
            String[] inside = {"0", "0"};
            if (asked == Asked.HEAP_AND_DIRECT) {
                proxy.tell("memory?");
                inside = proxy.hear().split(" ");
            }
            return new State(proxy.residentKib(), Long.parseLong(inside[0]), Long.parseLong(inside[1]), proxy.descriptors());
        }
    }
}
