package dev.banyan.resp;

import dev.banyan.testing.EmbeddedRedis;
import dev.banyan.testing.FreePort;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Redis of its own for a test: the program on the class path, on a free port, with nothing on disk but its log. Closing ends it. */
public final class RealRedis implements AutoCloseable {
    private static final int TRIES = 3;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Process process;
    private final HostPort at;

    private RealRedis(Process process, HostPort at) {
        this.process = process;
        this.at = at;
    }

    /** Starts one and waits until it answers; {@code options} are added to its command line. */
    public static RealRedis start(String... options) {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "redis").toAbsolutePath()), "node");
            IOException last = null;
            for (int i = 0; i < TRIES; i++) {
                try {
                    return start(folder, FreePort.choose(), List.of(options));
                } catch (IOException e) {
                    last = e; // another may have taken the port in between
                }
            }
            throw last;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one that listens where another has. */
    public static RealRedis startAt(int port, String... options) {
        try {
            return start(Files.createTempDirectory(Files.createDirectories(Path.of("target", "redis").toAbsolutePath()), "node"), port, List.of(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RealRedis start(Path folder, int port, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(EmbeddedRedis.program().toString(), "--bind", "127.0.0.1", "--port", String.valueOf(port), "--save", "", "--dir", folder.toString()));
        command.addAll(options);
        Path log = folder.resolve("redis.log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        RealRedis redis = new RealRedis(process, new HostPort("127.0.0.1", port));
        long began = System.nanoTime();
        while (!redis.answers()) {
            if (!process.isAlive() || System.nanoTime() - began > PATIENCE_NANOS) {
                process.destroyForcibly();
                throw new IOException("Redis at port " + port + " does not answer: " + Files.readString(log));
            }
            Thread.onSpinWait();
        }
        return redis;
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(at.host(), at.port()), 1000);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() > 0; // -NOAUTH is an answer too
        } catch (IOException _) {
            return false;
        }
    }

    public HostPort at() {
        return at;
    }

    /** As a node of the cache. */
    public Node node(String name) {
        return new Node(name, at);
    }

    public long pid() {
        return process.pid();
    }

    /** Ends it as a power cut does. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
