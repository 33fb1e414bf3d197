package dev.banyan.cli;

import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sample site in a folder and a process of its own: {@code banyan up} by this process's Java and class path, so that its memory and what is killed of it are what a user's
 * would be. Ended with everything that it started; it ends by itself when this process is killed.
 */
final class TourSite implements AutoCloseable {
    private static final Duration TO_START = Duration.ofSeconds(120);
    private static final Duration TO_STOP = Duration.ofSeconds(40);
    /** What the site's process says, in the tour's folder. */
    static final String LOG = "up.log";

    private final Path folder;
    private final Process process;
    private final AdminClient client;
    private final URI frontDoor;

    private TourSite(Path folder, Process process, URI frontDoor) {
        this.folder = folder;
        this.process = process;
        this.frontDoor = frontDoor;
        this.client = AdminClient.of(folder.resolve(Place.STATE));
    }

    /**
     * Starts it and waits until it serves.
     *
     * @param folder empty
     * @param stopped completes when it is not wanted any more
     * @throws BanyanException SITE_IS_DOWN, when it does not come up; then nothing of it runs
     */
    static TourSite up(Path folder, Path home, Loops loops, CompletableFuture<Void> stopped) {
        Path file = TourSiteFile.into(folder, home);
        Process process = start(folder, file);
        try {
            CompletableFuture<String> up = new CompletableFuture<>();
            loops.blocking().execute(() -> firstLine(process, up));
            CompletableFuture.anyOf(up, stopped).get(TO_START.toSeconds(), TimeUnit.SECONDS);
            if (!up.isDone()) {
                throw new InterruptedException("it is not wanted any more");
            }
            JsonNode said = new JsonMapper().readTree(up.get());
            return new TourSite(folder, process, URI.create(said.path("frontDoor").get(0).asString()));
        } catch (InterruptedException | ExecutionException | TimeoutException | RuntimeException e) {
            end(process);
            if (e instanceof InterruptedException) {
                throw new BanyanException(ErrorCode.SITE_IS_DOWN, "the tour was interrupted before its site was up", e);
            }
            throw new BanyanException(ErrorCode.SITE_IS_DOWN, "the tour's site " + (e instanceof TimeoutException ? "did not come up within " + TO_START.toSeconds() + " s" : "ended before it was up") + "; " + lastWords(folder) + " (" + folder.resolve(LOG) + ")", e);
        }
    }

    private static Process start(Path folder, Path file) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(word -> !word.startsWith("-agent") && !word.startsWith("-javaagent")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Banyan.class.getName(), "up", file.toString(), "--json", "--end-with", Long.toString(ProcessHandle.current().pid())));
        try {
            return new ProcessBuilder(command).redirectError(folder.resolve(LOG).toFile()).start();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "cannot start " + command.getFirst() + ": " + e, e);
        }
    }

    /** What 'up --json' says when the site is up. Its output is read to the end by nobody else, and is that line alone. */
    private static void firstLine(Process process, CompletableFuture<String> up) {
        try {
            String line = process.inputReader().readLine();
            if (line == null) {
                throw new IOException("'banyan up' ended");
            }
            up.complete(line);
        } catch (IOException e) {
            up.completeExceptionally(e);
        }
    }

    private static String lastWords(Path folder) {
        try (Stream<String> lines = Files.lines(folder.resolve(LOG))) {
            List<String> all = lines.filter(line -> !line.isBlank()).toList();
            return all.isEmpty() ? "it said nothing" : "it said last: " + all.getLast().strip();
        } catch (IOException e) {
            return "its log cannot be read";
        }
    }

    AdminClient client() {
        return client;
    }

    URI frontDoor() {
        return frontDoor;
    }

    Path stateFolder() {
        return folder.resolve(Place.STATE);
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Banyan's own and those it has on record. */
    int processes() {
        try (Stream<Path> records = Files.list(stateFolder().resolve("processes"))) {
            return 1 + (int) records.filter(record -> record.toString().endsWith(".json")).count();
        } catch (IOException e) {
            return 1;
        }
    }

    OptionalLong memoryBytes() {
        return new ProcessTree(process.toHandle()).memoryBytes();
    }

    @Override
    public void close() {
        client.close();
        end(process);
    }

    /** As Ctrl-C does; and if that does not help, the hard way, with everything below it. */
    private static void end(Process process) {
        ProcessTree tree = new ProcessTree(process.toHandle());
        process.destroy();
        try {
            if (!process.waitFor(TO_STOP.toSeconds(), TimeUnit.SECONDS)) {
                tree.kill();
            }
        } catch (InterruptedException e) {
            tree.kill();
            Thread.currentThread().interrupt();
        }
    }
}
