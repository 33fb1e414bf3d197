package dev.banyan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sample site in a folder of its own, started and spoken to as a user would: every verb is a process. */
final class LaunchedSite implements AutoCloseable {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final Duration PATIENCE = Duration.ofSeconds(240);

    private final Path folder;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();

    private LaunchedSite(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    static LaunchedSite up(Path folder) throws IOException {
        // The sample's cache, at a port that the system chooses.
        String sample = Files.readString(REPOSITORY.resolve("site.yaml"));
        String cache = sample.substring(sample.indexOf("\ncache:\n")).replaceFirst("\n  kind: redis[^\n]*", "\n  kind: redis\n  nodes: 2\n  router: {listen: \"127.0.0.1:0\"}");
        // Hashing fewer rounds keeps the load's log-ins from being all that two cores do; the port 0 lets the system choose.
        Files.writeString(folder.resolve("site.yaml"), """
                site: photos
                application:
                  command: [java, -Xmx192m, -cp, "%s", dev.banyan.photos.Photos]
                  environment: {PASSWORD_ROUNDS: "1000"}
                  health-path: /health
                database: {kind: postgresql, router: {listen: "127.0.0.1:0"}}
                front-door: {listen: "127.0.0.1:0", health: {timeout: 5s}}
                console: {listen: "127.0.0.1:0"}
                """.formatted(REPOSITORY.resolve("photos/target/lib") + "/*") + cache);
        Process process = banyan(folder, "up").redirectOutput(folder.resolve("up.log").toFile()).start();
        LaunchedSite site = new LaunchedSite(folder, process);
        site.await("the site is up", () -> Files.exists(folder.resolve(".banyan/running.json")) && site.log().contains("photos is up"));
        return site;
    }

    private static ProcessBuilder banyan(Path folder, String... words) {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-XX:+UseSerialGC", "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", REPOSITORY.resolve("cli/target/lib") + "/*", "dev.banyan.cli.Banyan"));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    }

    String frontDoor() throws IOException {
        return Running.in(folder.resolve(".banyan")).frontDoor().getFirst();
    }

    /** Runs a verb to its end and gives what it printed. */
    String verb(String... words) throws Exception {
        Process verb = banyan(folder, words).start();
        try (InputStream out = verb.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            if (!verb.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || verb.exitValue() != 0) {
                throw new AssertionError("banyan " + String.join(" ", words) + " ended with " + verb.exitValue() + ":\n" + text + "\n" + log());
            }
            return text;
        }
    }

    /** Ends an application process the hard way. */
    void killInstance(String name) throws IOException {
        kill(name);
        await(name + " is missed", () -> up("application").size() < 3);
    }

    /** Ends the database's primary the hard way, and waits until another is there. */
    void killPrimary() throws IOException {
        String lost = up("database").getFirst();
        kill(lost);
        await("another primary than " + lost, () -> !up("database").isEmpty() && !up("database").contains(lost));
    }

    /** Ends a replica the hard way. */
    void killReplica() throws IOException {
        String lost = up("replica").getFirst();
        kill(lost);
        await(lost + " is missed", () -> log().contains(lost));
    }

    /** Ends a process the hard way. */
    void kill(String name) throws IOException {
        JsonNode entry = new JsonMapper().readTree(Files.readString(folder.resolve(".banyan/processes/" + name + ".json")));
        ProcessHandle.of(entry.path("pid").asLong()).orElseThrow().destroyForcibly();
    }

    void awaitInstances(int count) {
        await(count + " instances are up", () -> up("application").size() == count);
    }

    /** Awaits a primary and so many replicas. */
    void awaitReplicas(int count) {
        await("a primary and " + count + " replicas are up", () -> up("database").size() == 1 && up("replica").size() == count);
    }

    /** Awaits so many more requests than there have been. */
    void awaitRequests(long more) {
        long enough = requests() + more;
        await(more + " more requests", () -> requests() >= enough);
    }

    private long requests() {
        return site().path("totals").path("requests").asLong();
    }

    /** The names of those of a kind that are up. */
    private List<String> up(String kind) {
        return site().path("nodes").valueStream().filter(node -> node.path("kind").asString().equalsIgnoreCase(kind) && node.path("health").asString().equalsIgnoreCase("up"))
                .map(node -> node.path("id").asString()).toList();
    }

    private JsonNode site() {
        try {
            String console = Running.in(folder.resolve(".banyan")).console();
            return new JsonMapper().readTree(http.send(HttpRequest.newBuilder(URI.create(console + "/api/site")).build(), BodyHandlers.ofString()).body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the console does not answer: " + log(), e);
        }
    }

    private void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until || !process.isAlive()) {
                throw new AssertionError("did not happen in " + PATIENCE.toSeconds() + " s: " + what + "\n" + log());
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("up.log"));
        } catch (IOException e) {
            return "";
        }
    }

    /** What still runs of a site that has ended, by the mark that each of its processes carries. */
    static List<ProcessHandle> processesOf(Path folder) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> process.info().commandLine().orElse("").contains(folder.toString())).toList();
        }
    }

    /** Ctrl-C. */
    @Override
    public void close() throws Exception {
        http.close();
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("banyan up did not end within 30 s of SIGTERM:\n" + log());
        }
    }
}
