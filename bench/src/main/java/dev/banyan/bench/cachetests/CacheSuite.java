package dev.banyan.bench.cachetests;

import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The suite: its origin server, and its client with a runner of ours around it. As npm has it, installed once, or a newer form of it in a clone of its repository.
 *
 * @param folder of the package, or of the clone
 * @param name which form it is
 */
record CacheSuite(Path folder, String name) {
    static final String VERSION = "0.4.5";
    /** Longer than the suite's own pause between two requests (3 s), shorter than what would make a run with many cut answers last. */
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int INSTALL_MINUTES = 2;
    /** A run takes half of one, most of it the suite's pauses. */
    private static final int RUN_MINUTES = 2;

    /** Installs it below this folder, unless it is there already. Needs npm, and its registry the first time. */
    static CacheSuite in(TestBed bed, Path home) throws IOException, InterruptedException {
        Path ready = home.resolve("http-cache-tests-" + VERSION);
        Path folder = ready.resolve("node_modules/http-cache-tests");
        if (!Files.exists(folder)) {
            Path unfinished = Files.createDirectories(Files.createDirectories(home).resolve("unfinished-" + ProcessHandle.current().pid()));
            Files.writeString(unfinished.resolve("package.json"), """
                    {"private": true, "dependencies": {"http-cache-tests": "%s", "node-fetch": "2.7.0"}, "overrides": {"npm": "npm:webidl-conversions@3.0.1"}}
                    """.formatted(VERSION)); // it names npm 6 among what it needs, 33 MB that its tests never load
            install(bed, unfinished);
            try {
                Files.move(unfinished, ready, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!Files.exists(folder)) { // else another has been faster
                    throw e;
                }
            }
        }
        return new CacheSuite(folder, VERSION);
    }

    /** The form that a clone of the suite's repository holds, which keeps server and client below a folder {@code test-engine}. */
    static CacheSuite cloned(Path folder) {
        if (!Files.exists(folder.resolve("test-engine/client/runner.mjs"))) {
            throw new IllegalArgumentException(folder + " holds no test-engine/client/runner.mjs: not a clone of https://github.com/http-tests/cache-tests");
        }
        return new CacheSuite(folder, "at " + folder.getFileName());
    }

    private Path server() {
        Path packaged = folder.resolve("server/server.mjs");
        return Files.exists(packaged) ? packaged : folder.resolve("test-engine/server/server.mjs");
    }

    private static void install(TestBed bed, Path folder) throws IOException, InterruptedException {
        Path log = folder.resolve("npm.log");
        Process npm = bed.start(new ProcessBuilder("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock",
                "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000") // without a network this ends soon
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()));
        boolean ended = npm.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
        TestBed.end(npm);
        if (!ended || npm.exitValue() != 0) {
            throw new Unreachable("npm could not install http-cache-tests " + VERSION + " (is its registry within reach? see " + log + "): " + Files.readString(log).lines().findFirst().orElse("it said nothing"));
        }
    }

    /** The suite cannot be had, as without a network: nothing is known of the cache. */
    static final class Unreachable extends IOException {
        private static final long serialVersionUID = 1;

        Unreachable(String message) {
            super(message);
        }
    }

    /** How its origin server is run, on loopback; to be started with {@link #environment}. */
    List<String> origin(TestBed bed) throws IOException {
        return List.of("node", "--no-warnings", "--require", script(bed, "loopback.cjs").toString(), server().toString());
    }

    /** What the server is told by npm when it is run as its page says. */
    static Map<String, String> environment(TestBed bed, int port) {
        return Map.of("npm_config_protocol", "http", "npm_config_port", String.valueOf(port), "npm_config_pidfile", bed.folder().resolve("suite.pid").toString());
    }

    /** Runs all tests, or one, against the cache at this port, and says what came of it. */
    JsonNode run(TestBed bed, int port, Optional<String> only) throws IOException, InterruptedException {
        return run(bed, "http://127.0.0.1:" + port, only);
    }

    /** What the tests are, without a run. */
    JsonNode tests(TestBed bed) throws IOException, InterruptedException {
        return run(bed, "-", Optional.empty());
    }

    private JsonNode run(TestBed bed, String base, Optional<String> only) throws IOException, InterruptedException {
        Path report = bed.folder().resolve("report.json");
        Path log = bed.folder().resolve("client.log");
        List<String> command = new ArrayList<>(List.of(
                "node", "--no-warnings", script(bed, "runner.mjs").toString(), folder.toString(), base, report.toString(), String.valueOf(PATIENCE_MILLIS)));
        only.ifPresent(command::add);
        Process client = bed.start(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()));
        boolean ended = client.waitFor(RUN_MINUTES, TimeUnit.MINUTES);
        TestBed.end(client);
        if (only.isPresent()) {
            System.err.print(Files.readString(log, StandardCharsets.UTF_8));
        }
        if (!ended || client.exitValue() != 0) {
            throw new IOException("the suite's client " + (ended ? "ended with " + client.exitValue() : "did not end within " + RUN_MINUTES + " minutes") + ": " + Files.readString(log));
        }
        return new JsonMapper().readTree(Files.readString(report));
    }

    private static Path script(TestBed bed, String name) throws IOException {
        Path file = bed.folder().resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = CacheSuite.class.getResourceAsStream(name)) {
                Files.copy(in, file);
            }
        }
        return file;
    }
}
