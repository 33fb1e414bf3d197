package dev.banyan.bench.postgres;

import dev.banyan.bench.bed.Measured;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * pgbench, PostgreSQL's own load generator: a closed loop, one thread, connections that stay.
 *
 * @param program the program
 * @param core which it is pinned to
 * @param logged of which share of the transactions the latency is noted, above 0 to 1
 */
record Pgbench(TestBed bed, Path program, int core, double logged) {
    /** Debian keeps the programs of each major version in a folder of its own, on nobody's PATH. */
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private static final Pattern DONE = Pattern.compile("number of transactions actually processed: (\\d+)");
    private static final Pattern FAILED = Pattern.compile("number of failed transactions: (\\d+)");
    private static final Pattern TPS = Pattern.compile("tps = ([\\d.]+)");

    /** Where it is: on PATH, else the newest of Debian's. */
    static Optional<Path> find() throws IOException {
        List<Path> places = new ArrayList<>(Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "pgbench")).toList());
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.sorted(Comparator.comparing((Path version) -> version.getFileName().toString()).reversed()).forEach(version -> places.add(version.resolve("bin/pgbench")));
            }
        }
        return places.stream().filter(Files::isExecutable).findFirst();
    }

    /** Makes its tables: 100,000 accounts for each unit of scale. */
    void initialize(DatabaseEndpoint server, int scale) throws IOException, InterruptedException {
        run(server, server.address(), List.of("-i", "-q", "-s", String.valueOf(scale)));
    }

    /** One read of an account by its key a transaction, to the end of the time, which begins before the clients connect: on a busy machine there may be none. */
    Measured selectOnly(DatabaseEndpoint server, HostPort at, QueryMode mode, int clients, int seconds) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(bed.folder(), "pgbench");
        String output = run(server, at, List.of(
                "-n", "-S", "-M", mode.word(), "-c", String.valueOf(clients), "-j", "1", "-T", String.valueOf(seconds),
                "--log", "--log-prefix=" + folder.resolve("log"), "--sampling-rate=" + logged));
        return parse(output, latencies(folder));
    }

    private String run(DatabaseEndpoint server, HostPort at, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("taskset", "-c", String.valueOf(core), program.toString(),
                "-h", at.host(), "-p", String.valueOf(at.port()), "-U", server.user()));
        command.addAll(options);
        command.add(server.database());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", server.password().reveal());
        builder.environment().put("LC_ALL", "C");
        Process process = bed.start(builder);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("pgbench at " + at + " failed: " + output);
        }
        return output;
    }

    /** @param latencies in milliseconds, sorted */
    static Measured parse(String output, List<Double> latencies) {
        long done = Long.parseLong(find(DONE, output).group(1));
        Matcher failed = FAILED.matcher(output);
        if (done == 0) {
            return new Measured(0, 0, 0, 0, 0);
        }
        if (latencies.isEmpty()) {
            throw new IllegalArgumentException("pgbench logged no transaction: " + output);
        }
        return new Measured(done, done / Double.parseDouble(find(TPS, output).group(1)), at(latencies, 0.50), at(latencies, 0.99), failed.find() ? Long.parseLong(failed.group(1)) : 0);
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(share * sorted.size())));
    }

    private static Matcher find(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalArgumentException("pgbench's output lacks " + pattern + ": " + output);
        }
        return matcher;
    }

    /** A line is: client, its transaction's number, latency in microseconds, script, when (pgbench's manual, "Per-Transaction Logging"). */
    private static List<Double> latencies(Path folder) throws IOException {
        List<Double> millis = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                try (Stream<String> lines = Files.lines(file)) {
                    lines.map(line -> line.split(" ")).forEach(fields -> millis.add(Double.parseDouble(fields[2]) / 1000));
                }
                Files.delete(file);
            }
        }
        return millis.stream().sorted().toList();
    }
}
