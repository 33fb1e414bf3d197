package dev.banyan.postgres.wire;

import dev.banyan.net.LocalCertificate;
import dev.banyan.postgres.Member;
import dev.banyan.testing.EmbeddedPostgres;
import dev.banyan.testing.FreePort;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The embedded PostgreSQL at a free port of 127.0.0.1, with a pg_hba.conf of the test's and a superuser {@code admin} that needs no password. */
public final class RealPostgres implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;
    private final Member member;

    private RealPostgres(Process process, Member member) {
        this.process = process;
        this.member = member;
    }

    /**
     * Makes and starts one.
     *
     * @param hba lines before the superuser's
     * @param tls with a certificate for localhost, which is returned to nobody: {@code folder/server.crt} holds it
     */
    public static RealPostgres start(Path folder, List<String> hba, boolean tls, String... settings) throws Exception {
        Path data = folder.resolve("data");
        EmbeddedPostgres.makeData(data);
        List<String> lines = new ArrayList<>(hba);
        lines.add("host all admin 127.0.0.1/32 trust");
        Files.write(data.resolve("pg_hba.conf"), lines);
        int port = FreePort.choose();
        List<String> command = EmbeddedPostgres.command("postgres", "-D", data.toString(), "-p", "" + port, "-h", "127.0.0.1", "-k", "", "-F");
        if (tls) {
            var made = LocalCertificate.make(Instant.now());
            Files.writeString(folder.resolve("server.crt"), made.certificatePem());
            Path key = Files.writeString(folder.resolve("server.key"), made.keyPem());
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            command.addAll(List.of("-c", "ssl=on", "-c", "ssl_cert_file=" + folder.resolve("server.crt"), "-c", "ssl_key_file=" + key));
        }
        for (String setting : settings) {
            command.addAll(List.of("-c", setting));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
        RealPostgres server = new RealPostgres(process, new Member("db-1", new HostPort("127.0.0.1", port)));
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

    public Member member() {
        return member;
    }

    public Connection admin() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + member.address() + "/postgres?user=admin&sslmode=disable");
    }

    public void execute(String... statements) throws SQLException {
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
