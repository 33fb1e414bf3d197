package dev.banyan.changes;

import dev.banyan.testing.EmbeddedPostgres;
import dev.banyan.testing.FreePort;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The embedded PostgreSQL at a free port of 127.0.0.1, which keeps its port and its data when it is killed and started again. */
final class RealServer implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Path folder;
    private final int port;
    private final List<String> settings;
    private Process process;

    private RealServer(Path folder, List<String> settings) {
        this.folder = folder;
        this.settings = settings;
        this.port = FreePort.choose();
    }

    /** Makes one, with {@code wal_level = logical}, and starts it. */
    static RealServer start(Path folder, String... settings) throws Exception {
        RealServer server = new RealServer(folder, List.of(settings));
        EmbeddedPostgres.makeData(server.data());
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
        List<String> command = EmbeddedPostgres.command("postgres", "-D", data().toString(), "-p", "" + port, "-h", "127.0.0.1", "-k", "", "-F");
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
        EmbeddedPostgres.kill(process);
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
}
