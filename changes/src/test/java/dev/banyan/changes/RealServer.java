package dev.banyan.changes;

import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The embedded PostgreSQL at a free port of 127.0.0.1, which keeps its port and its data when it is killed and started again. */
final class RealServer implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Path folder;
    private final int port;
    private final List<String> settings;
    private Process process;

    private RealServer(Path folder, List<String> settings) throws IOException {
        this.folder = folder;
        this.settings = settings;
        this.port = freePort();
    }

    /** Makes one, with {@code wal_level = logical}, and starts it. */
    static RealServer start(Path folder, String... settings) throws Exception {
        RealServer server = new RealServer(folder, List.of(settings));
        run("initdb", "--pgdata=" + server.data(), "--username=admin", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C");
        server.start();
        return server;
    }

    /** A standby of this one, which follows it, from a copy of its files. Its slots are not in it. */
    RealServer standby(Path place, String... more) throws Exception {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(more));
        all.add("primary_conninfo=host=127.0.0.1 port=" + port + " user=admin dbname=postgres");
        RealServer standby = new RealServer(place, all);
        try (Connection connection = connect(); var statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('copy', true)");
            copy(data(), standby.data());
            try (var stop = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                stop.next();
                Files.writeString(standby.data().resolve("backup_label"), stop.getString(1));
            }
        }
        copy(data().resolve("pg_wal"), standby.data().resolve("pg_wal"));
        Files.createFile(standby.data().resolve("standby.signal"));
        Files.setPosixFilePermissions(standby.data(), PosixFilePermissions.fromString("rwx------"));
        standby.start();
        return standby;
    }

    /** Starts it and waits until it answers. */
    void start() throws Exception {
        List<String> command = command("postgres", "-D", data().toString(), "-p", "" + port, "-h", "127.0.0.1", "-k", "", "-F");
        for (String setting : List.of("wal_level=logical", "max_connections=40", "shared_buffers=32MB", "log_min_messages=info")) {
            command.addAll(List.of("-c", setting));
        }
        for (String setting : settings) {
            command.addAll(List.of("-c", setting));
        }
        Path log = folder.resolve("log");
        process = run(command, log);
        long end = System.nanoTime() + START_NANOS;
        while (true) {
            try (Connection _ = connect()) {
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("PostgreSQL did not start: " + Files.readString(log), e);
                }
                if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                    process = run(command, log); // the last processes of one that was killed may still be there
                }
            }
        }
    }

    private static Process run(List<String> command, Path log) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    }

    Primary primary(long epoch) {
        return primaryAs("admin", "", epoch);
    }

    Primary primaryAs(String user, String password, long epoch) {
        return new Primary(new HostPort("127.0.0.1", port), "postgres", user, new Secret(password), Map.of("sslmode", "disable", "gssEncMode", "disable"), epoch);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=admin&sslmode=disable&gssEncMode=disable");
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect(); var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    String ask(String sql) throws SQLException {
        try (Connection connection = connect(); var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** As a power failure. */
    void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
    }

    /** A fast shutdown, waited for. */
    boolean stop(long seconds) throws Exception {
        new ProcessBuilder("kill", "-INT", "" + postmaster()).start().waitFor();
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    /** To all of its processes. */
    void signal(String name) throws Exception {
        for (ProcessHandle one : (Iterable<ProcessHandle>) Stream.concat(Stream.of(process.toHandle()), process.descendants())::iterator) {
            new ProcessBuilder("kill", "-" + name, "" + one.pid()).start().waitFor();
        }
    }

    private String postmaster() throws IOException {
        return Files.readAllLines(data().resolve("postmaster.pid")).getFirst();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    private Path data() {
        return folder.resolve("data");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String name = from.relativize(path).toString();
                if (name.equals("postmaster.pid") || name.startsWith("pg_replslot/")) {
                    continue;
                }
                Path there = to.resolve(name);
                if (Files.isDirectory(path)) {
                    Files.createDirectories(there);
                } else if (Files.exists(path)) {
                    Files.copy(path, there, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command(command)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command[0] + ": " + said);
        }
    }

    /** PostgreSQL refuses to run as root. */
    private static List<String> command(String... command) throws IOException {
        List<String> all = new ArrayList<>(System.getProperty("user.name").equals("root") ? List.of("unshare", "-U") : List.of());
        all.add(programs().resolve("bin").resolve(command[0]).toString());
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
        try (InputStream packed = RealServer.class.getResourceAsStream("/postgres-" + os + "-" + arch + ".txz");
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
