package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Banyan is killed while a replica is made; the next one has the primary with all its rows, and either nothing or a whole replica. */
class SuddenEndOfACopyTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path temp;

    /** A moment, told by what is on disk. */
    enum Moment {
        THE_COPY_BEGINS(folder -> Files.exists(folder.postgres().resolve("db-2/data.unfinished"))),
        THE_COPY_IS_HALFWAY(folder -> Files.exists(folder.postgres().resolve("db-2/data.unfinished/base/5"))),
        THE_COPY_IS_WHOLE(folder -> Files.exists(folder.postgres().resolve("db-2/data"))),
        THE_REPLICA_STARTS(folder -> Files.exists(folder.processes().resolve("db-2.json"))),
        THE_REPLICA_RUNS(folder -> Files.exists(folder.postgres().resolve("db-2/data/postmaster.pid")));

        private final Predicate<StateFolder> now;

        Moment(Predicate<StateFolder> now) {
            this.now = now;
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesThePrimaryAndNothingOrAWholeReplica(Moment moment) throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/environ")), "processes of another parent are found by /proc, which only Linux has");
        StateFolder folder = StateFolder.at(temp.resolve(".banyan"));
        MadeOnce.into(folder);
        Process banyan = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), Abandoned.class.getName(), folder.toString(), "replica")
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
            PostgresServers servers = new PostgresServers(place.supervisor, MadeOnce.SITE, Databases.ANY_PORT, new FreePorts());
            assertThat(folder.postgres().resolve("db-2/data.unfinished")).doesNotExist();
            RunningPostgres primary = servers.start("db-1");
            assertThat(count(primary)).isEqualTo("130000");
            boolean whole = servers.known().equals(List.of("db-1", "db-2"));
            assertThat(primary.look(SOON).slots()).hasSize(whole ? 1 : 0);
            RunningPostgres replica = whole ? servers.start("db-2") : servers.cloneFrom("db-2", primary, Progress.NONE);
            replica.follow(primary);
            WalPosition position = primary.look(SOON).written();
            Workplace.await(() -> replica.look(SOON).replayed().compareTo(position) >= 0);
            assertThat(count(replica)).isEqualTo("130000");
            servers.stop();
        } finally {
            Orphans.end(folder, Clock.system());
            UnpackedOnce.outOf(folder);
        }
    }

    private static String count(RunningPostgres server) {
        return server.ask("SELECT count(*) FROM photo", SOON).getFirst().rows().getFirst().getFirst();
    }
}
