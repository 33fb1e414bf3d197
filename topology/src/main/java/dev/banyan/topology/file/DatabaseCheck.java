package dev.banyan.topology.file;

import dev.banyan.topology.Database;
import dev.banyan.topology.DatabaseRouter.Pool;
import dev.banyan.topology.Stage;
import java.util.List;
import java.util.stream.Stream;

/** What must hold between the keys of the database. */
record DatabaseCheck(Database database, Findings findings) {
    /** The keys below {@code database} that mean something only when there is one. */
    private static final List<String> ALL = List.of("database.url", "database.port", "database.replicas", "database.router", "database.failover");

    /** Keys of the servers that Banyan runs itself. */
    private static final List<String> EMBEDDED_ONLY = List.of("database.port", "database.replicas", "database.failover.promote", "database.failover.synchronous");

    void check() {
        if (database.kind() == Database.Kind.NONE && known("database.kind")) {
            ALL.stream().filter(findings::given)
                    .forEach(path -> problem(path, "has no effect while database.kind is none: write kind: postgresql, or remove it"));
            return;
        }
        if (findings.given("database.url")) {
            EMBEDDED_ONLY.stream().filter(findings::given).forEach(path -> problem(path,
                    "is for embedded PostgreSQL servers, but database.url names servers that someone else runs, and their roles are followed, never changed: remove one of them"));
        }
        pool(database.router().pool());
        if (database.failover().synchronous() && findings.given("database.failover.synchronous") && database.url().isEmpty() && database.replicas() < 2 && known("database.replicas")) {
            findings.warning("database.failover.synchronous", "has no effect with database.replicas " + database.replicas()
                    + ": commits wait for a replica only while there are two or more, so that the loss of one never stops writes");
        }
    }

    /** What the file asks for that its stage does not do yet. */
    void stage(Stage stage) {
        int hosts = hosts();
        if (stage.atLeast(Stage.REPLICATION)) {
            if (database.kind() == Database.Kind.POSTGRESQL && database.url().isEmpty() && database.replicas() == 0 && known("database.replicas")) {
                findings.warning("database.replicas", "is 0, so stage " + stage.number() + " has no replica to read from or to promote");
            }
        } else if (hosts > 1 && known("database.url")) {
            findings.warning("database.url", "names " + hosts + " servers, but stage " + stage.number()
                    + " uses only the primary among them; replicas get reads from stage 4: write stage: 4, or 'banyan grow'");
        } else if (findings.given("database.replicas") && known("database.replicas") && database.replicas() > 0 && database.url().isEmpty() && database.kind() == Database.Kind.POSTGRESQL) {
            findings.warning("database.replicas", "is " + database.replicas() + ", but stage " + stage.number() + " runs none; they run from stage 4: write stage: 4, or 'banyan grow'");
        }
    }

    private void pool(Pool pool) {
        String min = "database.router.pool.min";
        String size = "database.router.pool.size";
        String perServer = "database.router.pool.per-server";
        if (Stream.of(min, size, perServer).anyMatch(findings::bad)) {
            return;
        }
        if (pool.min() > pool.size()) {
            problem(findings.given(min) ? min : size, "keeps at least " + pool.min() + " connections open of at most " + pool.size() + ": pool.min must not be greater than pool.size");
        }
        if (pool.size() > pool.perServer()) {
            problem(findings.given(size) ? size : perServer, "allows " + pool.size() + " connections for each user and database, but only " + pool.perServer()
                    + " to a server in all: pool.size must not be greater than pool.per-server");
        }
    }

    /** How many servers the URL names; libpq's form puts commas between them. */
    private int hosts() {
        return database.url().map(url -> {
            String authority = url.reveal().replaceFirst("^[a-z]+://", "").replaceFirst("/.*", "");
            return (int) authority.substring(authority.lastIndexOf('@') + 1).chars().filter(c -> c == ',').count() + 1;
        }).orElse(0);
    }

    private boolean known(String path) {
        return !findings.bad(path);
    }

    private void problem(String path, String message) {
        if (known(path)) {
            findings.problem(findings.at(path), path, message);
        }
    }
}
