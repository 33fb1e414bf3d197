package dev.banyan.console.monitoring;

import dev.banyan.telemetry.slo.BurnRule;
import dev.banyan.telemetry.slo.Objective;
import dev.banyan.topology.Durations;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The alerts of a site: those of its promises, and those of what usually goes wrong with its parts. */
public final class Alerts {
    private static final String PAGE = "page";
    private static final String TICKET = "ticket";

    private static final List<Alert> PARTS = List.of(
            new Alert("BanyanAway", PAGE, "up{job=\"banyan\"} == 0", "1m", "Banyan at {{ $labels.instance }} does not answer.",
                    "See whether its process runs and what .banyan/logs/banyan.log says last; 'banyan up' starts it again and takes over what an earlier one left. Users come in through it: while it is away they are refused.",
                    "kill -9 the pid of .banyan/running.json"),
            new Alert("BanyanServerOut", TICKET, "banyan_server_state == 2 or banyan_server_state == 3", "1m", "{{ $labels.server }} gets no requests: it is sick or ejected.",
                    "'banyan status' says why; 'banyan logs {{ $labels.server }}' what it wrote. Others carry its load meanwhile: look at their requests in flight.", "banyan fault stop web-1 --for 2m"),
            new Alert("BanyanServersAllOut", PAGE, "count(banyan_server_state == 1 or banyan_server_state == 0) == 0 or (count(banyan_server_state) unless count(banyan_server_state == 1 or banyan_server_state == 0)) > 0", "30s",
                    "No server of the application can answer.", "'banyan status' and the servers' logs; a deploy of what ran before is 'banyan deploy'. If all fail alike, look at what they share: the database, the cache.", "banyan fault stop web-1 --for 2m, at stage 1"),
            new Alert("BanyanNoPrimary", PAGE, "banyan_database_primary == 0", "30s", "The database has no primary: writes wait, then fail.",
                    "A replica is promoted by itself within seconds where there are some; the Decisions say what holds it up. With a single server: 'banyan logs db-1', and whether its disk is full.", "banyan drill primary; for longer than 30 s: banyan fault stop db-1 --for 2m, at stage 3"),
            new Alert("BanyanReplicaBehind", TICKET, "banyan_replica_lag_seconds > 30", "1m", "{{ $labels.server }} is {{ $value | humanizeDuration }} behind the primary.",
                    "It gets no reads meanwhile. Long statements at the replica hold its replay up ('banyan psql': pg_stat_activity there), as do a slow disk and heavy writes.", "banyan fault stop db-2 --for 3m"),
            new Alert("BanyanWritesBehind", PAGE, "banyan_journal_lag_seconds > 60", "1m", "Acknowledged writes have waited {{ $value | humanizeDuration }} for the database.",
                    "They are safe on disk and go on when the database takes them. See whether it has a primary and what its log says; when the journal is full (cache.write-behind.journal) writes are refused.", "banyan fault stop db-1 --for 3m, while 'banyan load' runs at stage 5"),
            new Alert("BanyanWritesRefusedByDatabase", TICKET, "increase(banyan_journal_dead_letters_total[1h]) > 0", "", "The database has refused writes that were acknowledged.",
                    "They are rows of banyan.dead_letters with the reason: mend the cause, write them again, delete them.", "banyan psql -c 'ALTER TABLE photo_counts ADD CHECK (likes < 0) NOT VALID', then like a photo"),
            new Alert("BanyanCacheNodeDown", TICKET, "banyan_cache_nodes_down > 0", "30s", "{{ $value }} nodes of the cache cannot be reached.",
                    "Reads of their keys go to the database: look at its load. 'banyan logs cache-1' says why a node ended; it is started again by itself.", "banyan drill cache-node; banyan fault stop cache-1 --for 2m"),
            new Alert("BanyanCacheWrong", TICKET, "increase(banyan_cache_different_total[1h]) > 0", "", "The cache has shown other values of {{ $labels.prefix }} than the database.",
                    "A change went past the declared tables: see evicted-by of the prefix in the site file, and 'banyan explain key'. Until then a ttl bounds how long it lasts.", "banyan drill cache"),
            new Alert("BanyanEdgeSilent", TICKET, "banyan_edge_answers == 0", "30s", "{{ $labels.edge }} does not answer its checks.",
                    "New connections pass it by. 'banyan status' and 'banyan logs banyan' say why; 'banyan shrink' and 'banyan grow' make it anew.", "banyan drill edge"),
            new Alert("BanyanWalKept", PAGE, "banyan_changes_wal_kept_bytes > 4e9", "5m", "The database keeps {{ $value | humanize1024 }}B of log for {{ $labels.slot }}.",
                    "The reader of the log has not come on: it fills the database's disk. See banyan_changes_reconnects_total and 'banyan logs banyan'; a slot that nobody reads any more is dropped with pg_drop_replication_slot.", "none yet that lasts: banyan drill cache shows the reader come on after each loss; promtool sees the rule itself begin"),
            new Alert("BanyanDiskFilling", PAGE, "banyan_disk_free_bytes / banyan_disk_size_bytes < 0.1", "5m", "The disk of .banyan has {{ $value | humanizePercentage }} left.",
                    "Databases, logs and journals lie there; when it is full writes fail. Old logs, responses of edges (edge.disk) and kept log of the database are the first to look at: du -sh .banyan/*.", "banyan fault full-disk db-1; else: fallocate -l SIZE .banyan/ballast"),
            new Alert("BanyanCertificateEnding", TICKET, "banyan_certificate_ends_seconds - time() < 14 * 86400", "1h", "The certificate of {{ $labels.door }} ends in {{ $value | humanizeDuration }}.",
                    "Put a new one in place of its files: it is read at once, nothing is started anew. One that Banyan made is made anew at the next start within its last month.", "openssl req -x509 -newkey rsa:2048 -nodes -days 13 -subj /CN=localhost -keyout site.key -out site.pem"),
            new Alert("BanyanLogLinesLost", TICKET, "increase(banyan_log_lines_dropped_total[10m]) > 0", "", "The log {{ $labels.log }} has lost lines.",
                    "More was written than its disk takes: see the disk, or turn front-door.access-log off.", "banyan load --for 60s, with .banyan/logs on a slow disk"),
            new Alert("BanyanBug", TICKET, "increase(banyan_http_bugs_total[1h]) > 0", "", "The front door has closed connections by a fault of its own.",
                    "'banyan logs banyan' has the error with its place: please report it.", "none: nothing is known that does; promtool sees the rule itself begin"));

