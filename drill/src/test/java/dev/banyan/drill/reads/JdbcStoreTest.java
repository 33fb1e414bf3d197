package dev.banyan.drill.reads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.engines.PostgresServers;
import dev.banyan.engines.RunningPostgres;
import dev.banyan.engines.StateFolder;
import dev.banyan.engines.Supervisor;
import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The counters in a real PostgreSQL. */
class JdbcStoreTest {
    @TempDir
    private Path folder;

    @Test
    void aServerThatWasLostMeanwhileIsNotAskedWhatItRead() throws Exception {
        Topology site = SiteFile.read("site: reads\napplication: { command: [none] }\ndatabase: { kind: postgresql, port: 0 }\n", _ -> Optional.empty()).orThrow("reads");
        try (Loops loops = Loops.open(IoKind.NIO, 1)) {
            Supervisor supervisor = new Supervisor(StateFolder.at(folder), loops.blocking(), Clock.system(), Loops.random(), _ -> {});
            PostgresServers servers = new PostgresServers(supervisor, site.site(), site.database(), new FreePorts());
            RunningPostgres server = servers.start(PostgresServers.FIRST);
            try {
                Secret url = server.endpoint().url();
                Secret gone = new Secret("postgresql://u:p@127.0.0.1:" + new FreePorts().next() + "/d");
                ReadYourWritesOptions options = new ReadYourWritesOptions(url, 1, 1, Duration.ofMinutes(1), 0, 0, 0,
                        List.of(new ReadYourWritesOptions.Server("db-1", url), new ReadYourWritesOptions.Server("db-2", gone)), Optional.empty());
                JdbcStore store = JdbcStore.of(options, new Hasty());
                store.prepare(1);
                assertThat(store.readsByServer()).containsOnlyKeys("db-1");
                store.remove();
            } finally {
                servers.stop();
            }
        }
    }

    /** Does not wait for figures to come to rest. */
    private static final class Hasty implements Clock {
        @Override
        public long nanos() {
            return Clock.system().nanos();
        }

        @Override
        public Instant now() {
            return Clock.system().now();
        }

        @Override
        public void sleep(Duration time) {
            // no figure is looked at
        }
    }
}
