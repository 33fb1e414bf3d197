package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of 200 MB in memory that fills up. Needs root, which alone can mount one. */
class FullDiskTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int DISK_MB = 200;

    @TempDir
    private Path temp;

    private Path disk;
    private Workplace place;
    private PostgresServers servers;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(new UnixSystem().getUid() == 0, "only root can mount a small disk");
        disk = Files.createDirectory(temp.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MB + "m", "tmpfs", disk.toString()) == 0, "a small disk cannot be mounted here");
        place = new Workplace(disk);
        MadeOnce.into(place.folder);
        servers = new PostgresServers(place.supervisor, MadeOnce.SITE, Databases.ANY_PORT, new FreePorts());
    }

    @AfterEach
    void close() throws Exception {
        if (place != null) {
            servers.stop();
            Orphans.end(place.folder, Clock.system());
            place.close();
            assertThat(run("umount", disk.toString())).isZero();
        }
    }

    @Test
    void aCopyThatWouldNotLeaveRoomForTheRunningServersIsRefusedWithTheNumbers() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        fillUpTo(150);
        assertThatThrownBy(() -> servers.cloneFrom("db-2", primary, Progress.NONE))
                .isInstanceOfSatisfying(BanyanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK))
                .hasMessageMatching("the disk that holds .*db-2 has 1[3-5]\\d MB free; the copy needs \\d+ MB more and 134 MB are left to the running servers; .*");
        assertThat(servers.known()).containsExactly("db-1");
        assertThat(place.folder.postgres().resolve("db-2/data.unfinished")).doesNotExist();
        assertThat(primary.look(SOON).slots()).isEmpty();
    }

    @Test
    void aServerThatFillsTheDiskLosesNothing_saysSo_andComesBackWhenThereIsRoom() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        Sql.run(primary, "CREATE TABLE photo (id bigint)");
        fillUpTo(20);
        int acknowledged = insertUntilItFails(primary);
        Workplace.await(() -> place.events.stream().anyMatch(event -> event.sentence().contains("is full (")));
        String said = place.events.stream().map(ProcessEvent::sentence).filter(sentence -> sentence.contains("is full (")).findFirst().orElseThrow();
        System.out.println("a full disk: " + said);
        assertThat(said).contains(" of 209 MB free now").contains("make room");
        Files.delete(disk.resolve("ballast"));
        Workplace.await(() -> primary.alive() && primary.answers());
        assertThat(Integer.parseInt(Sql.one(primary, "SELECT count(*) FROM photo"))).isGreaterThanOrEqualTo(acknowledged);
        Sql.run(primary, "INSERT INTO photo VALUES (1)");
    }

    private static int insertUntilItFails(RunningPostgres primary) throws SQLException {
        int acknowledged = 0;
        try (Connection connection = Sql.open(primary.endpoint()); Statement statement = connection.createStatement()) {
            for (; acknowledged < 1000; acknowledged++) {
                statement.execute("INSERT INTO photo VALUES (1)");
                // What fills the disk is the log: it cannot wait, where a table's growth is an error of its own statement.
                statement.execute("SELECT pg_logical_emit_message(false, 'ballast', repeat('x', 1000000))");
            }
        } catch (SQLException full) {
            return acknowledged;
        }
        throw new AssertionError("the disk never filled");
    }

    /** Leaves so many megabytes. */
    private void fillUpTo(long megabytes) throws IOException {
        long free = Files.getFileStore(disk).getUsableSpace();
        try (RandomAccessFile ballast = new RandomAccessFile(disk.resolve("ballast").toFile(), "rw")) {
            byte[] block = new byte[1 << 20];
            for (long left = free - (megabytes << 20); left > 0; left -= block.length) {
                ballast.write(block, 0, (int) Math.min(left, block.length));
            }
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
