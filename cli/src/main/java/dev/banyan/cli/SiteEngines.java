package dev.banyan.cli;

import dev.banyan.control.Engines;
import dev.banyan.engines.AttachedDatabase;
import dev.banyan.engines.EmbeddedPostgres;
import dev.banyan.engines.FreePorts;
import dev.banyan.engines.RunningPostgres;
import dev.banyan.engines.Supervisor;
import dev.banyan.topology.Database;
import dev.banyan.topology.Secret;
import dev.banyan.topology.SiteName;
import java.util.Map;
import java.util.Optional;

/** The database, embedded or attached, for control and for the application's environment. Safe for any thread. */
final class SiteEngines implements Engines {
    private final Supervisor supervisor;
    private final SiteName site;
    private final FreePorts ports;
    private volatile RunningPostgres postgres;

    SiteEngines(Supervisor supervisor, SiteName site, FreePorts ports) {
        this.supervisor = supervisor;
        this.site = site;
        this.ports = ports;
    }

    @Override
    public synchronized void startDatabase(Database database) throws InterruptedException {
        if (postgres == null) {
            postgres = EmbeddedPostgres.start(supervisor, site, database, ports);
        }
    }

    @Override
    public synchronized void stopDatabase() {
        if (postgres != null) {
            postgres.stop();
            postgres = null;
        }
    }

    /** The embedded one, when it runs. */
    Optional<RunningPostgres> postgres() {
        return Optional.ofNullable(postgres);
    }

    /** What an application is told of its database; nothing when it needs none. */
    Map<String, Secret> variables(Database database) {
        return switch (database.kind()) {
            case NONE -> Map.of();
            case POSTGRESQL -> database.url().map(url -> AttachedDatabase.endpoints(url).getFirst())
                    .or(() -> postgres().map(RunningPostgres::endpoint))
                    .orElseThrow(() -> new IllegalStateException("the database is started before the application"))
                    .variables();
        };
    }
}
