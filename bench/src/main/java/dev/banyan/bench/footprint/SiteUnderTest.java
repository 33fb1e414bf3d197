package dev.banyan.bench.footprint;

import dev.banyan.bench.bed.Memory;
import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A site in a temporary folder, started as a user would: {@link TinyApplication} and an embedded PostgreSQL. */
final class SiteUnderTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final long LOOK_EVERY_MILLIS = 3;

    private final TestBed bed;
    private final List<String> banyan;
    private final Path folder;
    private final JsonMapper json = new JsonMapper();
    private Process process;

    /** @param banyan the command, ready to run, without a verb */
    SiteUnderTest(TestBed bed, List<String> banyan) throws IOException {
        this.bed = bed;
        this.banyan = List.copyOf(banyan);
        this.folder = Files.createDirectories(bed.folder().resolve("site"));
        Files.writeString(folder.resolve("site.yaml"), """
                site: footprint
                application:
                  command: ["%s", -XX:+UseSerialGC, -Xmx32m, -cp, "%s", %s]
                database: {kind: postgresql, router: {listen: "127.0.0.1:0"}}
                front-door: {listen: "127.0.0.1:0"}
                console: {listen: "127.0.0.1:0"}
                """.formatted(ProcessHandle.current().info().command().orElse("java"), classes(), TinyApplication.class.getName()));
    }

    private static String classes() {
        return Path.of(TinyApplication.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
    }

    /**
     * How long a start took.
     *
     * @param console seconds from the launcher's start to the console's first answer
     * @param site seconds from there to the first 200 of the site
     */
    record Start(double console, double site) {}

    /** Starts it, and waits until it serves. */
    Start start() throws IOException, InterruptedException {
        long began = System.nanoTime();
        process = bed.start(new ProcessBuilder(Stream.concat(banyan.stream(), Stream.of("up")).toList()).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(bed.folder().resolve("up.log").toFile()));
        JsonNode running = awaitRunning(began);
        awaitOk(running.get("console").asString() + "/", began);
        double console = seconds(began);
        awaitOk(running.get("frontDoor").get(0).asString() + "/", began);
        return new Start(console, seconds(began));
    }

    private JsonNode awaitRunning(long began) throws IOException, InterruptedException {
        Path file = folder.resolve(".banyan/running.json");
        while (!Files.exists(file)) {
            lookAgain("the console does not listen", began);
        }
        return json.readTree(Files.readString(file)); // it appears by a rename, whole
    }

    private void awaitOk(String url, long began) throws IOException, InterruptedException {
        while (status(url).orElse(0) != 200) {
            lookAgain(url + " does not answer with 200", began);
        }
    }

    private static Optional<Integer> status(String url) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setReadTimeout(10_000);
            return Optional.of(connection.getResponseCode());
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    private void lookAgain(String what, long began) throws IOException, InterruptedException {
        if (!process.isAlive() || System.nanoTime() - began > PATIENCE_NANOS) {
            throw new IOException(what + ", " + Math.round(seconds(began)) + " s after 'banyan up': " + Files.readString(bed.folder().resolve("up.log")));
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Memory of the running site's parts, each the sum over its processes. */
    record Parts(Memory banyan, Memory postgresql, Memory application) {}

    /** A process may end while it is looked at, as a server's processes for single connections do: it is left out. */
    Parts memory() throws IOException {
        Memory postgresql = new Memory(0, 0);
        Memory application = new Memory(0, 0);
        for (ProcessHandle child : process.descendants().toList()) {
            try {
                boolean database = Files.readString(Path.of("/proc/" + child.pid() + "/comm")).startsWith("postgres");
                Memory memory = Memory.of(child.pid());
                postgresql = database ? postgresql.plus(memory) : postgresql;
                application = database ? application : application.plus(memory);
            } catch (IOException e) {
                if (child.info().command().isPresent()) { // neither ended nor a zombie
                    throw e;
                }
            }
        }
        return new Parts(Memory.of(process.pid()), postgresql, application);
    }

    /** Ctrl-C, and waits until all of it has ended. */
    void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IOException("'banyan up' did not end within 30 s: " + Files.readString(bed.folder().resolve("up.log")));
        }
    }
}
