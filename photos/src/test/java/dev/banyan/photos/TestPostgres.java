package dev.banyan.photos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * One real PostgreSQL for all tests of this module, from Maven Central's binaries; a database of its own for each test class. As root, which
 * PostgreSQL refuses, it runs in a user namespace ({@code unshare -U}). It ends with the JVM.
 */
final class TestPostgres {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static final class Running {
        static final int PORT = start();
    }

    private TestPostgres() {}

    /** A JDBC URL of a new, empty database. */
    static String newDatabase() {
        String name = "photos" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return url(name);
    }

    /** Settings for an instance on that database, on any free port. */
    static Settings settings(String url, String instance) {
        return Settings.from(Map.of("PORT", "0", "HOST", "127.0.0.1", "BANYAN_INSTANCE", instance, "JDBC_DATABASE_URL", url, "PASSWORD_ROUNDS", "1000"));
    }

    /** The same with a cache. */
    static Settings settings(String url, String instance, String redis) {
        return Settings.from(Map.of("PORT", "0", "HOST", "127.0.0.1", "BANYAN_INSTANCE", instance, "JDBC_DATABASE_URL", url, "PASSWORD_ROUNDS", "1000", "REDIS_URL", redis));
    }

    private static String url(String name) {
        return "jdbc:postgresql://127.0.0.1:" + Running.PORT + "/" + name + "?user=postgres";
    }

    private static void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url("postgres")); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int start() {
        try {
            Path home = unpacked();
            Path data = Files.createTempDirectory(Path.of("target"), "postgres-data-").toAbsolutePath();
            run(command(home.resolve("bin/initdb"), "-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
            int port = freePort();
            Process postgres = new ProcessBuilder(command(home.resolve("bin/postgres"), "-D", data.toString(), "-p", Integer.toString(port),
                    "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "shared_buffers=32MB"))
                    .redirectErrorStream(true).redirectOutput(data.resolve("postgres.log").toFile()).start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(postgres, data)));
            await(postgres, port, data);
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> command(Path program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " ended with " + process.exitValue() + ":\n" + output);
        }
    }

    private static void await(Process postgres, int port, Path data) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres")) {
                connection.isValid(5);
                return;
            } catch (SQLException e) {
                if (!postgres.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException("PostgreSQL did not start:\n" + Files.readString(data.resolve("postgres.log")), e);
                }
                postgres.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** SIGINT would be "fast"; Java sends SIGTERM, "smart", which waits for clients that are gone by now. */
    private static void stop(Process postgres, Path data) {
        try {
            postgres.destroy();
            if (!postgres.waitFor(3, TimeUnit.SECONDS)) {
                postgres.descendants().forEach(ProcessHandle::destroyForcibly);
                postgres.destroyForcibly().waitFor();
            }
            try (var files = Files.walk(data)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("test PostgreSQL was not cleaned up: " + e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The archive's content under target/, unpacked once a version: first beside it, then moved, so that half of it is never taken for the whole. */
    private static Path unpacked() throws IOException {
        String archive = archive();
        Path home = Path.of("target", "postgres-" + archive.replaceAll("[^A-Za-z0-9_-]", "") + "-" + size(archive)).toAbsolutePath();
        if (Files.isDirectory(home)) {
            return home;
        }
        Files.createDirectories(home.getParent());
        Path part = Files.createTempDirectory(home.getParent(), "postgres-part-");
        try (InputStream in = TestPostgres.class.getResourceAsStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, part.resolve(entry.getName()).normalize());
            }
        }
        return Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path to) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(to);
            return;
        }
        Files.createDirectories(to.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(to, Path.of(entry.getLinkName()));
            return;
        }
        try (OutputStream out = Files.newOutputStream(to)) {
            tar.transferTo(out);
        }
        if ((entry.getMode() & 0100) != 0) {
            Set<PosixFilePermission> all = EnumSet.allOf(PosixFilePermission.class);
            all.removeAll(Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE));
            Files.setPosixFilePermissions(to, all);
        }
    }

    private static String archive() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String cpu = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        return "/postgres-" + os + "-" + cpu + ".txz";
    }

    private static int size(String archive) throws IOException {
        try (InputStream in = TestPostgres.class.getResourceAsStream(archive)) {
            return in.available();
        }
    }
}
