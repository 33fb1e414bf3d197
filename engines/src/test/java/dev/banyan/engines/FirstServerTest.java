package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Database;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.SiteName;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL, in a folder of its own for each test. */
class FirstServerTest {
    private static final SiteName SITE = MadeOnce.SITE;

    @TempDir
    private Path folder;

    private Workplace place;

    @BeforeEach
    void open() {
        place = new Workplace(folder);
    }

    @AfterEach
    void close() throws IOException {
        Orphans.end(place.folder, Clock.system());
        place.close();
        UnpackedOnce.outOf(place.folder);
    }

    @Test
    void keepsRowsAndItsPort_overACleanStopAndANewStart() throws Exception {
        MadeOnce.into(place.folder);
        RunningPostgres first = start();
        sql(first, "CREATE TABLE photo (id bigint PRIMARY KEY, title text)", "INSERT INTO photo VALUES (1, 'Schönbrunn')");
        first.stop();
        assertThat(place.heard(ProcessEvent.Stopped.class)).containsExactly(new ProcessEvent.Stopped("db-1", false));
        assertThat(Kin.of(place.folder, ProcessTable.ofThisMachine()).find(ProcessTable.ofThisMachine())).isEmpty();

        RunningPostgres second = start();
        assertThat(one(second, "SELECT title FROM photo")).isEqualTo("Schönbrunn");
        assertThat(second.endpoint()).isEqualTo(first.endpoint());
        assertThat(second.recentLines(50)).noneMatch(line -> line.contains("not properly shut down"));
        second.stop();
    }

    @Test
    void comesBackByItselfWithEveryAcknowledgedRow_whenThePostmasterIsKilled() throws Exception {
        MadeOnce.into(place.folder);
        RunningPostgres postgres = start();
        sql(postgres, "CREATE TABLE photo (id bigint)", "INSERT INTO photo VALUES (42)");
        Signal.KILL.send(place.heard(ProcessEvent.Started.class).getFirst().pid());
        Workplace.await(() -> place.heard(ProcessEvent.Started.class).size() == 2 && postgres.answers());
        assertThat(one(postgres, "SELECT id FROM photo")).isEqualTo("42");
        assertThat(place.heard(ProcessEvent.Exited.class).getFirst().code()).isEqualTo(128 + 9);
        assertThat(postgres.recentLines(50)).anyMatch(line -> line.contains("automatic recovery in progress"));
        postgres.stop();
    }

    @Test
    void comesBack_thoughAClientsQueryRunsOnWhenThePostmasterIsKilled() throws Exception {
        MadeOnce.into(place.folder);
        RunningPostgres postgres = start();
        Future<?> busy = place.loops.blocking().submit(() -> one(postgres, "SELECT count(*) FROM generate_series(1, 1000000000) a, generate_series(1, 10) b"));
        try (Connection admin = DriverManager.getConnection(postgres.admin().jdbcUrl().reveal())) {
            Workplace.await(() -> isBusy(admin));
        }
        Signal.KILL.send(place.heard(ProcessEvent.Started.class).getFirst().pid());
        Workplace.await(() -> place.heard(ProcessEvent.Started.class).size() == 2 && postgres.answers());
        assertThat(place.heard(ProcessEvent.Exited.class)).as("one start was enough").hasSize(1);
        assertThatThrownBy(busy::get).hasCauseInstanceOf(SQLException.class);
        postgres.stop();
    }

