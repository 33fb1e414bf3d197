package dev.banyan.bench.pgjdbc;

import dev.banyan.bench.postgres.ServerUnderTest;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.topology.Secret;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Makes of an embedded PostgreSQL what the tests expect to find: their roles, their database and the extensions that some of them use. */
final class SuiteServer {
    /** The superuser postgres' password; the tests' own user is test with password test. */
    static final String PRIVILEGED = "postgres";

    private static final String DATABASE = "test";

    private SuiteServer() {}

    static void prepare(ServerUnderTest server) throws SQLException {
        DatabaseEndpoint admin = server.admin();
        server.run(admin, List.of(
                "CREATE ROLE postgres SUPERUSER REPLICATION LOGIN PASSWORD '" + PRIVILEGED + "'",
                "CREATE ROLE test CREATEDB LOGIN PASSWORD 'test'",
                "CREATE DATABASE " + DATABASE + " OWNER test",
                // Thousands of small tables are made and dropped; nothing of them is kept.
                "ALTER SYSTEM SET fsync = off",
                // The tests make users with MD5 verifiers too: by this method each user is asked in the way that its verifier allows.
                "DO $$ BEGIN EXECUTE format('COPY (VALUES (''host all all 127.0.0.1/32 md5''), (''host replication all 127.0.0.1/32 md5'')) TO %L', current_setting('hba_file')); END $$",
                "SELECT pg_reload_conf()"));
        server.run(database(admin), List.of("CREATE EXTENSION hstore", "CREATE EXTENSION citext", "CREATE EXTENSION sslinfo"));
    }

    /** The tests' database as superuser postgres. */
    static DatabaseEndpoint privileged(DatabaseEndpoint admin) {
        return new DatabaseEndpoint(admin.address(), "postgres", new Secret(PRIVILEGED), DATABASE, Map.of());
    }

    private static DatabaseEndpoint database(DatabaseEndpoint admin) {
        return new DatabaseEndpoint(admin.address(), admin.user(), admin.password(), DATABASE, admin.parameters());
    }
}
