package dev.banyan.bench.postgres;

import dev.banyan.bench.bed.Measured;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.TestBed;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;

/**
 * pgbench's reads through Banyan's router before a primary and one, two and three replicas: how many a second, and what share each server did, by
 * the servers' own count. On one machine more replicas are no more hardware: the shares are the result.
 */
final class ReplicaReads {
    private static final int MOST_REPLICAS = 3;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final TestBed bed;
    private final ServerUnderTest server;
    private final List<DatabaseEndpoint> members = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    /** @param reads by server, the primary first */
    private record Finding(int replicas, Measured measured, Map<String, Long> reads) {
        double share(String name) {
            return (double) reads.get(name) / Math.max(1, reads.values().stream().mapToLong(Long::longValue).sum());
        }
    }

    ReplicaReads(TestBed bed, ServerUnderTest server) {
        this.bed = bed;
        this.server = server;
        members.add(server.endpoint());
    }

    /** Does what is measured, with a router at this address. */
    @FunctionalInterface
    interface Load {
        Measured through(HostPort router, Program program) throws IOException, InterruptedException;
    }

    /**
     * @param core which the router is pinned to
     * @param load pgbench, for a while
     */
    void measure(int core, Load load) throws IOException, InterruptedException, SQLException {
        for (int replicas = 1; replicas <= MOST_REPLICAS; replicas++) {
            System.err.printf("reads with %d of %d replicas%n", replicas, MOST_REPLICAS);
            members.add(server.replica());
            int port = TestBed.freePort();
            DatabaseEndpoint admin = server.admin();
            LoneRouter.Told told = new LoneRouter.Told(port, "transaction", PostgresBench.POOL, members.stream().map(member -> member.address().port()).toList(), admin.user(),
                    admin.password(), server.endpoint().database());
            Map<String, Long> before = scans();
            Measured measured;
            try (Program router = Program.start(bed, core, "router-" + replicas, LoneRouter.command(told, bed.folder().resolve("router-" + replicas + ".properties")))) {
                awaitReplicas(port, replicas, router);
                measured = load.through(new HostPort("127.0.0.1", port), router);
            }
            findings.add(new Finding(replicas, measured, awaitScans(before, measured.requests())));
        }
    }

    /** A replica gets reads when the router has seen that it is where the primary was; the router says so itself. */
    private void awaitReplicas(int port, int replicas, Program router) throws IOException, InterruptedException {
        DatabaseEndpoint admin = server.admin();
        DatabaseEndpoint own = new DatabaseEndpoint(new HostPort("127.0.0.1", port), admin.user(), admin.password(), "banyan", Map.of("preferQueryMode", "simple"));
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (reading(own) < replicas) {
            if (System.nanoTime() - until > 0) {
                throw new IOException("after " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s not all " + replicas + " replicas get reads; the router said: " + router.log());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static int reading(DatabaseEndpoint router) {
        try (Connection connection = DriverManager.getConnection(router.jdbcUrl().reveal());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW MEMBERS")) {
            int reading = 0;
            while (row.next()) {
                reading += row.getString("role").equals("replica") && row.getString("gets_reads").equals("yes") ? 1 : 0;
            }
            return reading;
        } catch (SQLException e) {
            return 0; // it is starting
        }
    }

    /** A server session passes on what it has counted when it ends: after the router has. */
    private Map<String, Long> awaitScans(Map<String, Long> before, long reads) throws SQLException, InterruptedException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            Map<String, Long> now = scans();
            before.forEach((name, count) -> now.merge(name, -count, Long::sum));
            if (now.values().stream().mapToLong(Long::longValue).sum() >= reads || System.nanoTime() - until > 0) {
                return now;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private Map<String, Long> scans() throws SQLException {
        Map<String, Long> scans = new LinkedHashMap<>();
        for (DatabaseEndpoint member : members) {
            try (Connection connection = DriverManager.getConnection(member.jdbcUrl().reveal());
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_user_tables WHERE relname = 'pgbench_accounts'")) {
                row.next();
                scans.put("db-" + (scans.size() + 1), row.getLong(1));
            }
        }
        return scans;
    }

    String table() {
        StringBuilder table = new StringBuilder(String.format("%nreads through banyan, %s, by who did them (db-1 is the primary):%n", QueryMode.EXTENDED.word()));
        for (Finding finding : findings) {
            table.append(String.format(Locale.ROOT, "  %d replica%s %10.0f tps   %s%n", finding.replicas(), finding.replicas() == 1 ? " " : "s",
                    finding.measured().requests() / finding.measured().seconds(),
                    finding.reads().keySet().stream().map(name -> String.format(Locale.ROOT, "%s %.1f %%", name, 100 * finding.share(name))).collect(Collectors.joining("  "))));
        }
        return table.toString();
    }

    /** Adds {@code {"replicas","rps","shares":{"db-1":0.0,..}}} for each. */
    void json(ArrayNode into) {
        for (Finding finding : findings) {
            var row = into.addObject().put("replicas", finding.replicas()).put("rps", Math.round(finding.measured().requests() / finding.measured().seconds())).putObject("shares");
            finding.reads().keySet().forEach(name -> row.put(name, Math.round(finding.share(name) * 1000) / 1000.0));
        }
    }
}