    private static boolean isBusy(Connection admin) {
        try {
            return one(admin, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series(1, 1000000000)%' AND pid <> pg_backend_pid()")
                    .equals("1");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void isMadeSafeAndStrict() throws Exception {
        MadeOnce.into(place.folder);
        RunningPostgres postgres = start();
        for (String setting : new String[] {"fsync", "full_page_writes", "synchronous_commit", "data_checksums"}) {
            assertThat(one(postgres, "SHOW " + setting)).as(setting).isEqualTo("on");
        }
        assertThat(one(postgres, "SHOW wal_level")).isEqualTo("logical");
        assertThat(one(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(one(postgres, "SHOW server_encoding")).isEqualTo("UTF8");
        assertThat(one(postgres, "SELECT usesuper FROM pg_user WHERE usename = current_user")).isEqualTo("f");
        try (Connection admin = DriverManager.getConnection(postgres.admin().jdbcUrl().reveal())) {
            assertThat(one(admin, "SELECT left(rolpassword, 14) FROM pg_authid WHERE rolname = 'photo-site'")).isEqualTo("SCRAM-SHA-256$");
        }
        String wrong = "jdbc:postgresql://" + postgres.endpoint().address() + "/photo-site?user=photo-site&password=guess";
        assertThatThrownBy(() -> DriverManager.getConnection(wrong)).isInstanceOf(SQLException.class).hasMessageContaining("authentication failed");
        Path secret = place.folder.secrets().resolve("postgresql-photo-site");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret))).isEqualTo("rw-------");
        assertThat(Files.readString(LogFile.in(place.folder, postgres.name()))).doesNotContain(Files.readString(secret).strip());
        postgres.stop();
    }

    @Test
    void beginsAnew_whenMakingTheDatabaseWasBrokenOff() throws Exception {
        UnpackedOnce.into(place.folder);
        Path unfinished = place.folder.postgres("db-1").resolve("data.unfinished/base/1");
        Files.createDirectories(unfinished);
        Files.writeString(unfinished.resolve("1247"), "half a file");
        RunningPostgres postgres = start();
        assertThat(one(postgres, "SELECT 1")).isEqualTo("1");
        assertThat(place.folder.postgres("db-1").resolve("data.unfinished")).doesNotExist();
        postgres.stop();
    }

    @Test
    void startsOverTheFileOfAKilledServer_whoseIdAStrangerHasNow() throws Exception {
        MadeOnce.into(place.folder);
        start().stop();
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Path pidFile = place.folder.postgres("db-1").resolve("data/postmaster.pid");
            Files.writeString(pidFile, stranger.pid() + "\n" + pidFile.getParent() + "\n1\n5432\n\n127.0.0.1\n0 0\nready\n");
            RunningPostgres postgres = start();
            assertThat(one(postgres, "SELECT 1")).isEqualTo("1");
            postgres.stop();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void replacesALostPassword() throws Exception {
        MadeOnce.into(place.folder);
        RunningPostgres first = start();
        first.stop();
        Files.delete(place.folder.secrets().resolve("postgresql-photo-site"));
        RunningPostgres second = start();
        assertThat(second.endpoint().password()).isNotEqualTo(first.endpoint().password());
        assertThat(one(second, "SELECT 1")).isEqualTo("1");
        second.stop();
    }

    @Test
    void keepsItsDatabase_whenTheSiteIsRenamed() throws Exception {
        MadeOnce.into(place.folder);
        RunningPostgres first = start();
        sql(first, "CREATE TABLE photo (id bigint)");
        first.stop();
        RunningPostgres second = new PostgresServers(place.supervisor, new SiteName("renamed"), Databases.ANY_PORT, new FreePorts()).start(PostgresServers.FIRST);
        assertThat(second.endpoint().database()).isEqualTo("photo-site");
        assertThat(one(second, "SELECT count(*) FROM photo")).isEqualTo("0");
        second.stop();
    }

    @Test
    void worksForASiteThatIsCalledLikeADatabaseOfPostgresOwn() throws Exception {
        UnpackedOnce.into(place.folder);
        RunningPostgres postgres = new PostgresServers(place.supervisor, new SiteName("postgres"), Databases.ANY_PORT, new FreePorts()).start(PostgresServers.FIRST);
        assertThat(one(postgres, "SELECT current_database() || ' ' || current_user")).isEqualTo("postgres_site postgres_site");
        postgres.stop();
    }

    @Test
    void refusesDataOfAnotherMajorVersion() throws Exception {
        UnpackedOnce.into(place.folder);
        Path data = Files.createDirectories(place.folder.postgres("db-1").resolve("data"));
        Files.writeString(data.resolve("PG_VERSION"), "15\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(BanyanException.class)
                .hasMessageContaining("was written by PostgreSQL 15 and this Banyan brings 17.");
    }

    @Test
    void refusesAPortThatIsTaken() throws Exception {
        MadeOnce.into(place.folder);
        try (ServerSocket taken = new ServerSocket(0)) {
            Database fixed = Databases.onPort(taken.getLocalPort());
            assertThatThrownBy(() -> new PostgresServers(place.supervisor, SITE, fixed, new FreePorts()).start(PostgresServers.FIRST))
                    .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_IN_USE))
                    .hasMessageContaining("port " + taken.getLocalPort() + " at 127.0.0.1 is in use");
        }
    }

    @Test
    void saysWhatPostgresSaid_whenItDoesNotStart() throws Exception {
        MadeOnce.into(place.folder);
        start().stop();
        Path conf = place.folder.postgres("db-1").resolve("data/postgresql.conf");
        Files.writeString(conf, Files.readString(conf) + "\nno_such_setting = 1\n");
        assertThatThrownBy(this::start)
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_FAILED))
                .hasMessageContaining("unrecognized configuration parameter \"no_such_setting\"");
    }

    private RunningPostgres start() throws InterruptedException {
        return new PostgresServers(place.supervisor, SITE, Databases.ANY_PORT, new FreePorts()).start(PostgresServers.FIRST);
    }

    private static void sql(RunningPostgres postgres, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.endpoint().jdbcUrl().reveal());
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static String one(RunningPostgres postgres, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.endpoint().jdbcUrl().reveal())) {
            return one(connection, query);
        }
    }

    private static String one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(query)) {
            assertThat(result.next()).as(query).isTrue();
            return result.getString(1);
        }
    }
}