    private Alerts() {}

    /** All, those of the promises first. */
    public static List<Alert> of(List<Objective> promises) {
        List<Alert> all = new ArrayList<>();
        for (Objective promise : promises) {
            BurnRule.ALL.forEach(rule -> all.add(burn(promise, rule)));
        }
        all.addAll(PARTS);
        return List.copyOf(all);
    }

    private static Alert burn(Objective promise, BurnRule rule) {
        String over = Durations.format(rule.over());
        String still = Durations.format(rule.still());
        String slo = "{slo=\"" + promise.name() + "\"}";
        String most = BigDecimal.valueOf(rule.factor()).multiply(BigDecimal.ONE.subtract(BigDecimal.valueOf(promise.target()))).stripTrailingZeros().toPlainString();
        String expression = "banyan_slo:bad_answers:ratio_rate" + over + slo + " > " + most + " and banyan_slo:bad_answers:ratio_rate" + still + slo + " > " + most
                + " and sum by (slo) (increase(banyan_slo_bad_answers_total" + slo + "[" + over + "])) >= " + BurnRule.LEAST_BAD;
        boolean latency = promise.kind() == Objective.Kind.LATENCY;
        return new Alert("BanyanBudget" + (latency ? "Latency" : "Availability") + over, rule.severity(), expression, "",
                "Users are promised that " + promise.sentence() + ": the budget goes more than " + BigDecimal.valueOf(rule.factor()).stripTrailingZeros().toPlainString() + " times as fast as it may (over " + over + " and " + still + ").",
                "See which arrow of the console fails or is slow, and what changed: Decisions, deploys, load. " + (latency ? "'banyan status' shows whose p99 it is." : "'banyan logs access' has each failed request."),
                latency ? "banyan fault latency 'front-door>web-1' --latency 2s --for 10m" : "banyan drill application; for long enough: banyan fault stop web-1 --for 10m");
    }
}
