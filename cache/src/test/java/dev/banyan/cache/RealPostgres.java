package dev.banyan.cache;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The embedded PostgreSQL at a free port of 127.0.0.1, with a superuser {@code admin} that needs no password. */
final class RealPostgres implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;
    private final int port;

    private RealPostgres(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Makes and starts one. */
    static RealPostgres start(Path folder, String... settings) throws Exception {
        Path programs = programs();
        Path data = folder.resolve("data");
        run(programs, "initdb", "--pgdata=" + data, "--username=admin", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C");
        Files.write(data.resolve("pg_hba.conf"), List.of("host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"));
        int port = freePort();
        List<String> command = command(programs, "postgres", "-D", data.toString(), "-p", "" + port, "-h", "127.0.0.1", "-k", "", "-F");
        for (String setting : settings) {
            command.addAll(List.of("-c", setting));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        RealPostgres server = new RealPostgres(process, port);
        server.awaitReady(folder.resolve("log"));
        return server;
    }

    private void awaitReady(Path log) throws Exception {
        Instant end = Instant.now().plus(START);
        while (true) {
            try (Connection _ = admin()) {
                return;
            } catch (SQLException e) {
                if (Instant.now().isAfter(end) || process.waitFor(20, TimeUnit.MILLISECONDS)) {
                    close();
                    throw new IllegalStateException("PostgreSQL did not start: " + Files.readString(log), e);
                }
            }
        }
    }

    int port() {
        return port;
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?sslmode=disable";
    }

    Connection admin() throws SQLException {
        return DriverManager.getConnection(url(), "admin", "");
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = admin(); var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** As a power failure. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(); // onExit would need a thread of the common pool, which a property that shrinks may keep for itself
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void run(Path programs, String... command) throws Exception {
        Process process = new ProcessBuilder(command(programs, command)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command[0] + ": " + said);
        }
    }

    /** PostgreSQL refuses to run as root. */
    private static List<String> command(Path programs, String... command) {
        List<String> all = new ArrayList<>(System.getProperty("user.name").equals("root") ? List.of("unshare", "-U") : List.of());
        all.add(programs.resolve("bin").resolve(command[0]).toString());
        all.addAll(List.of(command).subList(1, command.length));
        return all;
    }

    /** Unpacked once a build folder. */
    private static Path programs() throws IOException {
        Path target = Path.of("target").toAbsolutePath();
        Path programs = target.resolve("postgresql");
        try (FileChannel lock = FileChannel.open(target.resolve("postgresql.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE); var _ = lock.lock()) {
            if (!Files.exists(programs.resolve("whole"))) {
                unpack(programs);
                Files.createFile(programs.resolve("whole"));
            }
        }
        return programs;
    }

    private static void unpack(Path into) throws IOException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        try (InputStream packed = RealPostgres.class.getResourceAsStream("/postgres-" + os + "-" + arch + ".txz");
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = into.resolve(entry.getName()).normalize();
                Files.createDirectories(entry.isDirectory() ? path : path.getParent());
                Files.deleteIfExists(entry.isDirectory() ? path.resolve("none") : path);
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (entry.isFile()) {
                    Files.copy(tar, path);
                    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString((entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }
}
