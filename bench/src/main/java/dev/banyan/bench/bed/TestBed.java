package dev.banyan.bench.bed;

import dev.banyan.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A benchmark's temporary folder and the programs it has started: both are gone when it closes, or when this JVM ends, by Ctrl-C too. Programs
 * are ended by their process ids, with what is below them. Safe for any thread.
 */
public final class TestBed implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 15;
    private static final FreePorts PORTS = new FreePorts();

    private final Path folder;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final Thread atExit = new Thread(this::endAndDelete, "test bed");
    private final List<Runnable> first = new CopyOnWriteArrayList<>();
    private boolean over;

    private TestBed(Path folder) {
        this.folder = folder;
    }

    /** @throws IOException when there is no room for a temporary folder */
    public static TestBed open() throws IOException {
        Path folder = Files.createTempDirectory("banyan-bench");
        // NGINX gives up root in its worker, which must still reach its folders.
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        TestBed bed = new TestBed(folder);
        Runtime.getRuntime().addShutdownHook(bed.atExit);
        return bed;
    }

    public Path folder() {
        return folder;
    }

    /** Starts a program that ends with this test bed. */
    public Process start(ProcessBuilder program) throws IOException {
        synchronized (this) {
            if (over) {
                throw new IOException("the benchmark is ending; " + program.command() + " is not started");
            }
            Process process = program.start();
            running.add(process);
            process.onExit().thenAccept(running::remove);
            return process;
        }
    }

    /** Has this done before the folder is deleted, however the end comes; it must not mind when it has been done already. */
    public void atEnd(Runnable task) {
        first.add(task);
    }

    /** Asks a program to end and gives it 15 s to end what is below it; then all that is left is killed. */
    public static void end(Process process) {
        List<ProcessHandle> below = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        below.forEach(ProcessHandle::destroyForcibly);
    }

    /** The tools among these that are on no folder of PATH. */
    public static List<String> missing(String... tools) {
        return Stream.of(tools).filter(tool -> !onPath(tool)).toList();
    }

    /**
     * Why a benchmark cannot run on this machine, as a sentence with what to do.
     *
     * @param script as its user knows it
     * @param missing what it lacks
     * @param packages of Debian that have all it needs
     * @param cores what its two cores are for
     */
    public static Optional<String> obstacle(String script, List<String> missing, String packages, String cores) {
        if (!missing.isEmpty()) {
            return Optional.of(script + " needs " + String.join(", ", missing) + "; on Debian: apt install " + packages);
        }
        return Runtime.getRuntime().availableProcessors() < 2 ? Optional.of(script + " needs two cores: " + cores) : Optional.empty();
    }

    private static boolean onPath(String tool) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(place -> Files.isExecutable(Path.of(place, tool)));
    }

    /** A port of 127.0.0.1 that nobody listens on now, and no connection of the load is given. */
    public static int freePort() {
        return PORTS.next();
    }

    @Override
    public void close() {
        endAndDelete();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            // the JVM is ending, and the hook has done this, or finds it done
        }
    }

    private synchronized void endAndDelete() {
        if (over) {
            return;
        }
        over = true;
        first.forEach(Runnable::run);
        running.forEach(TestBed::end);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("cannot delete " + folder + " (" + e.getMessage() + "); delete it by hand");
        }
    }
}
