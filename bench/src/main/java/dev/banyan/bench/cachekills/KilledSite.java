package dev.banyan.bench.cachekills;

import dev.banyan.bench.bed.TestBed;
import dev.banyan.bench.footprint.TinyApplication;
import dev.banyan.drill.bank.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A site at stage 5 in a temporary folder, started as a user would: {@link TinyApplication}, a PostgreSQL with two replicas, two cache nodes, all at free ports;
 * and what befalls it. Owned by one thread.
 */
final class KilledSite implements Fault, AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
    private static final long LOOK_EVERY_MILLIS = 20;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int CACHE_NODES = 2;
    private static final int REPLICAS = 2;
    private static final int WITHIN_FAILOVER_MILLIS = 1_500;
    private static final int LAST_LINES = 30;

    private final TestBed bed;
    private final List<String> banyan;
    private final RandomGenerator random;
    private final List<Kind> kinds;
    private final Path folder;
    private final JsonMapper json = new JsonMapper();
    /** All that was ever started below a Banyan: a killed one's are nobody's children until the next one ends them. */
    private final Set<ProcessHandle> below = ConcurrentHashMap.newKeySet();
    private Process process;
    private Set<Long> killed = Set.of();

    /** @param banyan the command, ready to run, without a verb */
    KilledSite(TestBed bed, List<String> banyan, List<Kind> kinds, RandomGenerator random) throws IOException {
        this.bed = bed;
        this.banyan = List.copyOf(banyan);
        this.kinds = List.copyOf(kinds);
        this.random = random;
        this.folder = Files.createDirectories(bed.folder().resolve("site"));
        bed.atEnd(this::close);
        Files.writeString(folder.resolve("site.yaml"), """
                site: kills
                stage: 5
                application:
                  command: ["%s", -XX:+UseSerialGC, -Xmx32m, -cp, "%s", %s]
                  instances: 1
                database: { kind: postgresql, port: %d, replicas: %d, router: { listen: "127.0.0.1:%d" } }
                front-door: { listen: "127.0.0.1:%d" }
                console: { listen: "127.0.0.1:%d" }
                cache:
                  kind: redis
                  nodes: %d
                  router: { listen: "127.0.0.1:%d" }
                  keys:
                %s""".formatted(ProcessHandle.current().info().command().orElse("java"), classes(), TinyApplication.class.getName(), TestBed.freePort(), REPLICAS, TestBed.freePort(),
                TestBed.freePort(), TestBed.freePort(), CACHE_NODES, TestBed.freePort(), KillRows.KEYS.indent(2)));
    }

    private static String classes() {
        return Path.of(TinyApplication.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
    }

    /** Starts it, and waits until all of it is up. */
    void start() throws IOException, InterruptedException {
        up();
        long began = System.nanoTime();
        while (!whole()) {
            if (System.nanoTime() - began > PATIENCE_NANOS) {
                throw new IOException("the site is not whole 3 minutes after 'banyan up': " + said());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private void up() throws IOException {
        process = bed.start(command("up").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())));
    }

    private ProcessBuilder command(String... words) {
        return new ProcessBuilder(Stream.concat(banyan.stream(), Stream.of(words)).toList()).directory(folder.toFile());
    }

    private Path log() {
        return bed.folder().resolve("up.log");
    }

    private String said() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    /** The variables that the application gets, as {@code banyan env} tells them. */
    JsonNode variables() throws IOException, InterruptedException {
        Process env = bed.start(command("env", "--json"));
        String text = new String(env.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (env.waitFor() != 0) {
            throw new IOException("'banyan env' failed: " + new String(env.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        }
        return json.readTree(text);
    }

    /** Kills one of the kinds at random. */
    @Override
    public String strike(int number) throws InterruptedException {
        Kind kind = kinds.get(random.nextInt(kinds.size()));
        try {
            process.descendants().forEach(below::add);
            switch (kind) {
                case BANYAN -> banyan();
                case NODE -> kill("cache-" + (1 + random.nextInt(CACHE_NODES)));
                case PRIMARY -> kill(primary());
                case PRIMARY_THEN_BANYAN -> {
                    String primary = primary();
                    kill(primary);
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(WITHIN_FAILOVER_MILLIS));
                    process.descendants().forEach(below::add);
                    banyan();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill " + number + ", " + kind.words(), e);
        }
        return kind.words();
    }

    private void banyan() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        up();
    }

    /** The head first, so that it starts no more. */
    private void kill(String name) throws IOException {
        Optional<Long> found = pid(name);
        if (found.isEmpty()) {
            throw new IOException(name + " does not run: " + said());
        }
        long pid = found.get();
        Set<Long> pids = new HashSet<>(Set.of(pid));
        ProcessHandle.of(pid).ifPresent(head -> Stream.concat(Stream.of(head), head.descendants()).forEach(each -> {
            pids.add(each.pid());
            each.destroyForcibly();
        }));
        killed = pids;
    }

    private String primary() throws IOException {
        Optional<String> primary = named(nodes(), "database").findFirst();
        if (primary.isEmpty()) {
            throw new IOException("there is no primary to kill: " + said());
        }
        return primary.get();
    }

    /** Empty while it is being started. */
    private Optional<Long> pid(String name) throws IOException {
        Path file = folder.resolve(".banyan/processes").resolve(name + ".json");
        return Files.exists(file) ? Optional.of(json.readTree(Files.readString(file)).path("pid").asLong()) : Optional.empty();
    }

    /** One primary, all replicas and all cache nodes up, none of them a process that was killed. */
    @Override
    public boolean whole() {
        try {
            if (!process.isAlive()) {
                throw new IllegalStateException("'banyan up' ended with " + process.exitValue() + ": " + said());
            }
            JsonNode nodes = nodes();
            return named(nodes, "database").count() == 1 && named(nodes, "replica").count() == REPLICAS && named(nodes, "cache").count() == CACHE_NODES && allNew(nodes);
        } catch (IOException e) {
            return false; // it is starting
        }
    }

    private boolean allNew(JsonNode nodes) throws IOException {
        List<String> names = new ArrayList<>();
        Stream.of("database", "replica", "cache").forEach(kind -> named(nodes, kind).forEach(names::add));
        for (String name : names) {
            if (pid(name).filter(pid -> !killed.contains(pid)).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static Stream<String> named(JsonNode nodes, String kind) {
        return nodes.valueStream().filter(node -> node.path("kind").asString().equals(kind) && node.path("health").asString().equals("up")).map(node -> node.path("id").asString());
    }

    private JsonNode nodes() throws IOException {
        JsonNode running = json.readTree(Files.readString(folder.resolve(".banyan/running.json"))); // it appears by a rename, whole
        HttpURLConnection connection = (HttpURLConnection) URI.create(running.path("console").asString() + "/api/site").toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        connection.setRequestProperty("Authorization", "Bearer " + Files.readString(folder.resolve(".banyan/console.token")).strip());
        try (InputStream body = connection.getInputStream()) {
            return json.readTree(body.readAllBytes()).path("nodes");
        }
    }

    /** Copies what the site wrote to its logs, for who looks for causes. */
    void keepLogs(Path to) throws IOException {
        Files.createDirectories(to);
        Files.copy(log(), to.resolve("up.log"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (Stream<Path> logs = Files.list(folder.resolve(".banyan/logs"))) {
            for (Path log : logs.filter(Files::isRegularFile).toList()) {
                Files.copy(log, to.resolve(log.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Ctrl-C; then what a killed Banyan may have left. */
    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.descendants().forEach(below::add);
            TestBed.end(process);
        }
        below.forEach(ProcessHandle::destroyForcibly);
    }
}
