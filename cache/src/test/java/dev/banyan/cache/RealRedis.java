package dev.banyan.cache;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The embedded Redis at a free port of 127.0.0.1. */
final class RealRedis implements AutoCloseable {
    private final Process process;
    private final int port;

    private RealRedis(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static RealRedis start(Path folder) throws Exception {
        return start(folder, freePort());
    }

    static RealRedis start(Path folder, int port) throws Exception {
        Files.createDirectories(folder);
        Process process = new ProcessBuilder(program(folder).toString(), "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("redis.log").toFile()).start();
        RealRedis redis = new RealRedis(process, port);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() - end < 0) {
            try (RedisStore store = new RedisStore(port)) {
                if (store.ready()) {
                    return redis;
                }
            }
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new IllegalStateException("Redis did not start: " + Files.readString(folder.resolve("redis.log")));
    }

    int port() {
        return port;
    }

    RedisStore store() {
        return new RedisStore(port);
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path program(Path folder) throws Exception {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        Path program = folder.resolve("redis-server");
        try (InputStream in = RealRedis.class.getResourceAsStream("/redis-server-7.0.15-" + os + "-" + (arm ? "arm64" : "amd64"))) {
            Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
