package dev.banyan.cli;

import dev.banyan.net.Clock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A Redis that the site's user runs, at the same port each time that it is started. */
final class OwnRedis implements AutoCloseable {
    private static final String PASSWORD = "as-its-owner-likes";
    private static final String VERSION = "7.0.15";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path program;
    private final int port;
    private Process process;

    /** Not started yet. @param folder where its program is unpacked */
    OwnRedis(Path folder, int port) throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        this.program = folder.resolve("redis-server");
        this.port = port;
        try (InputStream in = OwnRedis.class.getResourceAsStream("/redis-server-" + VERSION + "-" + system + "-" + processor)) {
            Files.copy(in, program);
        }
        program.toFile().setExecutable(true);
    }

    /** What a site file's cache.url says of it. */
    String url() {
        return "redis://:" + PASSWORD + "@127.0.0.1:" + port;
    }

    /** Empty; returns when it answers. */
    void start() throws IOException {
        process = new ProcessBuilder(program.toString(), "--bind", "127.0.0.1", "--port", "" + port, "--requirepass", PASSWORD, "--save", "")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        long deadline = Clock.system().nanos() + PATIENCE.toNanos();
        while (!answers()) {
            if (Clock.system().nanos() > deadline) {
                throw new IOException("Redis at port " + port + " does not answer");
            }
            Thread.onSpinWait();
        }
    }

    private boolean answers() {
        try {
            ask("PING");
            return true;
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    /** The lines of an answer that is a list of strings. */
    List<String> ask(String command) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(("AUTH " + PASSWORD + "\r\n" + command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            List<String> words = new ArrayList<>();
            in.readLine();
            String head = in.readLine();
            for (int i = 0; head != null && head.startsWith("*") && i < Integer.parseInt(head.substring(1)); i++) {
                in.readLine();
                words.add(in.readLine());
            }
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a power cut does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
