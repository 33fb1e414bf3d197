package dev.banyan.cli;

import dev.banyan.changes.Primary;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.postgres.Cluster;
import java.util.Optional;
import java.util.function.Supplier;

/** Whose log says what was committed: the primary's, asked itself, for the replication protocol passes through no router. */
record DatabaseLog(SiteDatabase database) implements Supplier<Optional<Primary>> {
    /** Empty while there is no primary. */
    @Override
    public Optional<Primary> get() {
        Optional<Cluster> cluster = database.router().map(SiteRouter::cluster);
        Optional<DatabaseEndpoint> as = database.logReader();
        return cluster.flatMap(now -> now.primary().flatMap(primary -> as.map(who ->
                new Primary(primary.address(), who.database(), who.user(), who.password(), who.jdbcParameters(), now.epoch()))));
    }
}
