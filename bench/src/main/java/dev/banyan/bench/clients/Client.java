package dev.banyan.bench.clients;

import dev.banyan.bench.bed.TestBed;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client that is tried: a program that says {@code ok NAME} or {@code not ok NAME: why} of each check, or one of Redis's own tools. */
enum Client {
    IOREDIS("ioredis", "node", "node/ioredis.mjs"),
    NODE_REDIS("node-redis", "node", "node/node-redis.mjs"),
    SESSIONS("connect-redis", "node", "node/sessions.mjs"),
    BULLMQ("bullmq", "node", "node/bullmq.mjs"),
    REDIS_PY("redis-py", "python3", "python/redis_py.py"),
    REDIS_CLI("redis-cli", "redis-cli", ""),
    REDIS_BENCHMARK("redis-benchmark", "redis-benchmark", "");

    private static final List<String> NODE_FILES = List.of("package.json", "package-lock.json", "harness.mjs", "ioredis.mjs", "node-redis.mjs", "sessions.mjs", "bullmq.mjs");
    private static final String REDIS_PY_VERSION = "8.1.0";
    /** Commands and what redis-cli prints of them. */
    private static final List<List<String>> SPOKEN = List.of(
            List.of("SET cli:a v", "OK"), List.of("GET cli:a", "\"v\""), List.of("GET cli:none", "(nil)"), List.of("INCR cli:n", "(integer) 1"), List.of("LPUSH cli:l x", "(integer) 1"),
            List.of("INCR cli:l", "(error) WRONGTYPE Operation against a key holding the wrong kind of value"), List.of("MULTI", "OK"), List.of("INCR cli:n", "QUEUED"),
            List.of("EXEC", "1) (integer) 2"), List.of("EVAL \"return {1,{2,'x'}}\" 0", "1) (integer) 1"), List.of("OBJECT ENCODING cli:n", "\"int\""), List.of("SELECT 2", "OK"),
            List.of("GET cli:a", "(nil)"));

    private final String word;
    private final String program;
    private final String file;

    Client(String word, String program, String file) {
        this.word = word;
        this.program = program;
        this.file = file;
    }

    /** As it is told apart in arguments and tables. */
    String word() {
        return word;
    }

    /** The program that must be on PATH. */
    String program() {
        return program;
    }

    /** Writes its files and fetches its packages, once; needs a registry the first time. */
    void prepare(TestBed bed, Path home) throws IOException, InterruptedException {
        if (program.equals("node")) {
            Path folder = Files.createDirectories(home.resolve("node"));
            for (String name : NODE_FILES) {
                copy("node/" + name, folder.resolve(name));
            }
            if (!Files.exists(folder.resolve("node_modules/.package-lock.json"))) {
                // Not "npm ci", which fails where a registry lacks the optional packages of other systems; versions are the lock file's all the same.
                run(bed, folder, List.of("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"));
            }
        } else if (program.equals("python3")) {
            Path folder = Files.createDirectories(home.resolve("python"));
            copy(file, folder.resolve("redis_py.py"));
            if (!Files.exists(folder.resolve("packages/redis"))) {
                run(bed, folder, List.of("python3", "-m", "pip", "install", "-q", "--target", "packages", "redis==" + REDIS_PY_VERSION));
            }
        }
    }

    private static void copy(String resource, Path to) throws IOException {
        try (InputStream in = Client.class.getResourceAsStream(resource)) {
            Files.write(to, in.readAllBytes());
        }
    }

    private static void run(TestBed bed, Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = bed.start(new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " in " + folder + " failed: " + said);
        }
    }

    /** Its checks' lines: {@code ok NAME}, {@code not ok NAME: why}. */
    List<String> check(TestBed bed, Path home, HostPort at, boolean ring, long seconds) throws IOException, InterruptedException {
        return switch (this) {
            case REDIS_CLI -> cli(bed, at);
            case REDIS_BENCHMARK -> benchmark(bed, at);
            case REDIS_PY, IOREDIS, NODE_REDIS, SESSIONS, BULLMQ -> script(bed, home, at, ring, seconds);
        };
    }

    private List<String> script(TestBed bed, Path home, HostPort at, boolean ring, long seconds) throws IOException, InterruptedException {
        Path folder = home.resolve(file).getParent();
        List<String> command = new ArrayList<>(List.of(program, home.resolve(file).getFileName().toString(), String.valueOf(at.port())));
        if (ring) {
            command.add("ring");
        }
        Path log = home.resolve(word + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("PYTHONPATH", folder.resolve("packages").toString());
        Process process = bed.start(builder);
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        TestBed.end(process);
        List<String> lines = new ArrayList<>(Files.readAllLines(log).stream().filter(line -> line.startsWith("ok ") || line.startsWith("not ok ")).toList());
        if (!ended || process.exitValue() != 0) {
            lines.add("not ok the end: " + (ended ? "exit code " + process.exitValue() + "; see " + log : "it hangs"));
        }
        return lines;
    }

    private static List<String> cli(TestBed bed, HostPort at) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        Process process = bed.start(new ProcessBuilder("redis-cli", "-h", at.host(), "-p", String.valueOf(at.port()), "--no-raw").redirectErrorStream(true));
        process.outputWriter().write(String.join("\n", SPOKEN.stream().map(List::getFirst).toList()) + "\n");
        process.outputWriter().close();
        List<String> said = process.inputReader().lines().toList();
        process.waitFor();
        int from = 0;
        for (List<String> each : SPOKEN) {
            int found = said.subList(from, said.size()).indexOf(each.getLast());
            lines.add(found >= 0 ? "ok " + each.getFirst() : "not ok " + each.getFirst() + ": it printed " + said);
            from += Math.max(0, found);
        }
        return lines;
    }

    private static List<String> benchmark(TestBed bed, HostPort at) throws IOException, InterruptedException {
        Process process = bed.start(new ProcessBuilder("redis-benchmark", "-h", at.host(), "-p", String.valueOf(at.port()), "-n", "2000", "-P", "4", "--csv").redirectErrorStream(true));
        List<String> said = process.inputReader().lines().toList();
        List<String> lines = new ArrayList<>(said.stream().filter(line -> line.startsWith("\"") && !line.startsWith("\"test\"")).map(line -> "ok " + line.substring(1, line.indexOf('"', 1))).toList());
        if (process.waitFor() != 0) {
            lines.add("not ok the end: " + said.getLast());
        }
        return lines;
    }
}
