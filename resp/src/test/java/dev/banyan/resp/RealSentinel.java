package dev.banyan.resp;

import dev.banyan.testing.EmbeddedRedis;
import dev.banyan.testing.FreePort;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Sentinel for a test, which watches one primary called {@code mymaster}. Closing ends it. */
final class RealSentinel implements AutoCloseable {
    private final Process process;
    private final HostPort at;

    private RealSentinel(Process process, HostPort at) {
        this.process = process;
        this.at = at;
    }

    /**
     * @param quorum how many must agree that the primary is down
     * @param password of the primary and its replicas
     */
    static RealSentinel watching(HostPort primary, int quorum, String password) {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "redis").toAbsolutePath()), "sentinel");
            int port = FreePort.choose();
            Path settings = Files.write(folder.resolve("sentinel.conf"), List.of(
                    "port " + port, "bind 127.0.0.1", "dir " + folder,
                    "sentinel monitor mymaster " + primary.host() + " " + primary.port() + " " + quorum,
                    "sentinel auth-pass mymaster " + password,
                    "sentinel down-after-milliseconds mymaster 1000",
                    "sentinel failover-timeout mymaster 5000"));
            Process process = new ProcessBuilder(EmbeddedRedis.program().toString(), settings.toString(), "--sentinel").redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new RealSentinel(process, new HostPort("127.0.0.1", port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostPort at() {
        return at;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
