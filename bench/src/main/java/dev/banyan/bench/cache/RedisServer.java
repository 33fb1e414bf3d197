package dev.banyan.bench.cache;

import dev.banyan.bench.bed.CpuTime;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Redis that keeps nothing on disk, pinned to one core. */
public record RedisServer(HostPort at, Program program) {
    private static final Pattern COMMANDS = Pattern.compile("total_commands_processed:(\\d+)");
    private static final Pattern VERSION = Pattern.compile("redis_version:(\\S+)");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /**
     * Starts it and waits until it answers.
     *
     * @param options added to its command line
     */
    public static RedisServer start(TestBed bed, int core, String name, String... options) throws IOException, InterruptedException {
        HostPort at = new HostPort("127.0.0.1", TestBed.freePort());
        List<String> command = new ArrayList<>(List.of("redis-server", "--bind", at.host(), "--port", String.valueOf(at.port()),
                "--save", "", "--appendonly", "no", "--dir", bed.folder().toString()));
        command.addAll(List.of(options));
        Program program = Program.start(bed, core, name, command);
        await(name, at, program);
        return new RedisServer(at, program);
    }

    /** Waits until what listens there answers a read. */
    public static void await(String name, HostPort at, Program program) throws IOException, InterruptedException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (RedisConnection connection = new RedisConnection(at)) {
                connection.ask("GET", Keyspace.key(0));
                return;
            } catch (IOException e) {
                if (System.nanoTime() - until > 0) {
                    throw new IOException(name + " does not answer (" + e.getMessage() + "): " + program.log(), e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    String version() throws IOException {
        return info("server", VERSION);
    }

    /** What it has used and done until now. */
    Usage usage() throws IOException {
        return new Usage(program.cpu(), Long.parseLong(info("stats", COMMANDS)));
    }

    private String info(String section, Pattern pattern) throws IOException {
        try (RedisConnection connection = new RedisConnection(at)) {
            Matcher found = pattern.matcher(connection.ask("INFO", section));
            if (!found.find()) {
                throw new IOException("INFO " + section + " of " + at + " lacks " + pattern);
            }
            return found.group(1);
        }
    }

    /**
     * What it has used and done.
     *
     * @param commands that it was sent
     */
    record Usage(CpuTime cpu, long commands) {
        Usage since(Usage earlier) {
            return new Usage(cpu.since(earlier.cpu), commands - earlier.commands);
        }
    }
}
