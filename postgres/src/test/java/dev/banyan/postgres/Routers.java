package dev.banyan.postgres;

import dev.banyan.topology.DatabaseRouter;
import dev.banyan.topology.DatabaseRouter.Reads;
import dev.banyan.topology.file.SiteFile;
import java.util.Optional;

/** Router settings for tests: the site file's defaults, and what is changed. */
final class Routers {
    private Routers() {}

    static DatabaseRouter defaults() {
        return SiteFile.read("site: test\napplication: {servers: ['http://web:1']}\n", _ -> Optional.empty()).orThrow("test").database().router();
    }

    /** With that many prepared statements at a server connection. */
    static DatabaseRouter keeping(int statements) {
        DatabaseRouter base = defaults();
        return new DatabaseRouter(base.listen(), base.tls(), base.usersFile(), base.mode(), base.clients(), base.pool(), base.reads(), statements, base.statement(), base.slow());
    }

    static DatabaseRouter with(DatabaseRouter.Pool pool) {
        DatabaseRouter base = defaults();
        return new DatabaseRouter(base.listen(), base.tls(), base.usersFile(), base.mode(), base.clients(), pool, base.reads(), base.preparedStatements(), base.statement(), base.slow());
    }

    static DatabaseRouter with(DatabaseRouter.Mode mode) {
        DatabaseRouter base = defaults();
        return new DatabaseRouter(base.listen(), base.tls(), base.usersFile(), mode, base.clients(), base.pool(), base.reads(), base.preparedStatements(), base.statement(), base.slow());
    }

    static DatabaseRouter with(Reads reads) {
        DatabaseRouter base = defaults();
        return new DatabaseRouter(base.listen(), base.tls(), base.usersFile(), base.mode(), base.clients(), base.pool(), reads, base.preparedStatements(), base.statement(), base.slow());
    }
}
