package dev.banyan.cache.journal;

import dev.banyan.testing.EmbeddedPostgres;
import dev.banyan.testing.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real PostgreSQL at a free port of 127.0.0.1 that can be killed and started again; its superuser {@code admin} needs no password. */
final class JournalPostgres implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Path folder;
    private final int port;
    private Process process;

    private JournalPostgres(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    static JournalPostgres start(Path folder) {
        try {
            JournalPostgres server = new JournalPostgres(folder, FreePort.choose());
            EmbeddedPostgres.makeData(folder.resolve("data"));
            server.start();
            return server;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Also after {@link #kill}. */
    void start() throws IOException, InterruptedException {
        Files.deleteIfExists(folder.resolve("data/postmaster.pid"));
        process = new ProcessBuilder(EmbeddedPostgres.command("postgres", "-D", folder.resolve("data").toString(), "-p", "" + port, "-h", "127.0.0.1", "-k", "", "-c", "shared_buffers=32MB"))
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
        EmbeddedPostgres.kill(process);
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
