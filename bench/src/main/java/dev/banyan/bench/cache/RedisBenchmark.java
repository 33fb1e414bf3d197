package dev.banyan.bench.cache;

import dev.banyan.bench.bed.Measured;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * redis-benchmark, Redis's own load generator: a closed loop, one thread, connections that stay. It ends at the first error.
 *
 * @param core which it is pinned to
 */
record RedisBenchmark(TestBed bed, int core, int clients, Keyspace keyspace) {
    /** The columns of its CSV. */
    private static final int RATE = 1;
    private static final int P50 = 4;
    private static final int P99 = 6;
    private static final int COLUMNS = 8;

    /**
     * Sends so many commands.
     *
     * @param test {@code GET} or {@code SET}
     */
    Measured run(HostPort at, String test, int pipeline, long commands) throws IOException, InterruptedException {
        List<String> command = List.of("taskset", "-c", String.valueOf(core), "redis-benchmark", "-h", at.host(), "-p", String.valueOf(at.port()),
                "-c", String.valueOf(clients), "-n", String.valueOf(commands), "-P", String.valueOf(pipeline),
                "-d", String.valueOf(keyspace.valueBytes()), "-r", String.valueOf(keyspace.keys()), "-t", test, "--csv");
        Process process = bed.start(new ProcessBuilder(command).redirectErrorStream(true));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("redis-benchmark at " + at + " failed: " + output);
        }
        return parse(output, test, commands);
    }

    /** Reads the line {@code "GET","95238.10",...}: commands a second; average, least, median, p95, p99 and most milliseconds. */
    static Measured parse(String output, String test, long commands) {
        String line = output.lines().filter(each -> each.startsWith('"' + test + '"')).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("redis-benchmark's output has no line of " + test + ": " + output));
        String[] columns = line.replace("\"", "").split(",");
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException("redis-benchmark's line has " + columns.length + " columns, not " + COLUMNS + ": " + line);
        }
        return new Measured(commands, commands / Double.parseDouble(columns[RATE]), Double.parseDouble(columns[P50]), Double.parseDouble(columns[P99]), 0);
    }
}
