package dev.banyan.cache;

import dev.banyan.testing.EmbeddedRedis;
import dev.banyan.testing.FreePort;
import java.nio.file.Files;
import java.nio.file.Path;
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
        return start(folder, FreePort.choose());
    }

    static RealRedis start(Path folder, int port) throws Exception {
        Files.createDirectories(folder);
        Process process = new ProcessBuilder(EmbeddedRedis.program().toString(), "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.toString())
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
