package dev.banyan.changes;

import dev.banyan.telemetry.Counter;
import dev.banyan.telemetry.Histogram;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.Registry;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/** What a feed counts, and the levels it was last told. Any thread. */
final class Figures {
    private final Counter changes;
    private final Counter commits;
    private final Counter reconnects;
    private final Counter gaps;
    private final Counter failures;
    private final Histogram delay;
    private volatile long lagBytes;
    private volatile long keptBytes;
    private volatile Duration lag = Duration.ZERO;

    Figures(Registry registry, String slot) {
        Labels labels = Labels.of("slot", slot);
        changes = registry.counter("banyan_changes_told_total", "Changes of rows told to the listener.", labels);
        commits = registry.counter("banyan_changes_commits_total", "Transactions told whole.", labels);
        reconnects = registry.counter("banyan_changes_reconnects_total", "Connections to the log that ended and were made again.", labels);
        gaps = registry.counter("banyan_changes_gaps_total", "Gaps told: the slot was new, gone or given up.", labels);
        failures = registry.counter("banyan_changes_listener_failures_total", "What the listener threw; told again each time.", labels);
        delay = registry.histogram("banyan_changes_delay_seconds", "From a commit, by the server's clock, to the end of its telling.", labels);
        registry.gauge("banyan_changes_lag_bytes", "Log of the server that is not told yet.", labels, () -> lagBytes);
        registry.gauge("banyan_changes_wal_kept_bytes", "Log the server keeps for the slot.", labels, () -> keptBytes);
    }

    void told(int changesTold, boolean whole, Duration since) {
        changes.add(changesTold);
        if (whole) {
            commits.increment();
            lag = since.isNegative() ? Duration.ZERO : since;
            delay.record(lag.toNanos());
        }
    }

    void reconnected() {
        reconnects.increment();
    }

    void gap() {
        gaps.increment();
    }

    void listenerFailed() {
        failures.increment();
    }

    void levels(long notTold, long kept) {
        lagBytes = Math.max(0, notTold);
        keptBytes = Math.max(0, kept);
    }

    long lagBytes() {
        return lagBytes;
    }

    long keptBytes() {
        return keptBytes;
    }

    Duration lag() {
        return lag;
    }

    static String show(long lsn) {
        return LogSequenceNumber.valueOf(lsn).asString();
    }
}
