package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.topology.SiteName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Banyan is killed in the middle of its very first start; the next one ends what is left and has a database that works. */
class SuddenEndTest {
    @TempDir
    private Path temp;

    /** A moment of the first start, told by what is on disk. */
    enum Moment {
        UNPACKING(folder -> exists(folder.engines(), ".unfinished")),
        INITDB_HAS_BEGUN(folder -> exists(folder.postgres("db-1"), "data.unfinished")),
        INITDB_IS_HALFWAY(folder -> Files.exists(folder.postgres("db-1").resolve("data.unfinished/base/1/1247"))),
        ROLES_ARE_MADE(folder -> exists(folder.secrets(), "postgresql-abandoned")),
        POSTGRESQL_STARTS(folder -> Files.exists(folder.processes().resolve("db-1.json")));

        private final Predicate<StateFolder> now;

        Moment(Predicate<StateFolder> now) {
            this.now = now;
        }

        private static boolean exists(Path folder, String part) {
            try (Stream<Path> files = Files.list(folder)) {
                return files.anyMatch(file -> file.getFileName().toString().contains(part));
            } catch (IOException e) {
                return false;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingThatTheNextStartCannotMend(Moment moment) throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/environ")), "processes of another parent are found by /proc, which only Linux has");
        StateFolder folder = StateFolder.at(temp.resolve(".banyan"));
        if (moment != Moment.UNPACKING) {
            UnpackedOnce.into(folder);
        }
        Process banyan = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), Abandoned.class.getName(), folder.toString(), "postgresql")
                .redirectErrorStream(true).redirectOutput(temp.resolve("output").toFile()).start();
        try {
            Workplace.await(() -> moment.now.test(folder));
        } finally {
            Signal.KILL.send(banyan.pid());
            banyan.waitFor();
        }
        try (SiteHold hold = SiteHold.take(folder); Workplace place = new Workplace(temp)) {
            assertThat(hold).isNotNull();
            Orphans.end(folder, Clock.system());
            assertThat(Kin.of(folder, ProcessTable.ofThisMachine()).find(ProcessTable.ofThisMachine())).isEmpty();
            RunningPostgres postgres = new PostgresServers(place.supervisor, new SiteName("abandoned"),
                    Databases.ANY_PORT, new FreePorts()).start(PostgresServers.FIRST);
            try (Connection connection = DriverManager.getConnection(postgres.endpoint().jdbcUrl().reveal())) {
                assertThat(connection.isValid(5)).isTrue();
            }
            postgres.stop();
        } finally {
            Orphans.end(folder, Clock.system());
            UnpackedOnce.outOf(folder);
        }
    }
}
