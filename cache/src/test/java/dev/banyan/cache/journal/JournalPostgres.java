package dev.banyan.cache.journal;

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
import java.sql.ResultSet;
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

/** A real PostgreSQL at a free port of 127.0.0.1 that can be killed and started again; its superuser {@code admin} needs no password. */
final class JournalPostgres implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Path folder;
    private final Path programs;
    private final int port;
    private Process process;

    private JournalPostgres(Path folder, Path programs, int port) {
        this.folder = folder;
        this.programs = programs;
        this.port = port;
    }

    static JournalPostgres start(Path folder) {
        try {
            Path programs = programs();
            JournalPostgres server = new JournalPostgres(folder, programs, freePort());
            run(programs, "initdb", "--pgdata=" + folder.resolve("data"), "--username=admin", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C");
            server.start();
            return server;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Also after {@link #kill}. */
    void start() throws IOException, InterruptedException {
        Files.deleteIfExists(folder.resolve("data/postmaster.pid"));
        process = new ProcessBuilder(command(programs, "postgres", "-D", folder.resolve("data").toString(), "-p", "" + port, "-h", "127.0.0.1", "-k", "", "-c", "shared_buffers=32MB"))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())).start();
        Instant end = Instant.now().plus(START);
        while (true) {
            try (Connection _ = connect()) {
                return;
            } catch (SQLException e) {
                if (Instant.now().isAfter(end) || process.waitFor(20, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("PostgreSQL did not start: " + Files.readString(folder.resolve("log")), e);
                }
            }
        }
    }

    int port() {
        return port;
    }

    Connection connect() throws SQLException {
        return connect(port);
    }

    /** Through something else that listens for it. */
    static Connection connect(int port) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=admin&sslmode=disable&gssEncMode=disable&connectTimeout=5&socketTimeout=20");
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect(); var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Rows as text, columns with a comma between, NULL as {@code null}. */
    List<String> rows(String sql) throws SQLException {
        try (Connection connection = connect(); var statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                StringBuilder text = new StringBuilder();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    text.append(i == 1 ? "" : ",").append(row.getString(i));
                }
                rows.add(text.toString());
            }
            return rows;
        }
    }

    /** SIGKILL to all its processes, in the middle of whatever they do. */
    void kill() throws InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
        for (ProcessHandle each : all) {
            while (each.isAlive()) {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void run(Path programs, String... command) throws IOException, InterruptedException {
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
        Path programs = target.resolve("journal-postgresql");
        try (FileChannel lock = FileChannel.open(target.resolve("journal-postgresql.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE); var _ = lock.lock()) {
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
        try (InputStream packed = JournalPostgres.class.getResourceAsStream("/postgres-" + os + "-" + arch + ".txz");
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
