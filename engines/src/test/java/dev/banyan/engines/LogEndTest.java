package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a real server's log ends. */
class LogEndTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private Workplace place;
    private PostgresServers servers;

    @BeforeEach
    void open() throws IOException {
        place = new Workplace(folder);
        MadeOnce.into(place.folder);
        servers = new PostgresServers(place.supervisor, MadeOnce.SITE, Databases.ANY_PORT, new FreePorts());
    }

    @AfterEach
    void close() throws IOException {
        servers.stop();
        Orphans.end(place.folder, Clock.system());
        place.close();
        UnpackedOnce.outOf(place.folder);
    }

    @Test
    void aPrimaryThatWasStoppedEndsBehindItsLastCheckpoint_andItsStandbyHasAllOfIt() throws Exception {
        RunningPostgres primary = servers.start("db-1");
        RunningPostgres standby = servers.cloneFrom("db-2", primary, Progress.NONE);
        Sql.run(primary, "CREATE TABLE t AS SELECT generate_series(1, 10000)");
        WalPosition written = primary.look(SOON).written();
        primary.stop();
        WalPosition end = servers.logEnd("db-1").orElseThrow();
        assertThat(end.bytes()).isGreaterThan(written.bytes()).isLessThan(written.bytes() + 100_000);
        assertThat(standby.look(SOON).written()).as("sent before it ended").isGreaterThanOrEqualTo(end);

        RunningPostgres again = servers.start("db-1");
        assertThat(again.look(SOON).written().bytes()).as("goes on at the next place that is aligned").isGreaterThanOrEqualTo(end.bytes());
        again.fence();
        assertThat(servers.logEnd("db-1")).as("killed").isEmpty();
        standby.stop();
        assertThat(servers.logEnd("db-2")).as("a standby's log ends where its primary's does").isEmpty();
    }
}
