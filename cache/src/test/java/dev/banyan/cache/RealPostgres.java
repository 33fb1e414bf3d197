package dev.banyan.cache;

import dev.banyan.testing.EmbeddedPostgres;
import dev.banyan.testing.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
        Path data = folder.resolve("data");
        EmbeddedPostgres.makeData(data);
        Files.write(data.resolve("pg_hba.conf"), List.of("host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"));
        int port = FreePort.choose();
        List<String> command = EmbeddedPostgres.command("postgres", "-D", data.toString(), "-p", "" + port, "-h", "127.0.0.1", "-k", "", "-F");
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
        try {
            EmbeddedPostgres.kill(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
