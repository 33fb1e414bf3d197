package dev.banyan.photos;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What instances may have for a cache. */
enum TestCache {
    NONE,
    /** A Redis that knows nothing of what is declared. */
    PLAIN,
    /** One that loads and counts as site.yaml says. */
    DECLARED;

    /** The cache of one test class. */
    record Running(List<String> url, AutoCloseable what) implements AutoCloseable {
        Settings settings(String database, String instance) {
            return url.isEmpty() ? TestPostgres.settings(database, instance) : TestPostgres.settings(database, instance, url.getFirst());
        }

        @Override
        public void close() throws Exception {
            what.close();
        }
    }

    /** Before the database of that URL, whose schema may come later. */
    Running start(String database) throws IOException, InterruptedException {
        return switch (this) {
            case NONE -> new Running(List.of(), () -> { });
            case PLAIN -> plain();
            case DECLARED -> {
                DeclaredRedis redis = DeclaredRedis.before(database);
                yield new Running(List.of(redis.url()), redis);
            }
        };
    }

    private static Running plain() throws IOException, InterruptedException {
        int port = freePort();
        Process redis = new ProcessBuilder(binary().toString(), "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "", "--dir", "target")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        Runtime.getRuntime().addShutdownHook(new Thread(redis::destroyForcibly));
        await(redis, port);
        return new Running(List.of("redis://127.0.0.1:" + port), redis::destroyForcibly);
    }

    private static void await(Process redis, int port) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline || redis.waitFor(20, TimeUnit.MILLISECONDS)) {
                    throw new IOException("Redis did not start", e);
                }
            }
        }
    }

    /** The jar's binary for this machine, unpacked once: first beside its place, then moved there. */
    private static synchronized Path binary() throws IOException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String cpu = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Path place = Path.of("target", "redis-server-" + os + "-" + cpu).toAbsolutePath();
        if (!Files.exists(place)) {
            Path part = Files.createTempFile(Files.createDirectories(place.getParent()), "redis-part-", "");
            try (InputStream in = TestCache.class.getResourceAsStream("/redis-server-7.0.15-" + os + "-" + cpu)) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!part.toFile().setExecutable(true)) {
                throw new UncheckedIOException(new IOException(part + " cannot be made executable"));
            }
            Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
        }
        return place;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
