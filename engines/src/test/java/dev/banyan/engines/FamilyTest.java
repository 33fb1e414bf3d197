package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FamilyTest {
    @TempDir
    private Path temp;

    private Workplace place;

    @BeforeEach
    void open() {
        place = new Workplace(temp);
    }

    @AfterEach
    void close() {
        place.close();
    }

    @Test
    void allOfAServerIsStoppedAndGoesOn_itsChildrenToo() {
        place.sh("web-1", "(sleep 60; true) & (sleep 61; true) & wait");
        Workplace.await(() -> size("web-1") == 5);
        Family family = Family.of(place.folder, "web-1").orElseThrow();
        assertThat(family.stop()).isEqualTo(5);
        Workplace.await(() -> states(family).equals(List.of("T", "T", "T", "T", "T")));
        assertThat(family.runs()).as("a stopped one runs").isTrue();
        assertThat(family.resume()).isEqualTo(5);
        Workplace.await(() -> states(family).stream().noneMatch("T"::equals));
    }

    @Test
    void whatIsKilledIsStartedAgainByItsSupervisor_asAnother() {
        place.sh("web-1", "(sleep 60; true) & wait");
        Workplace.await(() -> size("web-1") == 3);
        Family before = Family.of(place.folder, "web-1").orElseThrow();
        assertThat(before.kill()).isEqualTo(3);
        Workplace.await(() -> Family.of(place.folder, "web-1").filter(now -> before.isFollowedBy(now) && now.runs()).isPresent());
        assertThat(before.runs()).isFalse();
        assertThat(before.stop()).as("it is not the new one that is stopped").isZero();
        assertThat(before.resume()).isZero();
    }

    @Test
    void aServerThatIsNotOnRecordIsNone() {
        assertThat(Family.of(place.folder, "web-7")).isEmpty();
        assertThat(Family.all(place.folder)).isEmpty();
    }

    @Test
    void theDiskOfPostgresIsFull_itsWritesFail_andItComesBackWhole() throws Exception {
        assumeTrue(FileLimit.available(), "prlimit(2) is Linux'");
        MadeOnce.into(place.folder);
        PostgresServers servers = new PostgresServers(place.supervisor, MadeOnce.SITE, Databases.ANY_PORT, new FreePorts());
        try {
            RunningPostgres server = servers.start("db-1");
            Sql.run(server, "CREATE TABLE photo (id bigint)");
            Sql.run(server, "INSERT INTO photo VALUES (1)");
            Family family = Family.of(place.folder, "db-1").orElseThrow();
            assertThat(family.canFillDisk()).isTrue();
            assertThat(family.fillDisk()).isGreaterThan(5);
            assertThatThrownBy(() -> Sql.run(server, "INSERT INTO photo VALUES (2)")).isInstanceOf(SQLException.class);
            Workplace.await(() -> !family.runs());
            System.out.println("a full disk of one server: " + server.lastEnd().orElse("?") + "; " + server.recentLines(12));
            Workplace.await(() -> server.alive() && server.answers());
            assertThat(Sql.one(server, "SELECT count(*) FROM photo WHERE id = 1")).isEqualTo("1");
            Sql.run(server, "INSERT INTO photo VALUES (3)");
            Family again = Family.of(place.folder, "db-1").orElseThrow();
            again.fillDisk();
            again.emptyDisk();
            Sql.run(server, "INSERT INTO photo VALUES (4)");
        } finally {
            servers.stop();
            Orphans.end(place.folder, Clock.system());
        }
    }

    @Test
    void othersThanPostgresWouldBeKilled_soTheirDiskCannotBeFull() {
        place.sh("web-1", "sleep 60");
        Workplace.await(() -> size("web-1") > 0);
        assertThat(Family.of(place.folder, "web-1").orElseThrow().canFillDisk()).isFalse();
    }

    private int size(String name) {
        return Family.of(place.folder, name).map(Family::resume).orElse(0);
    }

    private List<String> states(Family family) {
        return ProcessHandle.of(family.head()).stream().flatMap(head -> java.util.stream.Stream.concat(java.util.stream.Stream.of(head), head.descendants())).map(process -> state(process.pid())).toList();
    }

    private static String state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[0];
        } catch (IOException gone) {
            return "gone";
        }
    }
}
