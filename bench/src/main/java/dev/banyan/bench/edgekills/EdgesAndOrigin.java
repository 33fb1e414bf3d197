package dev.banyan.bench.edgekills;

import dev.banyan.bench.bed.LoneProgram;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.bench.edge.LoneEdge;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An origin and edges before it, each a process of its own at a port of its own, which it keeps when it is started again. Owned by one thread. */
final class EdgesAndOrigin {
    private static final int PATIENCE_SECONDS = 20;

    private final TestBed bed;
    private final int originPort = TestBed.freePort();
    private final List<Integer> ports = new ArrayList<>();
    private final List<Process> edges = new ArrayList<>();
    private Process origin;

    EdgesAndOrigin(TestBed bed, int count) throws IOException, InterruptedException {
        this.bed = bed;
        startOrigin();
        for (int i = 0; i < count; i++) {
            ports.add(TestBed.freePort());
            edges.add(null);
            startEdge(i);
        }
    }

    List<Integer> ports() {
        return List.copyOf(ports);
    }

    void startOrigin() throws IOException, InterruptedException {
        origin = start("origin", PlainOrigin.class, originPort, List.of(String.valueOf(originPort)));
    }

    void startEdge(int number) throws IOException, InterruptedException {
        edges.set(number, start("edge-" + (number + 1), LoneEdge.class, ports.get(number), List.of(String.valueOf(ports.get(number)), String.valueOf(originPort))));
    }

    /** SIGKILL; returns when it is dead. */
    void killOrigin() throws InterruptedException {
        origin.destroyForcibly().waitFor();
    }

    void killEdge(int number) throws InterruptedException {
        edges.get(number).destroyForcibly().waitFor();
    }

    /** Returns when it listens. */
    private Process start(String name, Class<?> program, int port, List<String> arguments) throws IOException, InterruptedException {
        Path log = bed.folder().resolve(name + ".log");
        Process process = bed.start(new ProcessBuilder(LoneProgram.command(program, arguments)).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try (Socket _ = new Socket("127.0.0.1", port)) {
                return process;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > until) {
                    throw new IOException(name + " does not listen: " + Files.readString(log), notYet);
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
